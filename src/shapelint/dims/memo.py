"""Tables of remembered answers, and the one place that empties them.

Knows nothing of what it remembers.  A table only ever holds what could be computed again, so emptying it is
always allowed; it empties itself when it grows past `LIMIT`, because a long-lived process (an editor) must
not keep every size it has ever seen.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar
from weakref import ref

LIMIT = 100_000

K = TypeVar("K")
V = TypeVar("V")

_tables: list[dict[Any, Any]] = []


class Table(dict[K, V], Generic[K, V]):
    """A plain dict (so that a hit costs what a dict costs) that is registered for `forget`."""

    def __init__(self) -> None:
        super().__init__()
        _tables.append(self)

    def keep(self, key: K, value: V) -> V:
        if len(self) >= LIMIT:
            self.clear()
        self[key] = value
        return value


class _Held(ref[V]):
    """A weak reference that knows under which key it is kept."""

    __slots__ = ("key",)
    key: Any


class Living(Generic[K, V]):
    """What exists, by what it is made of; an entry lasts as long as somebody else holds its value.

    A WeakValueDictionary in fewer steps: interning is most of what arithmetic costs.
    """

    def __init__(self) -> None:
        self._found: dict[K, _Held[V]] = {}

    def get(self, key: K) -> V | None:
        held = self._found.get(key)
        return None if held is None else held()

    def keep(self, key: K, value: V) -> V:
        held = _Held(value, self._gone)
        held.key = key
        self._found[key] = held
        return value

    def _gone(self, held: _Held[V]) -> None:
        # Not when the same was made again in the meantime: that entry is somebody else's.
        if self._found.get(held.key) is held:
            del self._found[held.key]


def forget() -> None:
    """Empty every table.  Living forms stay interned (weakly), so `is` keeps meaning sameness of form."""
    for table in _tables:
        table.clear()
