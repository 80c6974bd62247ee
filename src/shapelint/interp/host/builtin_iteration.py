"""Built-in functions that walk: len, enumerate, zip, map, filter, sorted, reversed, any, all, iter, next."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cmp_to_key
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.interp import calls, compare, iterate, put_off
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import enums, lazy, open_lists, stream_lengths, zipped_layers
from shapelint.interp.host.builtin_numbers import are_plain, special
from shapelint.interp.host.endless import Endless
from shapelint.interp.host.host_calls import ABSENT, Host, integer, into
from shapelint.interp.join import join
from shapelint.interp.nets import containers
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import (
    Class,
    Dict,
    Either,
    Instance,
    Iterator,
    Lazy,
    List,
    Module,
    Set,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
    Unranked,
)

FUNCTIONS: dict[str, Host] = {}


# ---- how many


@into(FUNCTIONS, "len", "obj", plain=True)
def _len(world: World, obj: Any) -> Any:
    return length(world, obj)


def length(world: World, value: Any) -> Any:
    """`len(value)`: an int, a size, or Unknown."""
    if isinstance(value, range):
        count = iterate.range_length(value)
        if count > sys.maxsize:
            raise ProgramRaises("OverflowError", "Python int too large to convert to C ssize_t")
        return count
    if isinstance(value, (tuple, str, bytes)):
        return len(value)
    if isinstance(value, (List, Dict, Set)):
        put_off.complete(world, value)
        return len(value.items) if value.open is None else member(value.open, "len", "len({})")
    if isinstance(value, Tensor):
        return _of_tensor(world, value)
    if isinstance(value, iterate.ShapeOf):
        return Unknown(value.box.why, plain=True) if value.box.bound is None else len(value.box.bound)
    if isinstance(value, Unknown):
        return (
            _of_tensor(world, value.tensor) if value.tensor is not None else member(value, "len", "len({})")
        )
    if isinstance(value, Instance):
        return _of_instance(world, value)
    if isinstance(value, Class) and (own := special(world, value, "__len__")) is not ABSENT:
        return own
    if isinstance(value, Class) and value.kind == "enum":
        return len(enums.members(value))
    if value is None or isinstance(value, (int, float, Sym, Iterator, Endless, Lazy)):
        raise ProgramRaises("TypeError", f"object of type '{iterate.type_name(value)}' has no len()")
    if isinstance(value, Stream) and value.length is not None:
        return value.length
    raise Undetermined(value.why if isinstance(value, Stream) else "how many items it has is not known")


def member(owner: Unknown, key: str, name: str) -> Unknown | Sym:
    """A count of something unknown, the same when asked again: a size where the owner has a name to call it by."""
    if key not in owner.members:
        if owner.name is None:
            owner.members[key] = Unknown(owner.why, owner.site, after_failure=owner.after_failure, plain=True)
        else:
            owner.members[key] = dims.symbol(name.format(owner.name), low=0)
    found = owner.members[key]
    assert isinstance(found, (Unknown, Sym))
    return found


def _of_tensor(world: World, tensor: Tensor) -> Any:
    if not tensor.known:
        box = tensor.box
        return box.size(0) if isinstance(box, Unranked) else Unknown("the number of rows", plain=True)
    if tensor.rank == 0:
        raise ProgramRaises("TypeError", "len() of a 0-d tensor")
    return world.resolve(tensor.shape[0])


def _of_instance(world: World, value: Instance) -> Any:
    own = special(world, value, "__len__")
    if own is not ABSENT:
        return own
    if isinstance(value, Module):
        count = containers.length(value)
        if count is not None:
            return count
        if containers.is_container(value) or value.incomplete:
            doubted = containers.doubt(value)
            raise Undetermined("how many layers it holds" if doubted is None else doubted.why)
    if value.payload is not None:
        return length(world, value.payload)
    if value.cls.unknown_base is not None:
        raise Undetermined("it derives from a class that is not known")
    raise ProgramRaises("TypeError", f"object of type '{value.cls.name}' has no len()")


# ---- side by side


@into(FUNCTIONS, "enumerate", "iterable, start=0")
def _enumerate(world: World, iterable: Any, start: Any) -> Any:
    if isinstance(start, (int, Sym)) and isinstance(
        begun := iterate.begun(world, iterable), (Iterator, Lazy)
    ):
        return lazy.Enumerated(begun, start)
    found = items(world, iterable)
    if isinstance(found, Endless):
        first, item = found.at, found.item
        return Endless(lambda i: (start + i, item(first + i)))
    if isinstance(found, Stream):
        last = None if found.last is None else (Unknown("the number of a turn", plain=True), found.last)
        return Stream(
            (Unknown("the number of a turn", plain=True), found.element), found.why, found.length, last
        )
    if isinstance(start, Unknown):
        return Iterator([(Unknown(start.why, plain=True), v) for v in found])
    at = start if isinstance(start, (int, Sym)) else integer(world, start)
    return Iterator([(at + i, v) for i, v in enumerate(found)])


def items(world: World, value: Any) -> list[Any] | Stream:
    return iterate.items(world, value)


@into(FUNCTIONS, "zip", "*iterables, strict=False")
def _zip(world: World, iterables: tuple[Any, ...], strict: Any) -> Any:
    columns = [lazy.cursor(world, v) for v in iterables]
    if strict is False:
        zipped_layers.record(world, iterables, columns)
    return _in_step(columns, strict=strict is True)


def side_by_side(world: World, iterables: Sequence[Any]) -> Iterator | Stream | Lazy:
    """zip: as many turns as the shortest has; a Stream where that is not known."""
    return _in_step([lazy.cursor(world, v) for v in iterables])


def _in_step(columns: list[Any], *, strict: bool = False) -> Iterator | Stream | Lazy:
    if not columns:
        return Iterator([])
    if any(isinstance(c, Lazy) or (isinstance(c, Iterator) and c.at < 0) for c in columns):
        return lazy.Zipped(columns, strict)
    unknown = [c for c in columns if isinstance(c, Stream) and not isinstance(c, Endless)]
    known = [c for c in columns if isinstance(c, Iterator)]
    if unknown:
        if any(c.at >= len(c.items) for c in known):
            return Iterator([])
        length = stream_lengths.shortest(unknown, bool(known))
        return Stream(tuple(any_of(c) for c in columns), unknown[0].why, length)
    if not known:
        ends = [c for c in columns if isinstance(c, Endless)]
        return Endless(lambda i: tuple(c.item(c.at + i) for c in ends))
    return lazy.Zipped(columns, strict)


def any_of(column: Iterator | Stream | Lazy) -> Any:
    """A value that stands for any item of a column."""
    if isinstance(column, Stream):
        return column.element
    if isinstance(column, Lazy):
        return Unknown("an item of an iterator")
    if column.at < 0:
        return lazy.lost(column).element
    return joined(column.items[column.at :], "which turn it is is not known")


def joined(values: list[Any], why: str) -> Any:
    """A value that stands for any of several."""
    key = object()
    value = values[0]
    for other in values[1:]:
        value = join(value, other, key, why)
    return value


@into(FUNCTIONS, "map", "function, *iterables")
def _map(world: World, function: Any, iterables: tuple[Any, ...]) -> Any:
    columns = [lazy.cursor(world, v) for v in iterables]
    if any(isinstance(c, Stream) for c in columns):
        rows = side_by_side(world, columns)
        if isinstance(rows, Endless):
            return Endless(lambda i: calls.call(world, function, rows.item(rows.at + i), {}))
        if isinstance(rows, Stream):
            return Stream(calls.call(world, function, rows.element, {}), rows.why, rows.length)
        return lazy.Starmapped(function, rows)
    return lazy.Mapped(function, columns)


@into(FUNCTIONS, "filter", "function, iterable")
def _filter(world: World, function: Any, iterable: Any) -> Any:
    column = lazy.cursor(world, iterable)
    if not isinstance(column, Stream):
        return lazy.Filtered(function, column)
    found = items(world, column)
    kept: list[Any] = []
    why = found.why if isinstance(found, Stream) else None
    for value in [found.element] if isinstance(found, Stream) else found:
        answer = truth(world, value if function is None else calls.call(world, function, (value,), {}))
        if answer is not False:
            kept.append(value)
        if isinstance(answer, Unknown):
            why = answer.why
    if why is None:
        return Iterator(kept)
    return Stream(joined(kept, why), why, Unknown(why)) if kept else Iterator([])


@into(FUNCTIONS, "reversed", "sequence")
def _reversed(world: World, sequence: Any) -> Any:
    own = special(world, sequence, "__reversed__")
    if own is not ABSENT:
        return own
    if isinstance(sequence, (Set, Iterator, Lazy)):
        raise ProgramRaises("TypeError", f"'{iterate.type_name(sequence)}' object is not reversible")
    if isinstance(sequence, Tensor):
        from shapelint.interp.tensors import torch_calls

        return torch_calls.op(world, "torch.flip", (sequence, (0,)), {})
    found = items(world, sequence)
    return found if isinstance(found, Stream) else Iterator(found[::-1])


@into(FUNCTIONS, "sorted", "iterable, *, key=None, reverse=False")
def _sorted(world: World, iterable: Any, key: Any, reverse: Any) -> Any:
    found = items(world, iterable)
    if isinstance(found, Stream):
        return open_list(found.why, found.element)
    return ordered(world, found, key, reverse)


def open_list(why: str, example: Any) -> List:
    made = List([], Unknown(why))
    made.made_from = example
    return made


def ordered(world: World, values: list[Any], key: Any, reverse: Any) -> List:
    """A sorted list; one of unknown order where a comparison is not decided."""
    keys = values if key is None else [calls.call(world, key, (v,), {}) for v in values]
    backwards = truth(world, reverse)
    if isinstance(backwards, Unknown):
        return open_list(backwards.why, joined(values, backwards.why)) if len(values) > 1 else List(values)

    world.spend(4 * len(keys))
    if are_plain(keys):
        places = sorted(range(len(keys)), key=keys.__getitem__, reverse=backwards)
        return List([values[i] for i in places])

    def order(i: int, j: int) -> int:
        world.step()
        for a, b, sign in ((i, j, -1), (j, i, 1)):
            known = truth(world, compare.compare(world, "<", keys[a], keys[b]))
            if isinstance(known, Unknown):
                raise Undetermined(known.why, known)
            if known:
                return sign
        return 0

    try:
        places = sorted(range(len(values)), key=cmp_to_key(order), reverse=backwards)
    except Undetermined as problem:
        return open_list(problem.why, joined(values, problem.why))
    return List([values[i] for i in places])


# ---- all together


@into(FUNCTIONS, "any", "iterable", plain=True)
def _any(world: World, iterable: Any) -> Any:
    return _quantified(world, iterable, True)


@into(FUNCTIONS, "all", "iterable", plain=True)
def _all(world: World, iterable: Any) -> Any:
    return _quantified(world, iterable, False)


def _quantified(world: World, iterable: Any, decisive: bool) -> Any:
    unknown: Unknown | None = None
    for value in lazy.turns(world, iterable):
        if isinstance(value, Stream):
            return Unknown(value.why, world.site(), plain=True)
        answer = truth(world, value)
        if answer is decisive:
            return decisive
        if isinstance(answer, Unknown):
            unknown = answer if unknown is None else Unknown(answer.why, plain=True)
    return (not decisive) if unknown is None else unknown


# ---- one by one


@into(FUNCTIONS, "iter", "obj, sentinel=...")
def _iter(world: World, obj: Any, sentinel: Any) -> Any:
    if sentinel is not ABSENT:
        return lazy.UntilSentinel(obj, sentinel)
    if isinstance(obj, (Iterator, Stream, Lazy)):
        return obj
    own = special(world, obj, "__iter__")
    if own is not ABSENT:
        return own
    return lazy.cursor(world, obj)


@into(FUNCTIONS, "next", "iterator, default=...")
def _next(world: World, iterator: Any, default: Any) -> Any:
    if isinstance(iterator, (Iterator, Endless, Lazy)):
        if default is ABSENT:
            return lazy.stepped(world, iterator)
        try:
            found = lazy.alone(world, iterator)
        except ProgramRaises as problem:
            if problem.kind != "StopIteration":
                raise
            return default
        if isinstance(found, Stream):
            return join(open_lists.another(found.element), default, object(), found.why)
        return default if found is lazy.END else found
    if isinstance(iterator, Stream):
        item = fresh(iterator.element)
        return item if default is ABSENT else join(item, default, object(), iterator.why)
    try:
        own = special(world, iterator, "__next__")
    except ProgramRaises as problem:
        if problem.kind == "StopIteration" and default is not ABSENT:
            return default
        raise
    if own is not ABSENT:
        return own
    if isinstance(iterator, (Unknown, Either)):
        raise Undetermined(iterator.why, iterator if isinstance(iterator, Unknown) else None)
    if isinstance(iterator, (tuple, str, List, Dict, Set, range, int, float)) or iterator is None:
        raise ProgramRaises("TypeError", f"'{iterate.type_name(iterator)}' object is not an iterator")
    raise Undetermined("what is iterated over is not known")


def fresh(element: Any) -> Any:
    """An item of a stream that is no other item of it."""
    if isinstance(element, Unknown):
        made = Unknown(element.why, element.site, after_failure=element.after_failure, plain=element.plain)
        made.entry = element.entry
        return made
    return element
