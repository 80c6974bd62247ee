"""Where the values of a tensor lie in memory: how far neighbours along each axis are apart, and which views that allows.

A layout is None (not known), ROWS (row after row, as a new tensor lies) or a tuple of strides, one an axis. The stride of
an axis of size 1 says nothing. Every answer is a verdict: what is not certain is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapelint import dims
from shapelint.dims import Dim, Verdict

Layout = tuple[Dim, ...] | str | None
ROWS = "rows"


def strides(layout: Layout, shape: Sequence[Dim]) -> tuple[Dim, ...] | None:
    """The stride of every axis, where the layout is known."""
    if not isinstance(layout, str):
        return layout
    found: list[Dim] = []
    step: Dim = 1
    for size in reversed(shape):
        found.append(step)
        step = step * size
    return tuple(reversed(found))


def picked(layout: Layout, shape: Sequence[Dim], axes: Sequence[int]) -> Layout:
    """The layout of some of the axes, in another order perhaps: the others are gone."""
    if layout is ROWS and tuple(axes) == tuple(range(len(shape))):
        return ROWS
    given = strides(layout, shape)
    return None if given is None else tuple(given[axis] for axis in axes)


def stretched(layout: Layout, shape: Sequence[Dim], wanted: Sequence[Dim]) -> Layout:
    """The layout after expanding: a repeated axis does not move on in memory."""
    given = strides(layout, shape)
    if given is None:
        return None
    new = len(wanted) - len(shape)
    found: list[Dim] = [0] * new
    for have, want, stride in zip(shape, wanted[new:], given, strict=True):
        if dims.equal(have, 1).yes:
            found.append(0)
        elif dims.equal(have, want).yes:
            found.append(stride)
        else:
            return None
    return tuple(found)


def in_rows(layout: Layout, shape: Sequence[Dim]) -> Verdict:
    """Whether the values lie row after row (what torch calls contiguous)."""
    if layout is ROWS:
        return Verdict.YES
    given = strides(layout, shape)
    if given is None:
        return Verdict.UNKNOWN
    step: Dim = 1
    for size, stride in zip(reversed(shape), reversed(given), strict=True):
        same = dims.equal(stride, step)
        if not same.yes:
            one = dims.equal(size, 1)
            if one.yes:
                continue
            filled = dims.equal(dims.product(shape), 0)
            if filled.yes:
                return Verdict.YES
            return Verdict.NO if same.no and one.no and filled.no else Verdict.UNKNOWN
        step = step * size
    return Verdict.YES


def is_dense(layout: Layout, shape: Sequence[Dim]) -> bool:
    """Whether the values certainly fill a stretch of memory without gaps and repeats, in some order of the axes: a copy that
    torch makes of itself then lies the same way."""
    if layout is ROWS:
        return True
    given = strides(layout, shape)
    if given is None:
        return False
    left = [i for i, size in enumerate(shape) if not dims.equal(size, 1).yes]
    step: Dim = 1
    while left:
        at = next((i for i in reversed(left) if dims.equal(given[i], step).yes), None)
        if at is None:
            return False
        left.remove(at)
        step = step * shape[at]
    return True


def packed(layout: Layout, shape: Sequence[Dim]) -> Layout:
    """How torch lays out what it computes value by value from such a tensor: without gaps, the axes in the order in which
    they lie. Not known where two of them may lie alike."""
    if layout is ROWS:
        return ROWS
    given = strides(layout, shape)
    if given is None:
        return None
    inner: list[int] = []  # from the innermost axis outwards
    for axis in reversed(range(len(shape))):
        if dims.equal(shape[axis], 1).yes:
            continue
        if not dims.less(0, given[axis]).yes:
            return None
        at = 0
        while at < len(inner):
            before = dims.less(given[inner[at]], given[axis])
            if before.unknown or (before.no and not dims.less(given[axis], given[inner[at]]).yes):
                return None
            if before.no:
                break
            at += 1
        inner.insert(at, axis)
    if inner == sorted(inner, reverse=True):
        return ROWS
    found: list[Dim] = [1] * len(shape)
    step: Dim = 1
    for axis in inner:
        found[axis] = step
        step = step * shape[axis]
    return tuple(found)


def viewed(layout: Layout, shape: Sequence[Dim], wanted: Sequence[Dim]) -> tuple[Verdict, Layout]:
    """Whether the same values can be seen under other sizes without being copied, and how they then lie.

    Source: at::detail::computeStride. Axes that lie one in the other form a chunk; every chunk must be made of whole axes
    of the view.
    """
    if in_rows(layout, shape).yes:
        return Verdict.YES, ROWS
    given = strides(layout, shape)
    empty = dims.equal(dims.product(shape), 0)
    if given is None or not empty.no:
        return (Verdict.YES if empty.yes else Verdict.UNKNOWN), None
    found: list[Dim] = [1] * len(wanted)
    at = len(wanted) - 1
    base, have = given[-1], shape[-1]  # of the chunk: its innermost stride, how many values it holds,
    seen: Dim = 1  # and how many of them are viewed
    for axis in range(len(shape) - 1, -1, -1):
        if axis:
            goes_on = _goes_on(shape[axis - 1], given[axis - 1], have * base)
            if goes_on.unknown:
                return Verdict.UNKNOWN, None
            if goes_on.yes:
                have = have * shape[axis - 1]
                continue
        while at >= 0:
            takes = _either(dims.less(seen, have), dims.equal(wanted[at], 1))
            if takes.unknown:
                return Verdict.UNKNOWN, None
            if takes.no:
                break
            found[at] = seen * base
            seen = seen * wanted[at]
            at -= 1
        whole = dims.equal(seen, have)
        if not whole.yes:
            return whole, None
        if axis:
            base, have, seen = given[axis - 1], shape[axis - 1], 1
    return (Verdict.YES, tuple(found)) if at < 0 else (Verdict.NO, None)


def _goes_on(size: Dim, stride: Dim, end: Dim) -> Verdict:
    """Whether an axis belongs to the chunk within it, which ends so far on: it does if that is its stride, or of size 1."""
    return _either(dims.equal(size, 1), dims.equal(stride, end))


def _either(a: Verdict, b: Verdict) -> Verdict:
    if a.yes or b.yes:
        return Verdict.YES
    return Verdict.NO if a.no and b.no else Verdict.UNKNOWN
