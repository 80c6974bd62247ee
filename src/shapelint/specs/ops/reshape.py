"""The same values under other sizes: view, reshape, flatten, squeeze, …"""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.shapes import reshape as law
from shapelint.shapes import strides
from shapelint.specs import layouts
from shapelint.specs.arguments import axes_of, sizes_of, spread
from shapelint.specs.need import Need
from shapelint.specs.registry import op
from shapelint.values import DType, Shape, Tensor
from shapelint.values.torch_types import itemsize


def reshaped(x: Tensor, shape: Shape) -> Tensor:
    """The same values, small known contents included, under another shape."""
    made = x.with_shape(*shape)
    made.data = x.data
    return made


@op("torch.reshape", "input, shape")
@op("torch.Tensor.reshape", "input, *shape")
def reshape(need: Need, input: Tensor, shape: Any) -> Tensor:
    """As many values as before; one size may be -1."""
    wanted = sizes_of(need, shape)
    if not input.known:
        if law.undecided(wanted) is not None:
            return input.with_shape(
                *(need.fresh("?") if law.undecided([s]) is not None else s for s in wanted)
            )
        hole = law.find_hole(need, wanted)
        return input.with_shape(*(need.fresh("?") if i == hole else s for i, s in enumerate(wanted)))
    return layouts.reshaped(need, reshaped(input, law.fill(need, input.numel, wanted)), input)


@op("torch.Tensor.view", "input, *size, dtype=None")
def view(need: Need, input: Tensor, size: Any, dtype: Any) -> Tensor:
    """reshape, or with a dtype the same bytes read as another type."""
    if dtype is None and len(size) == 1 and isinstance(size[0], DType):
        dtype = size[0]
    if isinstance(dtype, DType):
        return view_dtype(need, input, dtype)
    made = reshape(need, input, size)
    return _seen(need, made, input)


def _seen(need: Need, made: Tensor, input: Tensor) -> Tensor:
    """`made` as a view of the input, which the input's layout must allow."""
    if made.known and not need.failed:
        layouts.view(need, made, layouts.viewable(need, input, made.shape, law.LAYOUT))
    return made


@op("torch.view_copy", "input, size")
def view_copy(need: Need, input: Tensor, size: Any) -> Tensor:
    """view, copied."""
    return view(need, input, (size,), None)


def view_dtype(need: Need, input: Tensor, dtype: DType) -> Tensor:
    """The last axis grows or shrinks by the ratio of the item sizes."""
    if input.dtype is None:
        need.unknown("the dtype is not known")
    old, new = itemsize(input.dtype), itemsize(dtype.name)
    if old == new:
        return input.like(dtype.name)
    shape = input.shape
    if not shape:
        need.refuse("wrong-rank", f"a tensor without axes cannot be viewed as {dtype}")
    *rest, last = shape
    if old > new:
        return input.with_shape(*rest, last * (old // new), dtype=dtype.name)
    ratio = new // old
    if rest and dims.equal(last, 0).yes:
        need.refuse("call-refused", f"a tensor of size 0 on its last axis cannot be viewed as {dtype}")
    need.divides(ratio, last, law.MISMATCH, "the last axis of the input", "the ratio of the item sizes")
    return input.with_shape(*rest, last // ratio, dtype=dtype.name)


@op("torch.Tensor.reshape_as", "input, other")
def reshape_as(need: Need, input: Tensor, other: Tensor) -> Tensor:
    """The shape of `other`."""
    return layouts.reshaped(need, _as(need, input, other), input)


@op("torch.Tensor.view_as", "input, other")
def view_as(need: Need, input: Tensor, other: Tensor) -> Tensor:
    """The shape of `other`, without copying."""
    return _seen(need, _as(need, input, other), input)


def _as(need: Need, input: Tensor, other: Tensor) -> Tensor:
    if input.known and other.known:
        need.equal(input.numel, other.numel, law.MISMATCH, law.VALUES, "the number of values of other")
    made = Tensor(other.box, input.dtype)
    made.data = input.data
    return made


@op("torch.flatten, torch.Tensor.flatten", "input, start_dim=0, end_dim=-1")
def flatten(need: Need, input: Tensor, start_dim: Any, end_dim: Any) -> Tensor:
    """The axes from start_dim to end_dim become one."""
    if not input.known and end_dim == -1 and start_dim in (0, 1):
        return input.with_shape(*(need.fresh("?") for _ in range(start_dim + 1)))
    start = need.axis(start_dim, input.rank, what="start_dim")
    end = need.axis(end_dim, input.rank, what="end_dim")
    return layouts.reshaped(need, reshaped(input, law.flatten(need, input.shape, start, end)), input)


@op("torch.ravel, torch.Tensor.ravel", "input")
def ravel(need: Need, input: Tensor) -> Tensor:
    """All axes become one."""
    return flatten(need, input, 0, -1)


@op("torch.unflatten, torch.Tensor.unflatten", "input, dim, sizes")
def unflatten(need: Need, input: Tensor, dim: Any, sizes: Any) -> Tensor:
    """One axis becomes several."""
    axis = need.axis(dim, input.rank)
    wanted = sizes_of(need, sizes)
    shape = input.shape
    if not wanted or not shape:
        need.refuse("call-refused", "unflatten needs an axis and sizes for it")
    inner = law.fill(need, shape[axis], wanted, f"axis {axis} of the input")
    made = reshaped(input, (*shape[:axis], *inner, *shape[axis + 1 :]))
    return layouts.reshaped(need, made, input)


@op("torch.squeeze, torch.Tensor.squeeze, torch.Tensor.squeeze_, torch.squeeze_copy", "input, dim=None")
def squeeze(need: Need, input: Tensor, dim: Any) -> Tensor:
    """Axes of size 1 (all, or those of `dim`) go."""
    shape = input.shape
    chosen = range(len(shape)) if dim is None else axes_of(need, dim, len(shape))
    gone = set()
    for axis in chosen:
        if shape:
            one = dims.equal(shape[axis], 1)
            if one.unknown:
                need.unknown(f"whether axis {axis} has size 1 is not known ({shape[axis]})")
            if one.yes:
                gone.add(axis)
    left = [i for i in range(len(shape)) if i not in gone]
    return layouts.axes(need, reshaped(input, tuple(shape[i] for i in left)), input, left)


@op("torch.unsqueeze, torch.Tensor.unsqueeze, torch.Tensor.unsqueeze_, torch.unsqueeze_copy", "input, dim")
def unsqueeze(need: Need, input: Tensor, dim: Any) -> Tensor:
    """A new axis of size 1."""
    axis = need.axis(dim, input.rank + 1)
    shape = input.shape
    made = reshaped(input, (*shape[:axis], 1, *shape[axis:]))
    given = strides.strides(layouts.layout_of(need, input), shape)
    return layouts.view(need, made, None if given is None else (*given[:axis], 1, *given[axis:]))


@op("torch.Tensor.expand", "input, *size, implicit=False")
@op("torch.expand_copy", "input, size, *, implicit=False")
def expand(need: Need, input: Tensor, size: Any, implicit: Any) -> Tensor:
    """Axes of size 1 repeated; -1 keeps an axis."""
    return expanded(need, input, sizes_of(need, size))


@op("torch.broadcast_to, torch.Tensor.broadcast_to", "input, *size")
def broadcast_to(need: Need, input: Tensor, size: Any) -> Tensor:
    """expand."""
    return expanded(need, input, sizes_of(need, size))


@op("torch.Tensor.expand_as", "input, other")
def expand_as(need: Need, input: Tensor, other: Tensor) -> Tensor:
    """expand to the shape of `other`."""
    return expanded(need, input, other.shape)


def expanded(need: Need, input: Tensor, wanted: Shape) -> Tensor:
    if not input.known:
        if any(dims.equal(s, -1).yes or law.undecided([s]) is not None for s in wanted):
            need.rank(input, len(wanted))
        else:
            return input.with_shape(*wanted)
    shape = law.expand(need, input.shape, wanted)
    layout = strides.stretched(layouts.layout_of(need, input), input.shape, shape)
    return layouts.view(need, input.with_shape(*shape), layout)


@op("torch.Tensor.repeat", "input, *repeats")
def repeat(need: Need, input: Tensor, repeats: Any) -> Tensor:
    """Every axis that many times over."""
    return layouts.new(input.with_shape(*law.repeat(need, input.shape, sizes_of(need, repeats, "a repeat"))))


@op("torch.tile, torch.Tensor.tile", "input, *dims")
def tile(need: Need, input: Tensor, dims: Any) -> Tensor:
    """repeat, where missing repeats are 1."""
    times = sizes_of(need, dims, "a repeat")
    times = (1,) * (input.rank - len(times)) + times
    return input.with_shape(*law.repeat(need, input.shape, times))


@op("torch.Tensor.sum_to_size", "input, *size")
def sum_to_size(need: Need, input: Tensor, size: Any) -> Tensor:
    """Broadcasting undone: the result has the sizes asked for, which must expand to the input's."""
    wanted = sizes_of(need, size)
    law.expand(need, wanted, input.shape)
    return input.with_shape(*wanted)


@op("torch.atleast_1d, torch.atleast_2d, torch.atleast_3d", "*tensors")
def atleast(need: Need, tensors: Any) -> Any:
    """New axes of size 1 up to that rank; a tuple for several tensors."""
    count = int(need.op[-2])
    results = tuple(_atleast(x, count) for x in spread(tensors, "tensors"))
    return results if len(results) > 1 or spread(tensors) is not tensors else results[0]


def _atleast(x: Tensor, count: int) -> Tensor:
    shape = x.shape
    if count >= 2 and len(shape) < 2:
        shape = (1, *shape) if shape else (1, 1)
    if count == 3 and len(shape) < 3:
        shape = (*shape, 1)
    return reshaped(x, shape or (1,))
