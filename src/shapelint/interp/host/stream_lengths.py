"""How many turns a Stream has that is made of others: what is known is whether there is certainly one.

The length of a Stream is a number (or a symbol), None for data, which is taken to have at least one turn, or an Unknown where
there may be none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapelint import dims
from shapelint.values import Stream, Unknown


def runs(stream: Stream) -> bool:
    """A loop over data is taken to turn at least once: what it assigns is assigned behind it. Not so one whose number of
    turns is a number of the program's own, like `range(n)`."""
    length = stream.length
    if isinstance(length, Unknown):
        return False
    return length is None or dims.less(0, length).yes


def where(certain: bool, why: str) -> Unknown | None:
    """The length of a Stream that certainly has a turn, or of one that may have none."""
    return None if certain else Unknown(why)


def shortest(streams: list[Stream], others: bool) -> Any:
    """As many turns as the shortest has. `others` tells of columns with items left whose number is known."""
    first = streams[0].length
    if not others and all(s.length is first or _equal(s.length, first) for s in streams):
        return first
    return where(all(map(runs, streams)), streams[0].why)


def _equal(a: Any, b: Any) -> bool:
    return not isinstance(a, Unknown) and not isinstance(b, Unknown) and a is not None and a == b


def any_runs(parts: Iterable[Any]) -> bool:
    """Whether one of several iterables, lists of items or Streams, certainly has an item."""
    return any(runs(part) if isinstance(part, Stream) else bool(part) for part in parts)
