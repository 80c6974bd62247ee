"""Reshaping: the same values under other sizes."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint import dims
from shapelint.dims import Dim, Sym, Verdict
from shapelint.shapes.needs import Needs

MISMATCH = "view-size-mismatch"
LAYOUT = "view-not-contiguous"
VALUES = "the number of values"
ASKED = "the product of the sizes asked for"


def fill(
    need: Needs, numel: Dim, sizes: Sequence[Dim], what: str = VALUES, by: str = ASKED
) -> tuple[Dim, ...]:
    """The sizes of `numel` values asked for as `sizes`, of which one may be -1: it takes what the others leave."""
    if undecided(sizes) is not None:
        found = _filled(numel, sizes)
        if found is None:
            need.refuse(MISMATCH, f"{what} is {numel}, the sizes asked for are {', '.join(map(str, sizes))}")
        return found
    hole = find_hole(need, sizes)
    if hole is None:
        perhaps = [i for i, s in enumerate(sizes) if perhaps_hole(s)]
        if len(perhaps) == 1:  # whether it is -1 or what the others leave, it comes to the same
            rest = dims.product([s for i, s in enumerate(sizes) if i != perhaps[0]])
            left = dims.exact_div(numel, rest) if dims.equal(rest, 0) is Verdict.NO else None
            if left is not None:
                return (*sizes[: perhaps[0]], left, *sizes[perhaps[0] + 1 :])
        need.equal(numel, dims.product(sizes), MISMATCH, what, by)
        return tuple(sizes)
    rest = dims.product([s for i, s in enumerate(sizes) if i != hole])
    if dims.equal(rest, 0).yes:
        need.refuse(MISMATCH, "the size -1 cannot be found beside a size of 0")
    missing = dims.exact_div(numel, rest)
    if missing is None:
        need.divides(rest, numel, MISMATCH, what, by)
        missing = numel // rest
    return (*sizes[:hole], missing, *sizes[hole + 1 :])


def undecided(sizes: Sequence[Dim]) -> object | None:
    """The condition on which one of the sizes is the -1, or another one is."""
    for size in sizes:
        found = dims.sides(size)
        if found is not None and (-1 in found[1:] or undecided(found[1:]) is not None):
            return found[0]
    return None


def _filled(numel: Dim, sizes: Sequence[Dim]) -> tuple[Dim, ...] | None:
    """As `fill`, and None for what does not fit: a condition on which it does not has not come true."""
    key = undecided(sizes)
    if key is not None:
        one, other = (
            _filled(dims.on_side(numel, key, side), [dims.on_side(s, key, side) for s in sizes])
            for side in (0, 1)
        )
        if one is None or other is None:
            return one or other
        return tuple(dims.choice(key, a, b) for a, b in zip(one, other, strict=True))
    holes = [i for i, s in enumerate(sizes) if s == -1]
    if len(holes) > 1 or any(dims.less(s, -1).yes for s in sizes):
        return None
    if not holes:
        return None if dims.equal(numel, dims.product(sizes)).no else tuple(sizes)
    rest = dims.product([s for s in sizes if s != -1])
    if dims.equal(rest, 0).yes or dims.divides(rest, numel).no:
        return None
    missing = dims.exact_div(numel, rest)
    return tuple((numel // rest if missing is None else missing) if s == -1 else s for s in sizes)


def find_hole(need: Needs, sizes: Sequence[Dim]) -> int | None:
    """Where the -1 stands. Refuses two of them, and other negative sizes."""
    holes = [i for i, s in enumerate(sizes) if dims.equal(s, -1).yes]
    if len(holes) > 1:
        need.refuse(MISMATCH, "only one size can be -1")
    for s in sizes:
        if dims.less(s, -1).yes:
            need.refuse(MISMATCH, f"a size cannot be {s}")
    return holes[0] if holes else None


def perhaps_hole(size: Dim) -> bool:
    """Whether a size that is not known may be the -1."""
    return isinstance(size, Sym) and dims.witness(size) is None and dims.equal(size, -1) is Verdict.UNKNOWN


def flatten(need: Needs, shape: Sequence[Dim], start: int, end: int) -> tuple[Dim, ...]:
    """The axes from `start` to `end` as one."""
    if not shape:
        return (1,)
    if start > end:
        need.refuse("axis-out-of-range", f"start_dim={start} comes after end_dim={end}")
    return (*shape[:start], dims.product(shape[start : end + 1]), *shape[end + 1 :])


def expand(need: Needs, shape: Sequence[Dim], sizes: Sequence[Dim]) -> tuple[Dim, ...]:
    """Axes of size 1 repeated without copying, and new axes before; -1 keeps an axis."""
    new = len(sizes) - len(shape)
    if new < 0:
        need.refuse("wrong-rank", f"{len(sizes)} sizes were given for {len(shape)} axes")
    result = list(sizes)
    empty = any(dims.equal(s, 0).yes for s in (*sizes, *shape))
    for i, wanted in enumerate(sizes):
        if undecided([wanted]) is not None:
            if i < new:
                need.unknown("whether a size is -1 is not known")
            result[i] = _kept(wanted, shape[i - new])
        elif dims.equal(wanted, -1).yes:
            if i < new and not empty:
                need.refuse("broadcast-mismatch", f"size {i} is -1, but there is no such axis to keep")
            result[i] = shape[i - new] if i >= new else -1
        elif dims.less(wanted, 0).yes and not empty:
            need.refuse("call-refused", f"a size cannot be {wanted}")
        elif i >= new:
            have = shape[i - new]
            if dims.equal(have, 1) is Verdict.NO and dims.equal(have, wanted) is Verdict.NO:
                need.equal(
                    have, wanted, "broadcast-mismatch", f"axis {i - new} of the input", "the size asked for"
                )
    if any(dims.less(s, 0).yes for s in result):
        need.unknown("torch lets negative sizes pass where there are no values")
    return tuple(result)


def _kept(wanted: Dim, have: Dim) -> Dim:
    """A size that is asked for, or that the axis has where -1 is."""
    found = dims.sides(wanted)
    if found is None:
        return have if wanted == -1 else wanted
    key = found[0]
    return dims.choice(key, *(_kept(side, dims.on_side(have, key, i)) for i, side in enumerate(found[1:])))


def repeat(need: Needs, shape: Sequence[Dim], times: Sequence[Dim]) -> tuple[Dim, ...]:
    """Every axis so many times over; new axes before."""
    new = len(times) - len(shape)
    if new < 0:
        need.refuse("wrong-rank", f"{len(times)} repeats were given for {len(shape)} axes")
    for n in times:
        if dims.less(n, 0).yes:
            need.refuse("call-refused", f"an axis cannot be repeated {n} times")
    return tuple(n * s for n, s in zip(times, (1,) * new + tuple(shape), strict=True))


def permute(need: Needs, shape: Sequence[Dim], order: Sequence[int]) -> tuple[Dim, ...]:
    """The axes in another order; `order` holds every axis once."""
    if len(order) != len(shape):
        need.refuse("wrong-rank", f"{len(order)} axes were given for {len(shape)} axes")
    if len(set(order)) != len(order):
        need.refuse("call-refused", "an axis is named twice")
    return tuple(shape[i] for i in order)
