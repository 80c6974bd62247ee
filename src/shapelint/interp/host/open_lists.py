"""Lists whose length is not known: one value, `made_from`, stands for every item, whichever is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp.exceptional_edges import may_raise
from shapelint.interp.join import join
from shapelint.interp.world import World
from shapelint.values import Either, List, Tensor, Unknown, Unranked

_MOST = 64  # items that are joined to one; of more, nothing is known
_DEEPEST = 16  # tuples within tuples, of an item that stands for others


def stand_in(items: Sequence[Any], why: str) -> Any:
    """One value that stands for each of several; None when there is none."""
    if not items:
        return None
    if len(items) > _MOST:
        return Unknown(why)
    value, key = items[0], object()
    unknown = next((item for item in items if isinstance(item, Unknown)), None)
    if unknown is not None:  # so is what stands for it; the others need not be joined to learn that
        return unknown if all(item is unknown for item in items) else another(unknown)
    for other in items[1:]:
        value = join(value, other, key, why)
    return value


def opened(why: str, items: Sequence[Any]) -> List:
    """A list of an unknown number of items, all like those that are given."""
    made = List([], Unknown(why))
    made.made_from = stand_in(items, why)
    return made


def examples(held: List) -> list[Any]:
    """What is known of a list's items, open or not."""
    if held.open is None:
        return held.items
    return [Unknown(held.open.why) if held.made_from is None else held.made_from]


def any_item(held: List, world: World | None = None) -> Any:
    """An item of an open list: at every asking another one. In a `world` that asks for it by index, it may not be there."""
    assert held.open is not None
    if world is not None and world.tries:
        may_raise(world)
    return Unknown(held.open.why) if held.made_from is None else another(held.made_from)


def another(value: Any, deep: int = 0, seen: dict[int, Any] | None = None) -> Any:
    """A value of which only as much is known as of `value`, and not that it is the same.

    What stands twice in it stands twice in the other: tuples that hold the same tuple twice are few objects, however many
    ways lead to them. `seen` is what was made of each so far. Of what lies `deep` within tuples nothing is known: a loop
    may nest them once more at each turn.
    """
    if isinstance(value, Sym):
        low, high = dims.bounds(value)
        return dims.symbol("?", low=low, high=high)
    if isinstance(value, Unknown):
        made = Unknown(value.why, value.site, after_failure=value.after_failure, plain=value.plain)
        made.entry = value.entry
        return made
    if isinstance(value, Either):
        return Either(value.options, value.why)
    if isinstance(value, Tensor) and isinstance(value.box, Unranked) and not value.known:
        item = value.like()
        item._box = Unranked(value.box.why, guess=value.box.guess, name=value.box.name)
        item.made, item.marks = value.made, value.marks
        return item
    if type(value) is tuple:
        seen = {} if seen is None else seen
        if id(value) not in seen:
            if deep == _DEEPEST:
                return Unknown(f"a tuple nested more than {_DEEPEST} deep")
            seen[id(value)] = tuple([another(v, deep + 1, seen) for v in value])
        return seen[id(value)]
    return value


def take_in(world: World, held: List, values: Sequence[Any]) -> None:
    """An open list is given further items. One of which nothing is known stays so."""
    assert held.open is not None
    if held.made_from is not None and values:
        made = stand_in([held.made_from, *values], held.open.why)
        if made is not held.made_from:
            world.journal.touch_slot(held, "made_from")
            held.made_from = made


def open_up(world: World, held: List, why: str, items: Sequence[Any]) -> None:
    """From here on the length of a list is not known: its items are like `items`."""
    world.journal.touch(held.items)
    world.journal.touch_slot(held, "open")
    world.journal.touch_slot(held, "made_from")
    held.made_from = stand_in(items, why)
    held.open = Unknown(why)
    held.items.clear()
