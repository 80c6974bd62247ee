"""Products and distances of vectors that are no matrix products: dot, outer, cross, cdist, dist, similarity."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.shapes.broadcast import broadcast
from shapelint.specs.need import Need
from shapelint.specs.ops.elementwise import elementwise, nonempty, takes, written
from shapelint.specs.ops.promotion import category, result_type, to_float, to_real
from shapelint.specs.registry import op
from shapelint.values import Tensor
from shapelint.values.torch_types import promote


def _same_dtype(need: Need, a: Tensor, b: Tensor) -> None:
    if a.dtype is not None and b.dtype is not None and a.dtype != b.dtype:
        need.refuse("wrong-dtype", f"one operand is {a.dtype}, the other {b.dtype}")


def _no_bool(need: Need, *tensors: Tensor) -> None:
    if any(t.dtype == "bool" for t in tensors):
        need.refuse("wrong-dtype", "a bool cannot be subtracted")


@op("torch.dot, torch.Tensor.dot", "input, tensor, *, out=None")
@op("torch.vdot, torch.Tensor.vdot", "input, other, *, out=None")
def dot(need: Need, input: Tensor, tensor: Any = None, other: Any = None, out: Any = None) -> Tensor:
    """The sum of products of two vectors of one length."""
    second = tensor if other is None else other
    [n] = need.axes(input, "N", rule="wrong-rank")
    [m] = need.axes(second, "N", rule="wrong-rank", what="the second operand")
    _same_dtype(need, input, second)
    need.equal(m, n, "matmul-size-mismatch", "the length of the second vector", "that of the first")
    takes(need, input, "ifc", always=True)
    return written(Tensor((), input.dtype), out)


@op("torch.outer, torch.Tensor.outer, torch.ger, torch.Tensor.ger", "input, vec2, *, out=None")
def outer(need: Need, input: Tensor, vec2: Tensor, out: Any = None) -> Tensor:
    """All products of an element of each: N x M."""
    [n] = need.axes(input, "N")
    [m] = need.axes(vec2, "N", what="the second operand")
    return written(input.with_shape(n, m, dtype=result_type(need, input, vec2)), out)


@op("torch.inner, torch.Tensor.inner", "input, other, *, out=None")
def inner(need: Need, input: Tensor, other: Tensor, out: Any = None) -> Tensor:
    """Sums of products over the last axis of both; a 0-d operand multiplies."""
    if input.rank == 0 or other.rank == 0:
        return written(elementwise(need, input, other, dtype=result_type(need, input, other)), out)
    _same_dtype(need, input, other)
    need.equal(
        other.shape[-1],
        input.shape[-1],
        "matmul-size-mismatch",
        "the other's last axis",
        "the input's last axis",
    )
    shape = (*input.shape[:-1], *other.shape[:-1])
    if not dims.equal(dims.product(shape), 1).yes:  # one number is no matrix product
        need.macs(dims.product(shape) * input.shape[-1])
    made = input.with_shape(*shape)
    if nonempty(input) and nonempty(other):
        takes(need, input, "ifc", what="each operand")
    return written(made, out)


@op("torch.cross, torch.Tensor.cross", "input, other, dim=None, *, out=None")
def cross(need: Need, input: Tensor, other: Tensor, dim: Any = None, out: Any = None) -> Tensor:
    """Vectors of three numbers along `dim` (the first axis of size 3 when not told)."""
    need.rank(other, input.rank, what="the second operand")
    if input.rank == 0:
        need.refuse("wrong-rank", "cross needs vectors")
    shape = broadcast(need, input.shape, other.shape)
    if dim is None:
        found = [i for i, d in enumerate(input.shape) if dims.equal(d, 3).yes]
        if not found:
            if all(dims.equal(d, 3).no for d in input.shape):
                need.refuse("call-refused", "no axis has size 3")
            need.unknown("which axis has size 3 is not known")
        axis = found[0]
    else:
        axis = need.axis(dim, input.rank)
    for x, what in ((input, "the input"), (other, "the second operand")):
        need.equal(x.shape[axis], 3, "call-refused", f"axis {axis} of {what}", "the length of a vector")
    _same_dtype(need, input, other)
    takes(need, input, "ifc", always=True)
    return written(input.with_shape(*shape), out)


@op("torch.cdist", "x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary'")
def cdist(need: Need, x1: Tensor, x2: Tensor, p: Any = 2.0, compute_mode: Any = None) -> Tensor:
    """Distances between all rows of the one and all rows of the other: [..., P, R]."""
    *batch1, rows1, columns1 = need.axes(x1, "* P M", what="x1")
    *batch2, rows2, columns2 = need.axes(x2, "* R M", what="x2")
    for x in (x1, x2):
        takes(need, x, "f", always=True, what="each operand")
    need.equal(columns2, columns1, "matmul-size-mismatch", "the columns of x2", "the columns of x1")
    batch = broadcast(need, tuple(batch1), tuple(batch2))
    if isinstance(p, (int, float)) and p < 0:
        need.refuse("call-refused", f"p must not be negative, it is {p}")
    return x1.with_shape(*batch, rows1, rows2, dtype=result_type(need, x1, x2))


@op("torch.dist, torch.Tensor.dist", "input, other, p=2")
def dist(need: Need, input: Tensor, other: Tensor, p: Any = 2) -> Tensor:
    """The norm of the difference: one number."""
    _no_bool(need, input, other)
    dtype = result_type(need, input, other)
    takes(need, dtype, "fc", what="the operands' common dtype")
    elementwise(need, input, other, dtype=dtype)
    return Tensor((), to_real(dtype))


@op("torch.cosine_similarity, torch.nn.functional.cosine_similarity", "x1, x2, dim=1, eps=1e-08")
def cosine_similarity(need: Need, x1: Tensor, x2: Tensor, dim: Any = 1, eps: Any = 1e-8) -> Tensor:
    """The cosine between vectors along `dim`, which goes."""
    shape = broadcast(need, x1.shape, x2.shape)
    dtype = promote(x1.dtype, x2.dtype)
    takes(need, dtype, "f", what="the operands' common dtype")
    axis = need.axis(dim, len(shape))
    return x1.with_shape(*shape[:axis], *shape[axis + 1 :], dtype=dtype)


@op(
    "torch.pairwise_distance, torch.nn.functional.pairwise_distance",
    "x1, x2, p=2.0, eps=1e-06, keepdim=False",
)
def pairwise_distance(
    need: Need, x1: Tensor, x2: Tensor, p: Any = 2.0, eps: Any = 1e-6, keepdim: Any = False
) -> Tensor:
    """The distance between vectors along the last axis, which goes (or stays as 1)."""
    shape = broadcast(need, x1.shape, x2.shape)
    dtype = to_real(to_float(result_type(need, x1, x2), need.recorder.default_dtype))
    _no_bool(need, x1, x2)
    kept = (1,) if shape and keepdim else ()
    return x1.with_shape(*shape[:-1], *kept, dtype=dtype)


@op("torch.pdist, torch.nn.functional.pdist", "input, p=2.0")
def pdist(need: Need, input: Tensor, p: Any = 2.0) -> Tensor:
    """Distances between all pairs of rows: n(n-1)/2 of them."""
    rows, _ = need.axes(input, "N M")
    if input.dtype is not None and category(input.dtype) != 2:
        need.refuse("wrong-dtype", f"the input must be float, it is {input.dtype}")
    return input.with_shape(rows * (rows - 1) // 2)
