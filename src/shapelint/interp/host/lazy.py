"""Iterators whose items are computed when they are asked for: map, filter, zip, enumerate, chain, and objects with `__next__`.

What they have left is told by what they draw from, whose state the journal keeps; so a side of a branch that takes an item from
one can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Iterator as Iterating
from typing import Any

from shapelint.interp import calls, iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.exceptional_edges import Try, may_raise, note_death
from shapelint.interp.host import open_lists, stream_lengths
from shapelint.interp.host.endless import Endless
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import Builtin, Iterator, Lazy, Stream, Unknown
from shapelint.values.journal import Layer

END: Any = object()  # what advancing gives behind the last item
MOST = 10_000  # items that are asked for; of more, nothing is known

Column = Iterator | Stream | Lazy


def cursor(world: World, value: Any) -> Column:
    """What items are taken from one by one; an iterator is its own, so that one given twice is shared."""
    if isinstance(value, (Iterator, Stream, Lazy)):
        return value
    found = iterate.begun(world, value)
    return Iterator(found) if isinstance(found, list) else found


def take(world: World, column: Column, *, whole: bool = False) -> Any:
    """The next item, END, or a Stream: how many there still are is then not known."""
    if isinstance(column, Lazy):
        return column.advance(world, whole=whole)
    if isinstance(column, Endless):
        return column.take(world, 1)[0]
    if isinstance(column, Stream):
        return column
    if column.at < 0:
        return lost(column)
    if column.at >= len(column.items):
        return END
    world.journal.touch_slot(column, "at")
    column.at += 1
    return column.items[column.at - 1]


def alone(world: World, column: Column) -> Any:
    """What `next` is given: as take."""
    return column.alone(world) if isinstance(column, Lazy) else take(world, column)


def lost(column: Iterator) -> Stream:
    """What is left of an iterator of which it is not known how many were taken."""
    element = open_lists.any_item(open_lists.opened(_WHY_LOST, column.items))
    return Stream(element, _WHY_LOST, Unknown(_WHY_LOST))


_WHY_LOST = "how many items were taken from an iterator is not known"


def drawn(world: World, column: Column, *, whole: bool = False) -> Iterating[Any]:
    """The items one by one. The last may be a Stream."""
    for _ in range(MOST):
        world.step()
        item = take(world, column, whole=whole)
        if item is END:
            return
        yield item
        if isinstance(item, Stream):
            return
    why = f"an iterator of more than {MOST:,} items"
    yield Stream(Unknown("an item of a long iterator"), why, Unknown(why))


def turns(world: World, value: Any) -> Iterable[Any]:
    """The items of a value, one by one where it is an iterator. The last may be a Stream."""
    found = iterate.begun(world, value)
    if isinstance(found, list):
        return found
    return [found] if isinstance(found, Stream) else drawn(world, found)


def drain(world: World, column: Lazy) -> list[Any] | Stream:
    """All that is left."""
    found: list[Any] = []
    for item in drawn(world, column, whole=True):
        if isinstance(item, Stream):
            if not found:
                return item
            whole = open_lists.opened(item.why, [*found[:64], item.element])
            return Stream(open_lists.any_item(whole), item.why, Unknown(item.why))
        found.append(item)
    return found


class Mapped(Lazy):
    """map(function, *columns)."""

    __slots__ = ("columns", "function")
    kind = "map"

    def __init__(self, function: Any, columns: list[Column]) -> None:
        self.function = function
        self.columns = columns

    def advance(self, world: World, *, whole: bool = False) -> Any:
        row = _row(world, self.columns)
        if row is END:
            return END
        if isinstance(row, Stream):
            return Stream(calls.call(world, self.function, row.element, {}), row.why, row.length)
        return calls.call(world, self.function, row, {})


class Starmapped(Lazy):
    """itertools.starmap: a function of each row of a column."""

    __slots__ = ("column", "function")
    kind = "starmap"

    def __init__(self, function: Any, column: Column) -> None:
        self.function = function
        self.column = column

    def advance(self, world: World, *, whole: bool = False) -> Any:
        row = take(world, self.column)
        if row is END:
            return END
        found = row.element if isinstance(row, Stream) else row
        given = calls.call(world, self.function, tuple(iterate.known_items(world, found)), {})
        return Stream(given, row.why, row.length) if isinstance(row, Stream) else given


class Zipped(Lazy):
    """zip(*columns)."""

    __slots__ = ("columns", "strict")
    kind = "zip"

    def __init__(self, columns: list[Column], strict: bool) -> None:
        self.columns = columns
        self.strict = strict

    def advance(self, world: World, *, whole: bool = False) -> Any:
        return _row(world, self.columns, strict=self.strict)


def _row(world: World, columns: list[Column], *, strict: bool = False) -> Any:
    """One item of each column: a tuple, END, or a Stream of tuples."""
    row: list[Any] = []
    opened: list[Stream] = []
    for i, column in enumerate(columns):
        item = take(world, column)
        if item is END:
            if strict and not opened and (i or _has_more(world, columns[1:])):
                raise ProgramRaises(
                    "ValueError", f"zip() argument {i + 1} is shorter or longer than the others"
                )
            return END
        if isinstance(item, Stream):
            opened.append(item)
            item = item.element
        row.append(item)
    if not opened:
        return tuple(row)
    return Stream(tuple(row), opened[0].why, stream_lengths.shortest(opened, len(opened) < len(columns)))


def _has_more(world: World, columns: list[Column]) -> bool:
    return any(not isinstance(item := take(world, c), Stream) and item is not END for c in columns)


class Filtered(Lazy):
    """filter(function, column); without a function, the items that are true."""

    __slots__ = ("column", "function")
    kind = "filter"

    def __init__(self, function: Any, column: Column) -> None:
        self.function = function
        self.column = column

    def advance(self, world: World, *, whole: bool = False) -> Any:
        while True:
            world.step()
            item = take(world, self.column)
            if item is END:
                return END
            unknown = item.why if isinstance(item, Stream) else None
            value = item.element if isinstance(item, Stream) else item
            answer = truth(
                world, value if self.function is None else calls.call(world, self.function, (value,), {})
            )
            if answer is False:
                if unknown is not None:
                    return END
                continue
            if answer is True and unknown is None:
                return value
            return self._open(
                world,
                value,
                unknown if unknown is not None else answer.why if isinstance(answer, Unknown) else "",
            )

    def _open(self, world: World, first: Any, why: str) -> Stream:
        """Whether an item is kept is not known, and so is how many are left."""
        kept = [first]
        for item in drawn(world, self.column):
            value = item.element if isinstance(item, Stream) else item
            answer = value if self.function is None else calls.call(world, self.function, (value,), {})
            if truth(world, answer) is not False:
                kept.append(value)
        return Stream(open_lists.any_item(open_lists.opened(why, kept)), why, Unknown(why))


class Enumerated(Lazy):
    """enumerate(column, start)."""

    __slots__ = ("at", "column", "start")
    kind = "enumerate"

    def __init__(self, column: Column, start: Any) -> None:
        self.column = column
        self.start = start
        self.at = 0

    def advance(self, world: World, *, whole: bool = False) -> Any:
        item = take(world, self.column)
        if item is END:
            return END
        if isinstance(item, Stream):
            return Stream((Unknown("the number of a turn", plain=True), item.element), item.why, item.length)
        if self.at < 0:
            return Unknown("the number of a turn", plain=True), item
        world.journal.touch_slot(self, "at")
        self.at += 1
        return self.start + self.at - 1, item


class Chained(Lazy):
    """itertools.chain: the items of each of a column's items, one after the other."""

    __slots__ = ("column", "inner")
    kind = "chain"

    def __init__(self, column: Column) -> None:
        self.column = column
        self.inner: Column = Iterator([])

    def advance(self, world: World, *, whole: bool = False) -> Any:
        while True:
            world.step()
            item = take(world, self.inner)
            if isinstance(item, Stream):  # and what the others have
                rest = [part for c in drawn(world, self.column) for part in _parts(world, c)]
                element = open_lists.any_item(open_lists.opened(item.why, [item.element, *rest]))
                return Stream(element, item.why, stream_lengths.where(stream_lengths.runs(item), item.why))
            if item is not END:
                return item
            outer = take(world, self.column)
            if outer is END:
                return END
            if isinstance(outer, Stream):
                inner = iterate.items(world, outer.element)
                parts = [inner.element] if isinstance(inner, Stream) else inner
                certain = stream_lengths.runs(outer) and stream_lengths.any_runs([inner])
                element = open_lists.any_item(open_lists.opened(outer.why, parts))
                return Stream(element, outer.why, stream_lengths.where(certain, outer.why))
            world.journal.touch_slot(self, "inner")
            self.inner = cursor(world, outer)


def _parts(world: World, value: Any) -> list[Any]:
    found = iterate.items(world, value.element if isinstance(value, Stream) else value)
    return [found.element] if isinstance(found, Stream) else found


class ByNext(Lazy):
    """An object of the program that is its own iterator."""

    __slots__ = ("method", "owner")
    kind = "iterator"

    def __init__(self, owner: Any, method: Any) -> None:
        self.owner = owner
        self.method = method

    def advance(self, world: World, *, whole: bool = False) -> Any:
        return _unless(world, ("StopIteration",), lambda: calls.call(world, self.method, (self.owner,), {}))


class ByIndex(Lazy):
    """An object of the program with `__getitem__` only: its items until IndexError."""

    __slots__ = ("at", "method", "owner")
    kind = "iterator"

    def __init__(self, owner: Any, method: Any) -> None:
        self.owner = owner
        self.method = method
        self.at = 0

    def advance(self, world: World, *, whole: bool = False) -> Any:
        if self.at < 0:
            found = calls.call(world, self.method, (self.owner, Unknown("an index")), {})
            why = "how many items were taken is not known"
            return Stream(found, why, Unknown(why))
        world.journal.touch_slot(self, "at")
        self.at += 1
        asked = (self.owner, self.at - 1)
        return _unless(
            world, ("IndexError", "StopIteration"), lambda: calls.call(world, self.method, asked, {})
        )


def _unless(world: World, kinds: tuple[str, ...], ask: Callable[[], Any]) -> Any:
    """An item; END where asking raises one of these, a Stream where it may."""
    held = Try(len(world.journal.layers))
    world.tries.append(held)
    world.journal.begin()
    try:
        found = ask()
    except ProgramRaises as problem:
        if problem.kind in kinds:
            return END
        raise
    finally:
        world.tries.pop()
        while len(world.journal.layers) > held.depth:
            world.journal.keep()
    may_end = held.anywhere is not None or any(problem.kind in kinds for problem, _ in held.deaths)
    if held.deaths and world.tries:
        may_raise(world)
    return Stream(found, "when an iterator ends is not known") if may_end else found


class UntilSentinel(Lazy):
    """iter(function, sentinel)."""

    __slots__ = ("function", "sentinel")
    kind = "callable_iterator"

    def __init__(self, function: Any, sentinel: Any) -> None:
        self.function = function
        self.sentinel = sentinel

    def advance(self, world: World, *, whole: bool = False) -> Any:
        from shapelint.interp import compare

        found = calls.call(world, self.function, (), {})
        known = truth(world, compare.compare(world, "==", found, self.sentinel))
        if known is True:
            return END
        return Stream(found, known.why, known) if isinstance(known, Unknown) else found


def method(world: World, value: Lazy, name: str) -> Any:
    """`iterator.__next__` and `iterator.__iter__`; None for anything else."""
    if name == "__iter__":
        return Builtin("__iter__", lambda w, args, keywords: value)
    if name == "__next__":

        def following(w: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
            return stepped(w, value)

        return Builtin("__next__", following)
    return None


def stepped(world: World, value: Column) -> Any:
    """`next(value)`."""
    found = alone(world, value)
    if found is END:
        raise ProgramRaises("StopIteration", value=_stop(value))
    if not isinstance(found, Stream):
        return found
    note_death(world, ProgramRaises("StopIteration", value=_stop(value)), Layer())  # there may be none left
    return open_lists.another(found.element)


def _stop(value: Column) -> Any:
    """The exception that ends an iterator: a generator's has what it returned."""
    from shapelint.interp.host import host_classes, host_constructors

    given = getattr(value, "returned", None)
    return host_constructors.make_exception(
        host_classes.EXCEPTIONS["StopIteration"], () if given is None else (given,)
    )
