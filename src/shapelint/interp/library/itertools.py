"""itertools: what is known of the parts is known of the whole; endless iterators stay lazy."""

from __future__ import annotations

import itertools
from typing import Any

from shapelint.interp import calls, compare, iterate, operators
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import lazy, stream_lengths
from shapelint.interp.host.builtin_iteration import any_of, joined, side_by_side
from shapelint.interp.host.endless import Endless
from shapelint.interp.host.host_calls import ABSENT, attempt, integer, takes
from shapelint.interp.library import attribute, function
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import Builtin, Iterator, Lazy, Stream, Undetermined, Unknown

MOST = 100_000
_LONGEST = 1_000  # of one combination, or iterators of one tee


def _bounded(found: Any) -> Iterator | Stream:
    """The items of a host iterator, unless there are too many."""
    taken = list(itertools.islice(found, MOST + 1))
    if len(taken) > MOST:
        return Stream(taken[0], f"there are more than {MOST} of them")
    return Iterator(taken)


def _perhaps_none(element: Any, why: str) -> Stream:
    return Stream(element, why, Unknown(why))


def _some(element: Any, why: str, certain: bool) -> Stream:
    return Stream(element, why, stream_lengths.where(certain, why))


# ---- without an end


@function("itertools.count")
@takes("start=0, step=1")
def count(world: World, start: Any, step: Any) -> Endless:
    def item(i: int) -> Any:
        return operators.binary(world, "+", start, operators.binary(world, "*", step, i))

    return Endless(item)


@function("itertools.repeat")
@takes("object, times=...")
def repeat(world: World, object: Any, times: Any) -> Any:
    if times is ABSENT:
        return Endless(lambda i: object, object)
    try:
        turns = integer(world, times)
    except Undetermined as problem:
        return Stream(object, problem.why, times)
    if turns > MOST:
        return Stream(object, f"it is repeated {turns} times", turns)
    return Iterator([object] * max(turns, 0))


@function("itertools.cycle")
@takes("iterable")
def cycle(world: World, iterable: Any) -> Any:
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        return _some(found.element, found.why, stream_lengths.runs(found))
    if not found:
        return Iterator([])
    return Endless(lambda i: found[i % len(found)], joined(found, "an item of a cycle"))


# ---- one after the other


@function("itertools.chain")
@takes("*iterables")
def chain(world: World, iterables: tuple[Any, ...]) -> Any:
    return _chained(world, list(iterables))


def _chained(world: World, iterables: list[Any]) -> Any:
    if any(isinstance(v, Lazy) for v in iterables):
        return lazy.Chained(Iterator(list(iterables)))
    parts: list[Any] = []
    for value in iterables:
        found = iterate.items(world, value)
        if isinstance(found, Endless):
            return _followed(parts, found)
        if isinstance(found, Stream):
            columns = [c for c in (lazy.cursor(world, v) for v in iterables) if not _empty(c)]
            certain = any(
                isinstance(c, Iterator) or (isinstance(c, Stream) and stream_lengths.runs(c)) for c in columns
            )
            return _some(joined([*parts, *map(any_of, columns)], found.why), found.why, certain)
        parts += found
    return Iterator(parts)


def _followed(first: list[Any], rest: Endless) -> Endless:
    start, item = rest.at, rest.item
    return Endless(lambda i: first[i] if i < len(first) else item(start + i - len(first)))


def _empty(column: Iterator | Stream | Lazy) -> bool:
    return isinstance(column, Iterator) and column.at >= len(column.items)


@takes("iterable")
def _from_iterable(world: World, iterable: Any) -> Any:
    begun = iterate.begun(world, iterable)
    if isinstance(begun, Lazy):
        return lazy.Chained(begun)
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        inner = iterate.items(world, found.element)
        if isinstance(inner, Stream):
            return _some(inner.element, found.why, stream_lengths.runs(found) and stream_lengths.runs(inner))
        return (
            _some(joined(inner, found.why), found.why, stream_lengths.runs(found)) if inner else Iterator([])
        )
    return _chained(world, found)


attribute("itertools.chain", "from_iterable", Builtin("itertools.chain.from_iterable", _from_iterable))


@function("itertools.islice")
@takes("iterable, *args")
def islice(world: World, iterable: Any, args: tuple[Any, ...]) -> Any:
    source = lazy.cursor(world, iterable)
    if not 1 <= len(args) <= 3:
        raise ProgramRaises("TypeError", f"islice expected 2 to 4 arguments, got {len(args) + 1}")
    start, stop, step = (None, args[0], None) if len(args) == 1 else (*args, None)[:3]
    if isinstance(source, Stream) and not isinstance(source, Endless):
        first_is_in = start in (None, 0) and (stop is None or (isinstance(stop, int) and stop > 0))
        return _some(source.element, source.why, first_is_in and stream_lengths.runs(source))
    try:
        first, end, by = (None if v is None else integer(world, v) for v in (start, stop, step))
        if any(v is not None and v < least for v, least in ((first, 0), (end, 0), (by, 1))):
            raise ProgramRaises(
                "ValueError", "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
            )
    except Undetermined as problem:
        element = any_of(source) if not _empty(source) else Unknown(problem.why)
        return _perhaps_none(element, problem.why)
    if isinstance(source, Endless):
        if end is None or end > MOST:
            return Endless(lambda i: source.item(source.at + (first or 0) + i * (by or 1)), source.element)
        return Iterator(source.take(world, end)[slice(first, end, by)])
    if isinstance(source, Lazy) or source.at < 0:
        return _part(world, source, slice(first, end, by))
    assert isinstance(source, Iterator)
    rest = source.items[source.at :]
    world.journal.touch_slot(source, "at")
    source.at = len(source.items) if end is None else min(len(source.items), source.at + end)
    return Iterator(rest[slice(first, end, by)])


def _part(world: World, source: Iterator | Lazy, part: slice) -> Any:
    """Items off an iterator, no more than are wanted."""
    taken: list[Any] = []
    if part.stop == 0:
        return Iterator([])
    for item in lazy.drawn(world, source):
        if isinstance(item, Stream):
            certain = len(taken) > (part.start or 0) or (not part.start and stream_lengths.runs(item))
            return _some(joined([*taken, item.element], item.why), item.why, certain)
        taken.append(item)
        if len(taken) == part.stop:
            break
    return Iterator(taken[part])


@function("itertools.tee")
@takes("iterable, n=2")
def tee(world: World, iterable: Any, n: Any) -> Any:
    found, times = iterate.items(world, iterable), integer(world, n)
    if times < 0:
        raise ProgramRaises("ValueError", "n must be >= 0")
    if times > _LONGEST:
        raise Undetermined("more iterators than are followed")
    return tuple(found if isinstance(found, Stream) else Iterator(list(found)) for _ in range(times))


# ---- all together


def _combining(name: str) -> None:
    @function(f"itertools.{name}")
    @takes("iterable, r=None")
    def law(world: World, iterable: Any, r: Any) -> Any:
        found = iterate.items(world, iterable)
        if isinstance(found, Stream):
            return _perhaps_none(Unknown(found.why), found.why)
        if r is None:
            return _bounded(getattr(itertools, name)(found)) if name == "permutations" else Iterator([])
        each = integer(world, r)
        if each < 0:
            raise ProgramRaises("ValueError", "r must be non-negative")
        if each > len(found) and (name != "combinations_with_replacement" or not found):
            return Iterator([])  # the host would first make room for as many
        if each > _LONGEST:
            return Stream(Unknown("one of many combinations"), "the combinations are too long")
        return _bounded(attempt(getattr(itertools, name), found, each))


for _name in ("combinations", "combinations_with_replacement", "permutations"):
    _combining(_name)


@function("itertools.product")
@takes("*iterables, repeat=1")
def product(world: World, iterables: tuple[Any, ...], repeat: Any) -> Any:
    given = [iterate.items(world, v) for v in iterables]
    times = integer(world, repeat)
    if times < 0:
        raise ProgramRaises("ValueError", "repeat argument cannot be negative")
    columns = given * min(times, 64)
    known = [c for c in columns if isinstance(c, list)]
    if any(not c for c in known):
        return Iterator([])
    unknown = next((c for c in columns if isinstance(c, Stream)), None)
    if unknown is not None:
        parts = (c.element if isinstance(c, Stream) else joined(c, unknown.why) for c in columns)
        certain = all(stream_lengths.runs(c) for c in columns if isinstance(c, Stream))
        return _some(tuple(parts), unknown.why, certain)
    if sum(map(len, known)) > MOST or times > 64:
        return Stream(Unknown("one of many combinations"), "there are too many combinations")
    return _bounded(itertools.product(*known))


@function("itertools.zip_longest")
@takes("*iterables, fillvalue=None")
def zip_longest(world: World, iterables: tuple[Any, ...], fillvalue: Any) -> Any:
    columns = [iterate.items(world, v) for v in iterables]
    unknown = next((c for c in columns if isinstance(c, Stream)), None)
    if unknown is not None:
        return _some(Unknown(unknown.why), unknown.why, stream_lengths.any_runs(columns))
    return Iterator(
        list(itertools.zip_longest(*(c for c in columns if isinstance(c, list)), fillvalue=fillvalue))
    )


@function("itertools.pairwise")
@takes("iterable")
def pairwise(world: World, iterable: Any) -> Any:
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        return _perhaps_none((found.element, found.element), found.why)
    return Iterator(list(itertools.pairwise(found)))


@function("itertools.batched")
@takes("iterable, n, *, strict=False")
def batched(world: World, iterable: Any, n: Any, strict: Any) -> Any:
    found, size = iterate.items(world, iterable), integer(world, n)
    if size < 1:
        raise ProgramRaises("ValueError", "n must be at least one")
    if isinstance(found, Stream):
        return _some(Unknown(found.why), found.why, stream_lengths.runs(found))
    return Iterator([tuple(found[i : i + size]) for i in range(0, len(found), size)])


# ---- under a function


@function("itertools.accumulate")
@takes("iterable, func=None, *, initial=None")
def accumulate(world: World, iterable: Any, func: Any, initial: Any) -> Any:
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        return _some(Unknown(found.why), found.why, initial is not None or stream_lengths.runs(found))
    given = found if initial is None else [initial, *found]
    totals: list[Any] = []
    for value in given:
        if totals:
            before = totals[-1]
            value = (
                operators.binary(world, "+", before, value)
                if func is None
                else calls.call(world, func, (before, value), {})
            )
        totals.append(value)
    return Iterator(totals)


@function("itertools.starmap")
@takes("function, iterable")
def starmap(world: World, function: Any, iterable: Any) -> Any:
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        row = iterate.items(world, found.element)
        if isinstance(row, Stream):
            return Stream(calls.call_unspread(world, function), found.why, found.length)
        return Stream(calls.call(world, function, tuple(row), {}), found.why, found.length)
    return Iterator(
        [calls.call(world, function, tuple(iterate.known_items(world, row)), {}) for row in found]
    )


def _decided(world: World, function: Any, value: Any) -> bool:
    known = truth(world, value if function is None else calls.call(world, function, (value,), {}))
    if isinstance(known, Unknown):
        raise Undetermined(known.why, known)
    return known


@function("itertools.takewhile")
@takes("predicate, iterable")
def takewhile(world: World, predicate: Any, iterable: Any) -> Any:
    source = lazy.cursor(world, iterable)
    if isinstance(source, Stream) and not isinstance(source, Endless):
        return _perhaps_none(source.element, source.why)
    taken: list[Any] = []
    while len(taken) < MOST:
        value = lazy.take(world, source)
        if isinstance(value, Stream):
            return _some(joined([*taken, value.element], value.why), value.why, bool(taken))
        try:
            if value is lazy.END or not _decided(world, predicate, value):
                return Iterator(taken)
        except Undetermined as problem:
            return _some(joined([*taken, value], problem.why), problem.why, bool(taken))
        taken.append(value)
    return Stream(taken[0], f"there are more than {MOST} of them")


@function("itertools.dropwhile")
@takes("predicate, iterable")
def dropwhile(world: World, predicate: Any, iterable: Any) -> Any:
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        return _perhaps_none(found.element, found.why)
    start = 0
    try:
        while start < len(found) and _decided(world, predicate, found[start]):
            start += 1
    except Undetermined as problem:
        return _perhaps_none(joined(found[start:], problem.why), problem.why)
    return Iterator(found[start:])


@function("itertools.filterfalse")
@takes("predicate, iterable")
def filterfalse(world: World, predicate: Any, iterable: Any) -> Any:
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        return _perhaps_none(found.element, found.why)
    try:
        return Iterator([v for v in found if not _decided(world, predicate, v)])
    except Undetermined as problem:
        return _perhaps_none(joined(found, problem.why), problem.why)


@function("itertools.compress")
@takes("data, selectors")
def compress(world: World, data: Any, selectors: Any) -> Any:
    rows = side_by_side(world, [data, selectors])
    if isinstance(rows, Stream):
        return _perhaps_none(rows.element[0], rows.why)
    found = iterate.items(world, rows)
    if isinstance(found, Stream):
        return _perhaps_none(found.element[0], found.why)
    try:
        return Iterator([value for value, flag in found if _decided(world, None, flag)])
    except Undetermined as problem:
        return _perhaps_none(joined([value for value, _ in found], problem.why), problem.why)


@function("itertools.groupby")
@takes("iterable, key=None")
def groupby(world: World, iterable: Any, key: Any) -> Any:
    found = iterate.items(world, iterable)
    if isinstance(found, Stream):
        return _some(
            (Unknown(found.why), Stream(found.element, found.why)), found.why, stream_lengths.runs(found)
        )
    groups: list[tuple[Any, Iterator]] = []
    for value in found:
        word = value if key is None else calls.call(world, key, (value,), {})
        if groups:
            same = truth(world, compare.compare(world, "==", groups[-1][0], word))
            if isinstance(same, Unknown):
                return Stream((Unknown(same.why), Stream(joined(found, same.why), same.why)), same.why)
            if same:
                groups[-1][1].items.append(value)
                continue
        groups.append((word, Iterator([value])))
    return Iterator(list(groups))
