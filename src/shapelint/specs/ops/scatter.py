"""Reading and writing along an axis by tensors of indices: gather, scatter, index_select, take, …"""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes import index as indices
from shapelint.shapes.broadcast import broadcast
from shapelint.shapes.index import Mask, Span
from shapelint.shapes.reshape import expand
from shapelint.specs import layouts
from shapelint.specs.arguments import single, size
from shapelint.specs.need import Need, sequence
from shapelint.specs.ops.elements import elements_at, small
from shapelint.specs.ops.indexing import part
from shapelint.specs.ops.matmul import may_be_empty
from shapelint.specs.registry import op
from shapelint.values import Shape, Tensor

RULE = "index-out-of-range"


def index_dtype(need: Need, index: Tensor, *allowed: str) -> None:
    """An index tensor's dtype."""
    if index.dtype is not None and index.dtype not in allowed:
        need.refuse(
            "wrong-dtype", f"the index must be {' or '.join(allowed)}, it is {index.dtype}", "RuntimeError"
        )


def same_type(need: Need, input: Tensor, other: Tensor, what: str) -> None:
    if input.dtype is not None and other.dtype is not None and input.dtype != other.dtype:
        need.refuse("wrong-dtype", f"{what} is {other.dtype}, the input is {input.dtype}")


@op(
    "torch.narrow, torch.Tensor.narrow, torch.narrow_copy, torch.Tensor.narrow_copy",
    "input, dim, start, length",
)
def narrow(need: Need, input: Tensor, dim: Any, start: Any, length: Any) -> Tensor:
    """`length` values of an axis from `start` on; both must be inside."""
    if not input.shape:
        need.refuse("wrong-rank", "a tensor without axes cannot be narrowed")
    axis = need.axis(dim, input.rank)
    have, wanted = need.resolve(input.shape[axis]), size(need, length, "length")
    first = single(start) if isinstance(start, Tensor) else size(need, start, "start")
    if dims.less(wanted, 0).yes:
        need.refuse("call-refused", f"length must not be negative, it is {wanted}")
    if first is not None:
        if dims.less(first, -have).yes or dims.less(have, first).yes:
            need.refuse(RULE, f"start={first} is out of range for axis {axis} of size {have}", "IndexError")
        if dims.less(first, 0).yes:
            first = first + have
        need.at_least(have, first + wanted, RULE, f"axis {axis} of the input", "start + length")
    return layouts.shorter(
        need, input.with_shape(*input.shape[:axis], wanted, *input.shape[axis + 1 :]), input
    )


@op("torch.select, torch.Tensor.select, torch.select_copy", "input, dim, index")
def select(need: Need, input: Tensor, dim: Any, index: Any) -> Tensor:
    """One index of an axis, which goes."""
    if not input.shape:
        need.refuse("wrong-rank", "there is no axis to select from", "IndexError")
    axis = need.axis(dim, input.rank)
    wanted = need.dim(index, "index")
    indices.check(need, wanted, need.resolve(input.shape[axis]), axis)
    left = [i for i in range(input.rank) if i != axis]
    made = layouts.axes(need, input.with_shape(*(input.shape[i] for i in left)), input, left)
    if isinstance(wanted, int) and small(input.shape) is not None:
        sizes = [int(size) for size in input.shape]
        made.data = elements_at(
            input, [(wanted % size,) if i == axis else range(size) for i, size in enumerate(sizes)]
        )
    return made


@op("torch.index_select, torch.Tensor.index_select", "input, dim, index")
def index_select(need: Need, input: Tensor, dim: Any, index: Tensor) -> Tensor:
    """The axis becomes as long as the index."""
    if not input.known:
        need.unknown("the rank of the input is not known")
    axis = need.axis(dim, input.rank)
    need.rank(index, 0, 1, what="the index")
    index_dtype(need, index, "int64", "int32")
    if not input.shape:
        need.equal(index.numel, 1, RULE, "the number of indices", "the number of values")
        return input.like()
    return input.with_shape(*input.shape[:axis], index.numel, *input.shape[axis + 1 :])


@op("torch.gather, torch.Tensor.gather", "input, dim, index, *, sparse_grad=False")
def gather(need: Need, input: Tensor, dim: Any, index: Tensor, sparse_grad: Any) -> Tensor:
    """The shape of the index, which may not be larger than the input but along `dim`."""
    if input.known and index.known:
        axis = need.axis(dim, input.rank)
        if not may_be_empty(index.shape):
            index_dtype(need, index, "int64", "int32")
            _within(need, index, input, axis, "the input")
    return Tensor(index.box, input.dtype)


def _within(need: Need, index: Tensor, other: Tensor, axis: int | None, name: str) -> None:
    """The index must fit into `other` along all axes but one."""
    a, b = index.shape or (1,), other.shape or (1,)
    if len(a) != len(b):
        need.refuse("wrong-rank", f"the index has {len(a)} axes, {name} has {len(b)}")
    for i, (x, y) in enumerate(zip(a, b, strict=True)):
        if i != axis:
            need.at_least(y, x, RULE, f"axis {i} of {name}", "that axis of the index")


@op(
    "torch.scatter, torch.Tensor.scatter, torch.Tensor.scatter_",
    "input, dim, index, src=None, *, value=None, reduce=None",
)
@op("torch.scatter_add, torch.Tensor.scatter_add, torch.Tensor.scatter_add_", "input, dim, index, src")
@op(
    "torch.scatter_reduce, torch.Tensor.scatter_reduce, torch.Tensor.scatter_reduce_",
    "input, dim, index, src, reduce, *, include_self=True",
)
def scatter(
    need: Need, input: Tensor, dim: Any, index: Tensor, src: Any, value: Any = None, reduce: Any = None,
    include_self: Any = True,
) -> Tensor:  # fmt: skip
    """The input's shape. The index must fit into src, and but along `dim` into the input."""
    if isinstance(reduce, str):
        known = (
            ("sum", "prod", "mean", "amax", "amin", "max", "min")
            if "scatter_reduce" in need.op
            else ("add", "multiply")
        )
        if reduce not in known:
            need.refuse("call-refused", f'reduce must be one of {", ".join(known)}, it is "{reduce}"')
    if isinstance(src, Tensor):
        same_type(need, input, src, "src")
    if input.known and index.known:
        axis = need.axis(dim, input.rank)
        if not may_be_empty(index.shape):
            index_dtype(need, index, "int64", "int32")
            _within(need, index, input, axis, "the input")
            if isinstance(src, Tensor) and src.known:
                _within(need, index, src, None, "src")
    return input.like()


@op(
    "torch.index_add, torch.Tensor.index_add, torch.Tensor.index_add_",
    "input, dim, index, source, *, alpha=1",
)
@op("torch.index_copy, torch.Tensor.index_copy, torch.Tensor.index_copy_", "input, dim, index, source")
@op(
    "torch.index_reduce, torch.Tensor.index_reduce, torch.Tensor.index_reduce_",
    "input, dim, index, source, reduce, *, include_self=True",
)
def index_add(need: Need, input: Tensor, dim: Any, index: Tensor, source: Tensor, **_: Any) -> Tensor:
    """The input's shape. The source has it too, but along `dim`, where it is as long as the index."""
    axis = need.axis(dim, input.rank)
    need.rank(index, 0, 1, what="the index")
    index_dtype(need, index, "int64", *(("int32",) if "copy" not in need.op else ()))
    same_type(need, input, source, "source")
    if source.rank != input.rank and source.rank and input.rank:
        need.refuse("wrong-rank", f"source has {source.rank} axes, the input has {input.rank}")
    for i, (have, wanted) in enumerate(zip(source.shape, input.shape, strict=False)):
        wanted = index.numel if i == axis else wanted
        need.equal(
            have,
            wanted,
            RULE,
            f"axis {i} of source",
            "the number of indices" if i == axis else "that axis of the input",
        )
    return input.like()


@op("torch.index_fill, torch.Tensor.index_fill, torch.Tensor.index_fill_", "input, dim, index, value")
def index_fill(need: Need, input: Tensor, dim: Any, index: Tensor, value: Any) -> Tensor:
    """The input's shape."""
    if input.known:
        need.axis(dim, input.rank)
    need.rank(index, 0, 1, what="the index")
    index_dtype(need, index, "int64")
    if isinstance(value, Tensor):
        need.rank(value, 0, what="the value")
    return input.like()


@op("torch.take, torch.Tensor.take", "input, index")
def take(need: Need, input: Tensor, index: Tensor) -> Tensor:
    """The shape of the index, into the input read as one long row."""
    index_dtype(need, index, "int64")
    if input.known and index.known and dims.equal(input.numel, 0).yes and dims.equal(index.numel, 0).no:
        need.refuse(RULE, "nothing can be taken from a tensor without values", "IndexError")
    return Tensor(index.box, input.dtype)


@op("torch.take_along_dim, torch.Tensor.take_along_dim", "input, indices, dim=None")
def take_along_dim(need: Need, input: Tensor, indices: Tensor, dim: Any) -> Tensor:
    """gather, where the other axes broadcast; without `dim` from the input as one row."""
    index_dtype(need, indices, "int64", *(("int32",) if dim is None else ()))
    if dim is None:
        if dims.equal(input.numel, 0).yes and not may_be_empty(indices.shape):
            need.refuse(RULE, "nothing can be taken from a tensor without values", "IndexError")
        return input.with_shape(indices.numel)
    if input.rank != indices.rank:
        need.refuse("wrong-rank", f"the input has {input.rank} axes, the indices have {indices.rank}")
    if not input.shape:
        need.refuse("wrong-rank", "there is no axis to take along", "IndexError")
    axis = need.axis(dim, input.rank)
    a, b = list(input.shape), list(indices.shape)
    a[axis] = b[axis]
    return input.with_shape(*broadcast(need, a, b))


@op(
    "torch.index_put, torch.index_put_, torch.Tensor.index_put, torch.Tensor.index_put_",
    "input, indices, values, accumulate=False",
)
def index_put(need: Need, input: Tensor, indices: Any, values: Tensor, accumulate: Any) -> Tensor:
    """The values must broadcast to input[indices]."""
    read = [p for i in sequence(indices) for p in ((_all,) if i is None else part(need, i))]
    if input.known:
        taken = _indexed(need, input.shape, read)
        if values.known and not (isinstance(read[0], Mask) and not dims.equal(values.numel, 1).no):
            same_type(need, input, values, "values")
        if values.known:
            expand(need, values.shape, taken)
    return input.like()


_all = Span(None, None, None)
_indexed = indices.indexed


@op("torch.put, torch.Tensor.put, torch.Tensor.put_", "input, index, source, accumulate=False")
def put(need: Need, input: Tensor, index: Tensor, source: Tensor, accumulate: Any) -> Tensor:
    """The input's shape; as many indices as values."""
    index_dtype(need, index, "int64")
    same_type(need, input, source, "source")
    need.equal(source.numel, index.numel, RULE, "the number of values", "the number of indices")
    return input.like()


@op("torch.masked_select, torch.Tensor.masked_select", "input, mask")
def masked_select(need: Need, input: Tensor, mask: Tensor) -> Tensor:
    """A row of as many values as the mask, broadcast with the input, has ones."""
    if mask.dtype is not None and mask.dtype != "bool":
        need.refuse("wrong-dtype", f"the mask must be bool, it is {mask.dtype}")
    if input.known and mask.known:
        broadcast(need, input.shape, mask.shape)
    return input.with_shape(need.fresh("n"))


@op("torch.masked_scatter, torch.Tensor.masked_scatter, torch.Tensor.masked_scatter_", "input, mask, source")
def masked_scatter(need: Need, input: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """The shape that input and mask broadcast to (in place: the input's)."""
    if mask.dtype is not None and mask.dtype != "bool":
        need.refuse("wrong-dtype", f"the mask must be bool, it is {mask.dtype}")
    same_type(need, input, source, "source")
    if need.op.endswith("_"):
        expand(need, mask.shape, input.shape)
        return input.like()
    return input.with_shape(*broadcast(need, input.shape, mask.shape))


@op("torch.repeat_interleave", "input, repeats=None, dim=None, *, output_size=None")
@op("torch.Tensor.repeat_interleave", "input, repeats, dim=None, *, output_size=None")
def repeat_interleave(need: Need, input: Tensor, repeats: Any, dim: Any, output_size: Any) -> Tensor:
    """Every value of an axis so many times; with one number for all the axis grows by it. Without `dim` all values are one
    row; a single tensor is itself the repeats, of 0, 1, 2, …"""
    if repeats is None:
        need.rank(input, 1)
        index_dtype(need, input, "int64", "int32")
        return input.with_shape(_total(need, input, None, output_size))
    if dim is not None and not input.shape:
        need.refuse("wrong-rank", "there is no axis to repeat along", "IndexError")
    shape: Shape = (input.numel,) if dim is None else input.shape
    axis = 0 if dim is None else need.axis(dim, input.rank)
    long = need.resolve(shape[axis])
    if isinstance(repeats, Tensor):
        index_dtype(need, repeats, "int64", "int32")
        need.rank(repeats, 0, 1, what="repeats")
        one = repeats.rank == 0 or dims.equal(repeats.shape[0], 1).yes
        if not one:
            need.equal(repeats.shape[0], long, RULE, "the number of repeats", f"axis {axis} of the input")
        long = _total(need, repeats, long if one else None, output_size)
    else:
        times = size(need, repeats, "repeats")
        if dims.less(times, 0).yes:
            need.refuse("call-refused", f"repeats must not be negative, it is {times}")
        long = long * times
    return input.with_shape(*shape[:axis], long, *shape[axis + 1 :])


def _total(need: Need, repeats: Tensor, times: Dim | None, output_size: Any) -> Dim:
    if output_size is not None:
        return need.dim(output_size)
    if repeats.data is not None and all(isinstance(v, int) for v in repeats.data):
        total: Dim = sum(v for v in repeats.data if isinstance(v, int))
        return total if times is None else total * times
    return need.fresh("n")


@op("torch.slice_copy", "input, dim=0, start=None, end=None, step=1")
def slice_copy(need: Need, input: Tensor, dim: Any, start: Any, end: Any, step: Any) -> Tensor:
    """input[start:end:step] along an axis."""
    if not input.shape:
        need.refuse("wrong-rank", "there is no axis to cut", "IndexError")
    axis = need.axis(dim, input.rank)
    return input.with_shape(*_sliced(need, input, axis, start, end, step))


def _sliced(need: Need, x: Tensor, axis: int, start: Any, end: Any, step: Any) -> Shape:
    bounds = [None if b is None else need.dim(b) for b in (start, end, step)]
    return (*x.shape[:axis], indices.length(need, x.shape[axis], *bounds), *x.shape[axis + 1 :])


@op("torch.select_scatter, torch.Tensor.select_scatter", "input, src, dim, index")
def select_scatter(need: Need, input: Tensor, src: Tensor, dim: Any, index: Any) -> Tensor:
    """The input's shape; src has that of input.select(dim, index)."""
    _fill(need, src, select(need, input, dim, index).shape)
    return input.like()


@op("torch.slice_scatter, torch.Tensor.slice_scatter", "input, src, dim=0, start=None, end=None, step=1")
def slice_scatter(
    need: Need, input: Tensor, src: Tensor, dim: Any, start: Any, end: Any, step: Any
) -> Tensor:
    """The input's shape; src has that of the slice."""
    if not input.shape:
        need.refuse("wrong-rank", "there is no axis to write along", "IndexError")
    axis = need.axis(dim, input.rank)
    _fill(need, src, _sliced(need, input, axis, start, end, step))
    return input.like()


def _fill(need: Need, src: Tensor, shape: Shape) -> None:
    if src.rank != len(shape):
        need.refuse("wrong-rank", f"src has {src.rank} axes, the place for it has {len(shape)}")
    for i, (have, wanted) in enumerate(zip(src.shape, shape, strict=True)):
        need.equal(have, wanted, RULE, f"axis {i} of src", "the place for it")
