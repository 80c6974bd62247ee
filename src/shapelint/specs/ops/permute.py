"""The same axes in another order, or the same values in another order along them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint.dims import equal
from shapelint.shapes import reshape as law
from shapelint.specs import layouts
from shapelint.specs.arguments import axes_of, several, spread
from shapelint.specs.need import Need
from shapelint.specs.ops.elements import elements_at, small
from shapelint.specs.registry import op
from shapelint.values import Tensor, Unknown


def _swapped(rank: int, a: int, b: int) -> list[int]:
    order = list(range(rank))
    if order:
        order[a], order[b] = order[b], order[a]
    return order


def _ordered(need: Need, input: Tensor, order: Sequence[int]) -> Tensor:
    """The same values, the axes in that order."""
    return layouts.axes(need, input.with_shape(*law.permute(need, input.shape, order)), input, order)


@op("torch.permute, torch.permute_copy", "input, dims")
@op("torch.Tensor.permute", "input, *dims")
def permute(need: Need, input: Tensor, dims: Any) -> Tensor:
    """The axes in the order of `dims`."""
    order = spread(dims, "dims")
    if not input.known:
        need.rank(input, len(order))
    rank = input.rank
    if len(order) != rank:
        need.refuse("wrong-rank", f"{len(order)} axes were given for {rank} axes")
    return _ordered(need, input, [need.axis(d, rank) for d in order])


@op(
    "torch.transpose, torch.Tensor.transpose, torch.Tensor.transpose_, torch.transpose_copy, torch.swapdims, "
    "torch.Tensor.swapdims, torch.Tensor.swapdims_",
    "input, dim0, dim1",
)
@op("torch.swapaxes, torch.Tensor.swapaxes, torch.Tensor.swapaxes_", "input, axis0, axis1")
def transpose(need: Need, input: Tensor, **axes: Any) -> Tensor:
    """Two axes change places."""
    a, b = (need.axis(d, input.rank, what=name) for name, d in axes.items())
    return _ordered(need, input, _swapped(input.rank, a, b))


@op("torch.t, torch.Tensor.t, torch.Tensor.t_, torch.t_copy", "input")
def t(need: Need, input: Tensor) -> Tensor:
    """The two axes of a matrix change places; fewer axes stay."""
    need.rank(input, 0, 1, 2)
    return _ordered(need, input, range(input.rank)[::-1])


@op("torch.Tensor.T", "input")
def reverse(need: Need, input: Tensor) -> Tensor:
    """All axes in reverse order."""
    return _ordered(need, input, range(input.rank)[::-1])


@op("torch.Tensor.H", "input")
def conjugate_transpose(need: Need, input: Tensor) -> Tensor:
    """The transposed matrix (conjugated)."""
    need.rank(input, 0, 2)
    return _ordered(need, input, range(input.rank)[::-1])


@op("torch.Tensor.mT, torch.Tensor.mH, torch.adjoint, torch.Tensor.adjoint", "input")
def matrix_transpose(need: Need, input: Tensor) -> Tensor:
    """The last two axes change places."""
    if not input.shape:
        return input.like()
    rank = len(need.axes(input, "* m n"))
    return _ordered(need, input, _swapped(rank, -1, -2))


@op(
    "torch.movedim, torch.Tensor.movedim, torch.moveaxis, torch.Tensor.moveaxis", "input, source, destination"
)
def movedim(need: Need, input: Tensor, source: Any, destination: Any) -> Tensor:
    """The axes of `source` go to the places of `destination`; the others keep their order."""
    shape = input.shape
    if len(several(source)) != len(several(destination)):
        need.refuse("call-refused", "source and destination name different numbers of axes")
    old = axes_of(need, source, len(shape), "source")
    new = axes_of(need, destination, len(shape), "destination")
    if not shape:
        return input.like()
    rest = iter([i for i in range(len(shape)) if i not in old])
    place = dict(zip(new, old, strict=True))
    return _ordered(need, input, [place[i] if i in place else next(rest) for i in range(len(shape))])


@op("torch.flip", "input, dims")
@op("torch.Tensor.flip", "input, *dims")
def flip(need: Need, input: Tensor, dims: Any) -> Tensor:
    """The values in reverse order along `dims`."""
    made = input.like()
    if input.known:
        turned = axes_of(need, spread(dims, "dims"), input.rank)
        if small(input.shape) is not None:
            sizes = [range(int(size)) for size in input.shape]
            made.data = elements_at(input, [s[::-1] if i in turned else s for i, s in enumerate(sizes)])
    return made


@op("torch.fliplr, torch.Tensor.fliplr", "input")
def fliplr(need: Need, input: Tensor) -> Tensor:
    """Reverse order along axis 1."""
    need.axes(input, "H W *")
    return input.like()


@op("torch.flipud, torch.Tensor.flipud", "input")
def flipud(need: Need, input: Tensor) -> Tensor:
    """Reverse order along axis 0."""
    need.axes(input, "H *")
    return input.like()


@op("torch.rot90, torch.Tensor.rot90", "input, k=1, dims=(0, 1)")
def rot90(need: Need, input: Tensor, k: Any, dims: Any) -> Tensor:
    """A quarter turn, `k` times, in the plane of two axes: these change places when k is odd."""
    plane = spread(dims, "dims")
    if len(plane) != 2:
        need.refuse("call-refused", "rot90 turns in the plane of two axes")
    if input.rank < 2:
        need.refuse("wrong-rank", f"the input must have at least 2 axes, it has {input.rank}")
    a, b = axes_of(need, plane, input.rank)
    turns = need.concrete(k, "k")
    order = _swapped(input.rank, a, b) if turns % 2 else range(input.rank)
    return input.with_shape(*(input.shape[i] for i in order))


@op("torch.roll, torch.Tensor.roll", "input, shifts, dims=()")
def roll(need: Need, input: Tensor, shifts: Any, dims: Any) -> Tensor:
    """The values move along axes and come in again at the other end: by how much, and along which, changes no size."""
    if isinstance(shifts, Unknown) or isinstance(dims, Unknown):
        return input.like()
    steps = several(shifts, "shifts")
    axes = several(dims, "dims") if dims is not None else ()
    if not steps or (len(axes) != len(steps) and (axes or len(steps) != 1)):
        need.refuse("call-refused", f"{len(steps)} shifts were given for {len(axes)} axes")
    if input.known:
        empty = may_be_empty(input)
        for d in axes:
            if not input.shape:
                need.refuse("axis-out-of-range", f"dims={d}, but the input has no axes", "IndexError")
            if not empty:
                need.axis(d, input.rank)
    return input.like()


def may_be_empty(x: Tensor) -> bool:
    """Whether `x` may hold no values: torch then does not look at the arguments."""
    return not equal(x.numel, 0).no
