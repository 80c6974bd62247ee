"""Methods of list, deque, tuple, range and slice. What changes a list goes through the journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import calls, compare, iterate, subscripts
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import open_lists
from shapelint.interp.host.host_calls import ABSENT, attempt, builtin, host
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import Deque, List, Stream, Undetermined, Unknown

Method = Callable[..., Any]


def method(world: World, value: Any, name: str, receiver: Any) -> Any:
    """`value.name`, or None when it is not modelled."""
    table = {} if isinstance(value, slice) else _LIST if isinstance(value, List) else _SEQUENCE
    found = table.get(name)
    if found is not None:
        signature, law = found
        return builtin(
            f"{iterate.type_name(value)}.{name}", signature, lambda w, **given: law(w, value, **given)
        )
    if isinstance(value, (range, slice)) and name in ("start", "stop", "step"):
        return getattr(value, name)
    if isinstance(value, slice) and name == "indices":
        return builtin(
            "slice.indices",
            "length",
            lambda w, length: attempt(subscripts.host_slice(value).indices, host(w, length)),
            plain=True,
        )
    if isinstance(value, List) and name == "maxlen":
        return value.maxlen if isinstance(value, Deque) else None
    return None


def widen(world: World, value: List, why: str, example: Any = None) -> None:
    """From here on the list's contents are not known."""
    calls.touch(world, value)
    open_lists.open_up(
        world, value, why, [*open_lists.examples(value), *([] if example is None else [example])]
    )


def _append(world: World, held: List, object: Any) -> None:
    calls.touch(world, held)
    if held.open is None:
        held.items.append(object)
        _shorten(held, from_left=True)
    else:
        open_lists.take_in(world, held, [object])


def take_all(world: World, held: List, found: list[Any]) -> None:
    """Append items to a list whose contents are known, unless it becomes too long to keep."""
    if len(held.items) + len(found) > iterate.MAX_ITEMS:
        widen(world, held, "a list too long to keep")
        return
    world.spend(len(found))
    held.items.extend(found)


def _shorten(held: List, *, from_left: bool) -> None:
    """A deque with a maxlen drops from the other end."""
    most = held.maxlen if isinstance(held, Deque) else None
    if isinstance(most, int) and len(held.items) > most:
        doomed = len(held.items) - most
        if from_left:
            del held.items[:doomed]
        else:
            del held.items[most:]


def _appendleft(world: World, held: List, object: Any) -> None:
    calls.touch(world, held)
    if held.open is None:
        held.items.insert(0, object)
        _shorten(held, from_left=False)
    else:
        open_lists.take_in(world, held, [object])


def _extend(world: World, held: List, iterable: Any) -> None:
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        widen(world, held, found.why, found.element)
    elif held.open is None:
        calls.touch(world, held)
        take_all(world, held, found)
        _shorten(held, from_left=True)
    else:
        calls.touch(world, held)
        open_lists.take_in(world, held, found)


def _extendleft(world: World, held: List, iterable: Any) -> None:
    for value in iterate.known_items(world, iterable):
        _appendleft(world, held, value)


_INDEX_BITS = 63


def _refuse_large(index: int) -> None:
    if index.bit_length() > _INDEX_BITS:
        raise ProgramRaises("OverflowError", "Python int too large to convert to C ssize_t")


def _insert(world: World, held: List, index: Any, object: Any) -> None:
    try:
        at = subscripts.index(index)
    except Undetermined as problem:
        widen(world, held, problem.why)
        return
    _refuse_large(at)
    calls.touch(world, held)
    if held.open is None:
        held.items.insert(at, object)
    else:
        open_lists.take_in(world, held, [object])


def _pop(world: World, held: List, index: Any) -> Any:
    if held.open is not None:
        calls.touch(world, held)
        return open_lists.any_item(held, world)
    try:
        at = subscripts.index(index)
    except Undetermined as problem:
        widen(world, held, problem.why)
        raise
    if not held.items:
        raise ProgramRaises("IndexError", "pop from empty list")
    _refuse_large(at)
    calls.touch(world, held)
    try:
        return held.items.pop(at)
    except IndexError:
        raise ProgramRaises("IndexError", "pop index out of range") from None


def _popleft(world: World, held: List) -> Any:
    return _pop(world, held, 0)


def _place(world: World, held: Any, value: Any, start: int, stop: int) -> int | None:
    """Where the first item equal to `value` stands; Undetermined when that is not decided."""
    items = held.items if isinstance(held, List) else held
    if isinstance(held, range):  # of any length: it is not walked
        if not isinstance(value, int):
            raise Undetermined("where something stands in a range")
        return held.index(value) if value in held else None
    if isinstance(held, List) and held.open is not None:
        raise Undetermined(held.open.why)
    for i in range(*slice(start, stop).indices(len(items))):
        known = True if items[i] is value else truth(world, compare.compare(world, "==", items[i], value))
        if isinstance(known, Unknown):
            raise Undetermined(known.why, known)
        if known:
            world.spend(4 * i)
            return i
    world.spend(4 * len(items))
    return None


def _remove(world: World, held: List, value: Any) -> None:
    try:
        at = _place(world, held, value, 0, len(held.items))
    except Undetermined as problem:
        widen(world, held, problem.why)
        return
    if at is None:
        raise ProgramRaises("ValueError", "list.remove(x): x not in list")
    calls.touch(world, held)
    del held.items[at]


def _clear(world: World, held: List) -> None:
    calls.touch(world, held)
    held.items.clear()
    if held.open is not None:
        world.journal.touch_slot(held, "open")
        held.open = None


def _index(world: World, held: Any, value: Any, start: Any, stop: Any) -> Any:
    end = subscripts.index(stop) if stop is not ABSENT else 2**62
    at = _place(world, held, value, subscripts.index(start), end)
    if at is None:
        raise ProgramRaises(
            "ValueError", f"{iterate.type_name(held)}.index(x): x not in {iterate.type_name(held)}"
        )
    return at


def _count(world: World, held: Any, value: Any) -> Any:
    if isinstance(held, range) and isinstance(value, int):
        return held.count(value)
    items = iterate.known_items(world, held)
    total = 0
    for item in items:
        known = truth(world, compare.compare(world, "==", item, value))
        if isinstance(known, Unknown):
            raise Undetermined(known.why, known)
        total += known
    return total


def _sort(world: World, held: List, key: Any, reverse: Any) -> None:
    from shapelint.interp.host.builtin_iteration import ordered

    if held.open is not None:
        return
    made = ordered(world, list(held.items), key, reverse)
    if made.open is not None:
        widen(world, held, made.open.why, made.made_from)
        return
    calls.touch(world, held)
    held.items[:] = made.items


def _reverse(world: World, held: List) -> None:
    calls.touch(world, held)
    held.items.reverse()


def _copy(world: World, held: List) -> List:
    made = (
        List(list(held.items), held.open)
        if not isinstance(held, Deque)
        else Deque(list(held.items), held.open, held.maxlen)
    )
    made.made_from = held.made_from
    return made


def _rotate(world: World, held: List, n: Any) -> None:
    by = subscripts.index(n)
    _refuse_large(by)
    calls.touch(world, held)
    if held.items:
        by %= len(held.items)
        held.items[:] = [*held.items[-by:], *held.items[:-by]] if by else held.items


_SEQUENCE: dict[str, tuple[str, Method]] = {
    "index": ("value, start=0, stop=...", _index),
    "count": ("value", _count),
}
_LIST: dict[str, tuple[str, Method]] = {
    **_SEQUENCE,
    "append": ("object", _append),
    "extend": ("iterable", _extend),
    "insert": ("index, object", _insert),
    "pop": ("index=-1", _pop),
    "remove": ("value", _remove),
    "clear": ("", _clear),
    "sort": ("*, key=None, reverse=False", _sort),
    "reverse": ("", _reverse),
    "copy": ("", _copy),
    "appendleft": ("object", _appendleft),
    "extendleft": ("iterable", _extendleft),
    "popleft": ("", _popleft),
    "rotate": ("n=1", _rotate),
}
