"""Indexing: what `x[…]` leaves of a shape.

Source: https://numpy.org/doc/stable/user/basics.indexing.html; where torch differs (integers are taken before lists of
indices are, so that they do not decide where the new axes go), torch's applySlicing.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.records import dataclass
from shapelint.shapes.broadcast import broadcast
from shapelint.shapes.needs import Needs

RULE = "index-out-of-range"


@dataclass(frozen=True, slots=True)
class At:
    """One integer (None when its value is not known): the axis goes."""

    index: Dim | None


@dataclass(frozen=True, slots=True)
class Span:
    """`start:stop:step`"""

    start: Dim | None
    stop: Dim | None
    step: Dim | None


@dataclass(frozen=True, slots=True)
class New:
    """`None`: a new axis of size 1."""


@dataclass(frozen=True, slots=True)
class Rest:
    """`...`: all axes that the others leave."""


@dataclass(frozen=True, slots=True)
class Points:
    """A tensor of indices; `values` are its numbers where they are known."""

    shape: tuple[Dim, ...]
    values: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Mask:
    """A tensor of bools, which takes as many axes as it has; `count` of them are true."""

    shape: tuple[Dim, ...]
    count: Dim


Part = At | Span | New | Rest | Points | Mask


def indexed(need: Needs, shape: Sequence[Dim], parts: Sequence[Part]) -> tuple[Dim, ...]:
    """The shape of `x[parts]`."""
    taken = sum(len(p.shape) if isinstance(p, Mask) else not isinstance(p, (New, Rest)) for p in parts)
    if taken > len(shape):
        given = "1 index was" if taken == 1 else f"{taken} indices were"
        need.refuse(
            RULE, f"{given} given for {len(shape)} {'axis' if len(shape) == 1 else 'axes'}", "IndexError"
        )
    sizes: list[Dim] = []
    points: list[tuple[Dim, ...] | None] = []  # the index tensor of every axis of the result so far
    listed: list[tuple[Points, int]] = []
    axis = 0
    for part in parts:
        if isinstance(part, New):
            sizes.append(1)
            points.append(None)
        elif isinstance(part, Rest):
            skipped = len(shape) - taken
            sizes += shape[axis : axis + skipped]
            points += [None] * len(shape[axis : axis + skipped])
            axis += skipped
        elif isinstance(part, Mask):
            for wanted in part.shape:
                need.equal(wanted, shape[axis], RULE, "the mask's size", f"axis {axis} of the input")
                sizes.append(shape[axis])
                points.append((part.count,))
                axis += 1
            if not part.shape:
                sizes.append(1)
                points.append((part.count,))
        elif axis >= len(shape):
            need.refuse(RULE, f"there is no axis {axis}", "IndexError")
        else:
            size = shape[axis]
            if isinstance(part, At):
                if part.index is not None:
                    check(need, part.index, size, axis)
            elif isinstance(part, Span):
                sizes.append(length(need, size, part.start, part.stop, part.step))
                points.append(None)
            else:
                listed.append((part, axis))
                sizes.append(size)
                points.append(part.shape)
            axis += 1
    sizes += shape[axis:]
    points += [None] * len(shape[axis:])
    common = broadcast(need, *(p for p in points if p is not None))
    result = placed(sizes, points, common)
    if len(result) > _MOST_AXES:
        need.unknown(f"a result of {len(result)} axes")
    for part, axis in listed:
        if dims.equal(dims.product(result), 0).no:  # torch does not look at indices that take nothing
            for value in part.values:
                check(need, value, shape[axis], axis)
        if dims.equal(shape[axis], 0).yes and dims.equal(dims.product(common), 0).no:
            need.refuse(RULE, f"axis {axis} has size 0: nothing can be taken from it", "IndexError")
    return result


def placed(
    sizes: Sequence[Dim], points: Sequence[tuple[Dim, ...] | None], common: Sequence[Dim]
) -> tuple[Dim, ...]:
    """The axes of the index tensors (`common`) stand where these stood, or at the front when they stood apart."""
    places = [i for i, p in enumerate(points) if p is not None]
    if not places:
        return tuple(sizes)
    if places[-1] - places[0] + 1 == len(places):
        return (*sizes[: places[0]], *common, *sizes[places[-1] + 1 :])
    return (*common, *(s for s, p in zip(sizes, points, strict=True) if p is None))


def check(need: Needs, index: Dim, size: Dim, axis: int) -> None:
    """`index` must be one of the axis, counted from either end."""
    if dims.less(index, size).no or dims.less(index, -size).yes:
        need.refuse(
            RULE,
            f"index {_number(index)} is out of range for axis {axis} of size {_number(size)}",
            "IndexError",
        )
    if isinstance(index, int) and dims.less(index, size).unknown:
        need.at_least(size, index + 1 if index >= 0 else -index, RULE, f"axis {axis}", "the index plus one")


_MOST_AXES = 1_000  # indices of as many axes as what they index make several times as many, again and again
_LARGEST_STEP = 2**62  # with more, its sums go beyond a machine word, and nothing is taken at all


def length(need: Needs, size: Dim, start: Dim | None, stop: Dim | None, step: Dim | None) -> Dim:
    """How many values `start:stop:step` takes from `size`. Bounds are clamped, as in Python; a symbolic bound that is
    neither inside nor outside for certain is assumed to be inside."""
    step = 1 if step is None else step
    if dims.less(step, 1).yes:
        need.refuse(
            "call-refused", f"the step of a slice must be positive, it is {_number(step)}", "ValueError"
        )
    if isinstance(step, int) and step > _LARGEST_STEP:
        need.unknown("a step that torch may not count with")
    first = 0 if start is None else from_front(need, start, size)
    last = size if stop is None else from_front(need, stop, size)
    if first == 0 and step == 1:
        return last
    if dims.less_equal(first, last).no:
        return 0
    if last == size and start is not None and first == size + start:
        return dims.ceildiv(-start, step)  # the last so many
    if last == size and isinstance(start, int):
        return dims.ceildiv(dims.minimum(size, -start) if start < 0 else dims.maximum(0, size - start), step)
    span = last - first
    if dims.less_equal(first, last).unknown and not _chosen(start, stop):
        span = dims.maximum(0, span)
    return dims.ceildiv(span, step)


def _chosen(*bounds: Dim | None) -> bool:
    """Whether a bound is symbolic: the program chose it to fit."""
    return any(isinstance(b, Sym) and dims.witness(b) is None for b in bounds)


def from_front(need: Needs, bound: Dim, size: Dim) -> Dim:
    """A bound of a slice, counted from the front and clamped to 0…size."""
    if negative(bound):
        bound = bound + size
        inside = dims.less_equal(0, bound)
        return bound if inside.yes or (inside.unknown and _chosen(bound - size)) else _at_least_zero(bound)
    inside = dims.less_equal(bound, size)
    if inside.yes:
        return bound
    if inside.no:
        return size
    if isinstance(bound, int):
        return dims.minimum(bound, size)
    need.at_least(size, bound, RULE, "the size", "the bound of the slice")
    return bound


def _at_least_zero(bound: Dim) -> Dim:
    return 0 if dims.less(bound, 0).yes else dims.maximum(0, bound)


_LARGE = 1 << 20  # more than a chain of layers takes off a size


def negative(bound: Dim) -> bool:
    """Whether a bound counts from the end. Where its sign is open, its symbols are taken to be positive, and where that
    says nothing either (`12 - W`: what a chain of convolutions leaves, negated), to be large. What has nothing but negative
    terms then (`-((a - b)//c)`) was written to count from the end."""
    verdict = dims.less(bound, 0)
    for low in (1, _LARGE):
        if verdict.unknown and isinstance(bound, Sym):
            taken = {s: dims.symbol(s.name, low=low) for s in bound.symbols if s.witness is None}
            verdict = dims.less(dims.substitute(bound, taken), 0)
    if verdict.unknown and isinstance(bound, Sym):
        return all(coefficient < 0 for coefficient in bound.terms.values())
    return verdict.yes


def _number(dim: Dim) -> Dim:
    seen = dims.witness(dim)
    return dim if seen is None else seen
