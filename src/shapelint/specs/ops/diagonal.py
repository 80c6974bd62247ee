"""Diagonals and triangles, and windows over an axis: diag, tril, unfold, as_strided."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs.arguments import dtype_name, sizes_of
from shapelint.specs.need import Need, show
from shapelint.specs.registry import op
from shapelint.values import Tensor
from shapelint.values.torch_types import is_complex, is_float


def diagonal_length(rows: Dim, columns: Dim, offset: int) -> Dim:
    """How long the diagonal `offset` to the right of the main one is."""
    a, b = (rows, columns - offset) if offset >= 0 else (rows + offset, columns)
    shorter = a if dims.less_equal(a, b).yes else b if dims.less_equal(b, a).yes else dims.minimum(a, b)
    if dims.less(shorter, 0).yes:
        return 0
    return shorter if dims.less_equal(0, shorter).yes else dims.maximum(0, shorter)


@op("torch.diagonal, torch.Tensor.diagonal, torch.diagonal_copy", "input, offset=0, dim1=0, dim2=1")
@op("torch.linalg.diagonal", "A, *, offset=0, dim1=-2, dim2=-1")
def diagonal(need: Need, offset: Any, dim1: Any, dim2: Any, **x: Tensor) -> Tensor:
    """Two axes become one, their diagonal, which is the last."""
    (input,) = x.values()
    a, b = need.axis(dim1, input.rank, what="dim1"), need.axis(dim2, input.rank, what="dim2")
    if a == b or not input.shape:
        need.refuse("call-refused", f"a diagonal needs two axes, dim1 and dim2 are both {a}")
    rest = [s for i, s in enumerate(input.shape) if i not in (a, b)]
    return input.with_shape(
        *rest, diagonal_length(input.shape[a], input.shape[b], need.concrete(offset, "offset"))
    )


@op("torch.diag, torch.Tensor.diag", "input, diagonal=0")
def diag(need: Need, input: Tensor, diagonal: Any) -> Tensor:
    """The square matrix of a vector, or the diagonal of a matrix."""
    need.rank(input, 1, 2)
    offset = need.concrete(diagonal, "diagonal")
    if input.rank == 1:
        side = input.shape[0] + abs(offset)
        return input.with_shape(side, side)
    rows, columns = input.shape
    return input.with_shape(diagonal_length(rows, columns, offset))


@op("torch.diagflat, torch.Tensor.diagflat", "input, offset=0")
def diagflat(need: Need, input: Tensor, offset: Any) -> Tensor:
    """The square matrix with all values on a diagonal."""
    side = input.numel + abs(need.concrete(offset, "offset"))
    return input.with_shape(side, side)


@op("torch.diag_embed, torch.Tensor.diag_embed", "input, offset=0, dim1=-2, dim2=-1")
def diag_embed(need: Need, input: Tensor, offset: Any, dim1: Any, dim2: Any) -> Tensor:
    """The last axis becomes two, on whose diagonal it is."""
    rank = input.rank + 1
    a, b = need.axis(dim1, rank, what="dim1"), need.axis(dim2, rank, what="dim2")
    if a == b or not input.shape:
        need.refuse("call-refused", f"a diagonal needs two axes, dim1 and dim2 are both {a}")
    side = input.shape[-1] + abs(need.concrete(offset, "offset"))
    shape = list(input.shape[:-1])
    for axis in sorted((a, b)):
        shape.insert(axis, side)
    return input.with_shape(*shape)


@op("torch.diagonal_scatter, torch.Tensor.diagonal_scatter", "input, src, offset=0, dim1=0, dim2=1")
def diagonal_scatter(need: Need, input: Tensor, src: Tensor, offset: Any, dim1: Any, dim2: Any) -> Tensor:
    """The input's shape; src has that of its diagonal."""
    wanted = diagonal(need, offset, dim1, dim2, input=input).shape
    if src.rank != len(wanted):
        need.refuse("wrong-rank", f"src has {src.rank} axes, the diagonal has {len(wanted)}")
    for i, (have, size) in enumerate(zip(src.shape, wanted, strict=True)):
        need.equal(have, size, "index-out-of-range", f"axis {i} of src", "the diagonal's")
    return input.like()


@op(
    "torch.tril, torch.triu, torch.Tensor.tril, torch.Tensor.triu, torch.Tensor.tril_, torch.Tensor.triu_",
    "input, diagonal=0",
)
def triangle(need: Need, input: Tensor, diagonal: Any) -> Tensor:
    """Matrices with one triangle set to zero."""
    if input.known:
        need.axes(input, "* m n")
    return input.like()


@op("torch.tril_indices, torch.triu_indices", "row, col, offset=0, *, dtype=None, device=None, layout=None")
def triangle_indices(
    need: Need, row: Any, col: Any, offset: Any, dtype: Any, device: Any, layout: Any
) -> Tensor:
    """Row and column of every element of a triangle."""
    rows, columns = need.dim(row, "row"), need.dim(col, "col")
    if dims.less(rows, 0).yes or dims.less(columns, 0).yes:
        need.refuse("call-refused", f"there are no matrices of {rows} rows and {columns} columns")
    name = dtype_name(dtype, "int64")
    if rows is columns and offset == 0:
        count: Dim = rows * (rows + 1) // 2
    elif rows is columns and need.op.endswith("triu_indices") and offset == 1:
        count = rows * (rows - 1) // 2
    elif isinstance(rows, int) and isinstance(columns, int) and isinstance(offset, int):
        lower = _under(rows, columns, offset)
        count = lower if "tril" in need.op else rows * columns - _under(rows, columns, offset - 1)
    else:
        count = need.fresh("n")
    return need.tensor((2, count), name)


def _under(rows: int, columns: int, offset: int) -> int:
    """How many elements of a matrix lie on or under a diagonal: in row i, the first i + 1 + offset."""
    first = min(max(0, -offset), rows)  # the first row that has any
    full = min(max(first, columns - 1 - offset), rows)  # the first that has all
    growing = (full - first) * (first + full + 1 + 2 * offset) // 2
    return growing + (rows - full) * columns


def summed_dtype(dtype: str | None) -> str | None:
    """Integers and bools are summed as int64."""
    return dtype if dtype is None or is_float(dtype) or is_complex(dtype) else "int64"


@op("torch.trace, torch.Tensor.trace", "input")
def trace(need: Need, input: Tensor) -> Tensor:
    """The sum of a matrix's diagonal."""
    need.rank(input, 2)
    return input.with_shape(dtype=summed_dtype(input.dtype))


@op("torch.Tensor.unfold, torch.unfold_copy", "input, dimension, size, step")
def unfold(need: Need, input: Tensor, dimension: Any, size: Any, step: Any) -> Tensor:
    """Windows over an axis: their number in its place, their size as a new last axis."""
    axis = need.axis(dimension, input.rank)
    have = input.shape[axis] if input.shape else 1
    window, stride = need.dim(size, "size"), need.dim(step, "step")
    if dims.less(window, 0).yes or dims.less(stride, 1).yes:
        need.refuse("call-refused", f"windows of size {window} cannot be taken {stride} apart")
    if not need.at_least(
        have, window, "kernel-larger-than-input", f"axis {axis} of the input", "the window's size"
    ):
        need.refuse("kernel-larger-than-input", "there is no such window")
    if not input.shape:
        return input.with_shape(window)
    return input.with_shape(
        *input.shape[:axis], (have - window) // stride + 1, *input.shape[axis + 1 :], window
    )


@op(
    "torch.as_strided, torch.as_strided_, torch.Tensor.as_strided, torch.Tensor.as_strided_, torch.as_strided_copy",
    "input, size, stride, storage_offset=None",
)
def as_strided(need: Need, input: Tensor, size: Any, stride: Any, storage_offset: Any) -> Tensor:
    """Any sizes and strides over the same memory."""
    sizes, strides = sizes_of(need, (size,)), sizes_of(need, (stride,))
    if len(sizes) != len(strides):
        need.refuse("call-refused", f"there are {len(sizes)} sizes and {len(strides)} strides")
    for what, given in (("size", sizes), ("stride", strides)):
        if any(dims.less(n, 0).yes for n in given):
            need.refuse("call-refused", f"no {what} may be negative: {show(given)}")
    return input.with_shape(*sizes)


@op(
    "torch.as_strided_scatter, torch.Tensor.as_strided_scatter",
    "input, src, size, stride, storage_offset=None",
)
def as_strided_scatter(
    need: Need, input: Tensor, src: Tensor, size: Any, stride: Any, storage_offset: Any
) -> Tensor:
    """The input's shape; src has that of the strided part."""
    wanted = as_strided(need, input, size, stride, storage_offset).shape
    if src.known and src.rank != len(wanted):
        need.refuse("wrong-rank", f"src has {src.rank} axes, the place for it has {len(wanted)}")
    for i, (have, place) in enumerate(zip(src.shape, wanted, strict=True)):
        need.equal(have, place, "index-out-of-range", f"axis {i} of src", "the place for it")
    return input.like()
