"""Methods of set and frozenset. What changes a set goes through the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import calls, iterate, subscripts
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host.host_calls import builtin
from shapelint.interp.world import World
from shapelint.values import Set, Stream, Undetermined, Unknown

_FREE = (
    "copy",
    "union",
    "intersection",
    "difference",
    "symmetric_difference",
    "issubset",
    "issuperset",
    "isdisjoint",
)


def method(world: World, value: Set, name: str) -> Any:
    """`value.name`, or None when it is not modelled."""
    found = _SET.get(name)
    if found is None or (value.frozen and name not in _FREE):
        return None
    signature, law = found
    return builtin(f"set.{name}", signature, lambda w, **given: law(w, value, **given))


def widen(world: World, held: Set, why: str) -> None:
    world.journal.touch_slot(held, "open")
    held.open = Unknown(why)


def keys(world: World, values: Any) -> tuple[dict[Any, None], Unknown | None]:
    """The items of any iterable as keys of a set, and why there may be others."""
    if isinstance(values, Set):
        return values.items, values.open
    found = iterate.items(world, values)
    if isinstance(found, Stream):
        return {}, Unknown(found.why)
    return dict.fromkeys(subscripts.key(v) for v in found), None


def _add(world: World, held: Set, item: Any) -> None:
    try:
        key = subscripts.key(item)
    except Undetermined as problem:
        widen(world, held, problem.why)
        return
    calls.touch(world, held)
    held.items[key] = None


def _discard(world: World, held: Set, item: Any) -> None:
    _drop(world, held, item, strict=False)


def _remove(world: World, held: Set, item: Any) -> None:
    _drop(world, held, item, strict=True)


def _one_less(world: World, held: Set, why: str) -> None:
    """Any of its items may have gone."""
    calls.touch(world, held)
    held.items.clear()
    widen(world, held, why)


def _drop(world: World, held: Set, item: Any, *, strict: bool) -> None:
    try:
        key = subscripts.key(item)
    except Undetermined as problem:
        _one_less(world, held, problem.why)
        return
    if key in held.items:
        calls.touch(world, held)
        del held.items[key]
    elif (why := subscripts.perhaps_held(held.items, key)) is not None:
        _one_less(world, held, why)
    elif strict and held.open is None:
        raise ProgramRaises("KeyError", repr(key))


def _pop(world: World, held: Set) -> Any:
    if not held.items and held.open is None:
        raise ProgramRaises("KeyError", "pop from an empty set")
    if len(held.items) != 1 or held.open is not None:
        widen(world, held, "which item a set gives up is not known")
        raise Undetermined("which item a set gives up is not known")
    key = next(iter(held.items))
    calls.touch(world, held)
    del held.items[key]
    return key


def _clear(world: World, held: Set) -> None:
    calls.touch(world, held)
    held.items.clear()
    world.journal.touch_slot(held, "open")
    held.open = None


def _copy(world: World, held: Set) -> Set:
    return Set(dict(held.items), held.open, frozen=held.frozen)


def _combined(keep: Callable[[Any, dict[Any, None], dict[Any, None]], bool]) -> Callable[..., Set]:
    """A method that makes a set of the items of both that `keep(item, mine, theirs)` wants."""

    def law(world: World, held: Set, others: tuple[Any, ...]) -> Set:
        mine, opened = dict(held.items), held.open
        for other in others:
            theirs, hidden = keys(world, other)
            opened = hidden if opened is None else opened
            mine = {k: None for k in (*mine, *theirs) if keep(k, mine, theirs)}
        return Set(mine, opened, frozen=held.frozen)

    return law


_union = _combined(lambda k, a, b: True)
_intersection = _combined(lambda k, a, b: k in a and k in b)
_difference = _combined(lambda k, a, b: k in a and k not in b)
_symmetric = _combined(lambda k, a, b: (k in a) != (k in b))


def _in_place(law: Callable[..., Set]) -> Callable[..., None]:
    def run(world: World, held: Set, others: tuple[Any, ...]) -> None:
        made = law(world, held, others)
        calls.touch(world, held)
        held.items.clear()
        held.items.update(made.items)
        if made.open is not held.open:
            world.journal.touch_slot(held, "open")
            held.open = made.open

    return run


def _question(ask: Callable[[dict[Any, None], dict[Any, None]], bool]) -> Callable[..., Any]:
    def law(world: World, held: Set, other: Any) -> Any:
        theirs, hidden = keys(world, other)
        if held.open is not None or hidden is not None:
            raise Undetermined("a set is not fully known")
        return ask(held.items, theirs)

    return law


_SET: dict[str, tuple[str, Callable[..., Any]]] = {
    "add": ("item", _add),
    "discard": ("item", _discard),
    "remove": ("item", _remove),
    "pop": ("", _pop),
    "clear": ("", _clear),
    "copy": ("", _copy),
    "union": ("*others", _union),
    "intersection": ("*others", _intersection),
    "difference": ("*others", _difference),
    "symmetric_difference": ("*others", _symmetric),
    "update": ("*others", _in_place(_union)),
    "intersection_update": ("*others", _in_place(_intersection)),
    "difference_update": ("*others", _in_place(_difference)),
    "symmetric_difference_update": ("*others", _in_place(_symmetric)),
    "issubset": ("other", _question(lambda a, b: a.keys() <= b.keys())),
    "issuperset": ("other", _question(lambda a, b: a.keys() >= b.keys())),
    "isdisjoint": ("other", _question(lambda a, b: not (a.keys() & b.keys()))),
}
