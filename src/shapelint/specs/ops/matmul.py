"""Matrix products. MACs are those of the mm and bmm that torch makes of them; mv and dot count nothing, as in torch."""

from __future__ import annotations

import itertools
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.broadcast import broadcast
from shapelint.shapes.reshape import expand
from shapelint.specs import layouts
from shapelint.specs.arguments import dtype_name, several, spread
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.ops.promotion import result_type
from shapelint.specs.registry import op
from shapelint.values import Shape, Tensor, Unknown
from shapelint.values.torch_types import promote

RULE = "matmul-size-mismatch"


def inner(
    need: Need, left: Dim, right: Dim, of: str = "the first operand", with_: str = "the second operand"
) -> None:
    """The axes summed over must be equally long."""
    need.equal(left, right, RULE, f"the last axis of {of}", f"the axis of {with_} that it meets")


@op("torch.matmul, torch.Tensor.matmul, torch.Tensor.__matmul__", "input, other")
@op("torch.linalg.matmul", "input, other")
def matmul(need: Need, input: Tensor, other: Tensor) -> Tensor:
    """[*, m, k] @ [*, k, n] -> [*, m, n]; a vector counts as a row on the left, as a column on the right."""
    need.axes(input, "* k")
    need.axes(other, "k *")
    left, right = input.shape, other.shape
    rows, columns = left[-2:-1], right[-1:] if len(right) > 1 else ()
    inner(need, left[-1], right[-2] if len(right) > 1 else right[0])
    batch = broadcast(need, left[:-2], right[:-2], rule=RULE)
    result = (*batch, *rows, *columns)
    if not may_be_empty(result):
        same_dtype(need, input=input, other=other)
    if _by_matrices(left, right):
        need.macs(dims.product(result) * left[-1])
    made = input.with_shape(*result)
    # A matrix times a batch is computed the other way round, and seen transposed.
    return layouts.new(made) if len(right) == 2 <= len(left) or 3 <= len(right) <= len(left) else made


def _by_matrices(left: Shape, right: Shape) -> bool:
    """Whether torch calls mm or bmm, not mv or dot."""
    if len(right) == 1:
        return False
    return len(left) > 1 or len(right) == 2 or not dims.equal(left[0], 1).yes


def may_be_empty(shape: Shape) -> bool:
    """Whether there may be no values: torch then does not compare the dtypes of batches."""
    return not dims.equal(dims.product(shape), 0).no


@op("torch.Tensor.__rmatmul__", "input, other")
def rmatmul(need: Need, input: Tensor, other: Tensor) -> Tensor:
    """other @ input."""
    return matmul(need, other, input)


@op("torch.mm, torch.Tensor.mm, torch.spmm", "input, mat2, out_dtype=None")
def mm(need: Need, input: Tensor, mat2: Tensor, out_dtype: Any) -> Tensor:
    """[m, k] x [k, n] -> [m, n]"""
    same_dtype(need, input=input, mat2=mat2)
    m, k = need.axes(input, "m k")
    k2, n = need.axes(mat2, "k n", what="mat2")
    inner(need, k, k2, with_="mat2")
    if not need.op.endswith("_"):  # torch counts nothing in place
        need.macs(m * k * n)
    return layouts.new(input.with_shape(m, n, dtype=dtype_name(out_dtype, "same")))


@op("torch.sparse.mm", "mat1, mat2")
def sparse_mm(need: Need, mat1: Tensor, mat2: Tensor) -> Tensor:
    """[m, k] x [k, n] -> [m, n], in an order that hangs on the layouts; torch counts nothing of it."""
    same_dtype(need, mat1=mat1, mat2=mat2)
    m, k = need.axes(mat1, "m k")
    k2, n = need.axes(mat2, "k n", what="mat2")
    inner(need, k, k2, with_="mat2")
    return mat1.with_shape(m, n)


@op("torch.bmm, torch.Tensor.bmm", "input, mat2, out_dtype=None")
def bmm(need: Need, input: Tensor, mat2: Tensor, out_dtype: Any) -> Tensor:
    """[b, m, k] x [b, k, n] -> [b, m, n]; the batch does not broadcast."""
    b, m, k = need.axes(input, "b m k")
    b2, k2, n = need.axes(mat2, "b k n", what="mat2")
    need.equal(b, b2, RULE, "the batch of the first operand", "the batch of mat2")
    inner(need, k, k2, with_="mat2")
    if not may_be_empty((b, m, n)):
        same_dtype(need, input=input, mat2=mat2)
    if not need.op.endswith(("_", "addbmm")) or need.op.endswith("baddbmm"):  # torch counts nothing for these
        need.macs(b * m * k * n)
    return layouts.new(input.with_shape(b, m, n, dtype=dtype_name(out_dtype, "same")))


@op("torch.nn.functional.grouped_mm", "mat_a, mat_b, *, offs=None, bias=None, out_dtype=None")
@op("torch._grouped_mm", "mat_a, mat_b, offs=None, bias=None, out_dtype=None")
def grouped_mm(
    need: Need, mat_a: Tensor, mat_b: Tensor, offs: Tensor | None, bias: Any, out_dtype: Any
) -> Tensor:
    """One product for each group. A matrix is cut into groups where `offs` says; a batch of matrices has one for each:
    [m, k] x [g, k, n] -> [m, n], [g, m, k] x [k, n] -> [m, n], [m, k] x [k, n] -> [g, m, n], [g, m, k] x [g, k, n] -> [g, m, n].
    Each row (each column of the second) is in one group, so MACs are those of one plain product; torch's counter has no formula
    for it. Kernels want rows that begin at multiples of 16 bytes: that is not followed."""
    cut_a, cut_b = (need.rank(x, 2, 3, what=w) == 2 for x, w in ((mat_a, "mat_a"), (mat_b, "mat_b")))
    same_dtype(need, mat_a=mat_a, mat_b=mat_b)
    if mat_a.dtype not in (None, "float32", "bfloat16", "float16"):
        need.refuse("wrong-dtype", f"grouped_mm multiplies float32, bfloat16 or float16, not {mat_a.dtype}")
    if not isinstance(offs, Unknown) and (offs is None) is (cut_a or cut_b):
        need.refuse(
            "call-refused",
            "offs says where a matrix is cut: it goes with one, and not with two batches of matrices",
        )
    if bias is not None and not isinstance(bias, Unknown):
        need.refuse("call-refused", "grouped_mm takes no bias yet")
    (m, k), (k2, n) = mat_a.shape[-2:], mat_b.shape[-2:]
    if not (cut_a and cut_b):
        inner(need, k, k2, "mat_a", "mat_b")
    groups = need.axes(offs, "g", what="offs")[0] if offs is not None else mat_a.shape[0]
    for given, cut in ((mat_a, cut_a), (mat_b, cut_b)):
        if not cut:
            need.equal(given.shape[0], groups, RULE, "the number of matrices", "the number of groups")
    need.macs(m * k * n if cut_a or cut_b else groups * m * k * n)
    shape = (m, n) if cut_a is not cut_b else (groups, m, n)
    return layouts.new(mat_a.with_shape(*shape, dtype=dtype_name(out_dtype, "same")))


@op("torch.mv, torch.Tensor.mv", "input, vec")
def mv(need: Need, input: Tensor, vec: Tensor) -> Tensor:
    """[m, k] x [k] -> [m]"""
    same_dtype(need, input=input, vec=vec)
    m, k = need.axes(input, "m k")
    (k2,) = need.axes(vec, "k", what="vec")
    inner(need, k, k2, with_="vec")
    return input.with_shape(m)


def _added(need: Need, input: Tensor, shape: Shape) -> None:
    """`input` must expand to the product's shape."""
    if input.known:
        expand(need, input.shape, shape)


@op("torch.addmm, torch.Tensor.addmm, torch.Tensor.addmm_", "input, mat1, mat2, *, beta=1, alpha=1")
def addmm(need: Need, input: Tensor, mat1: Tensor, mat2: Tensor, beta: Any, alpha: Any) -> Tensor:
    """input + mat1 @ mat2"""
    same_dtype(need, mat1=mat1, mat2=mat2, input=input)
    result = mm(need, mat1, mat2, None)
    _in_place(need, input, result.shape)
    return result


@op("torch.baddbmm, torch.Tensor.baddbmm, torch.Tensor.baddbmm_", "input, batch1, batch2, *, beta=1, alpha=1")
def baddbmm(need: Need, input: Tensor, batch1: Tensor, batch2: Tensor, beta: Any, alpha: Any) -> Tensor:
    """input + batch1 @ batch2"""
    same_dtype(need, batch1=batch1, batch2=batch2, input=input)
    result = bmm(need, batch1, batch2, None)
    _in_place(need, input, result.shape)
    return result


@op("torch.addbmm, torch.Tensor.addbmm, torch.Tensor.addbmm_", "input, batch1, batch2, *, beta=1, alpha=1")
def addbmm(need: Need, input: Tensor, batch1: Tensor, batch2: Tensor, beta: Any, alpha: Any) -> Tensor:
    """input + the sum over the batch of batch1 @ batch2"""
    same_dtype(need, batch1=batch1, batch2=batch2, input=input)
    _, m, n = bmm(need, batch1, batch2, None).shape
    _in_place(need, input, (m, n))
    return input.with_shape(m, n)


@op(
    "torch.addmv, torch.addmv_, torch.Tensor.addmv, torch.Tensor.addmv_",
    "input, mat, vec, *, beta=1, alpha=1",
)
def addmv(need: Need, input: Tensor, mat: Tensor, vec: Tensor, beta: Any, alpha: Any) -> Tensor:
    """input + mat @ vec"""
    same_dtype(need, mat=mat, vec=vec, input=input)
    result = mv(need, mat, vec)
    _in_place(need, input, result.shape)
    return result


@op("torch.addr, torch.Tensor.addr, torch.Tensor.addr_", "input, vec1, vec2, *, beta=1, alpha=1")
def addr(need: Need, input: Tensor, vec1: Tensor, vec2: Tensor, beta: Any, alpha: Any) -> Tensor:
    """input + the outer product of two vectors"""
    (m,) = need.axes(vec1, "m", what="vec1")
    (n,) = need.axes(vec2, "n", what="vec2")
    _in_place(need, input, (m, n))
    return input.with_shape(m, n, dtype=result_type(need, vec1, vec2, input))


def _in_place(need: Need, input: Tensor, shape: Shape) -> None:
    _added(need, input, shape)
    if need.op.endswith("_") and not need.op.endswith(".addbmm_") and input.known:  # addbmm_ grows it
        if input.rank != len(shape):
            need.refuse("wrong-rank", f"the input must have {len(shape)} axes, it has {input.rank}")
        for i, (have, made) in enumerate(zip(input.shape, shape, strict=True)):
            need.equal(have, made, RULE, f"axis {i} of the input", "the product's size")


@op("torch.linalg.multi_dot", "tensors")
@op("torch.chain_matmul", "*tensors")
def multi_dot(need: Need, tensors: Any) -> Tensor:
    """The product of matrices in the cheapest order; the first and the last may be vectors."""
    xs: tuple[Tensor, ...] = spread(tensors, "the matrices")
    chain = need.op == "torch.chain_matmul"
    if len(xs) < (1 if chain else 2):
        need.refuse("call-refused", "there must be at least two matrices")
    shapes: list[Shape] = []
    for i, x in enumerate(xs):
        end = i in (0, len(xs) - 1) and not chain
        rank = need.rank(x, *((1, 2) if end else (2,)), what=f"matrix {i}")
        shapes.append(x.shape if rank == 2 else (1, *x.shape) if i == 0 else (*x.shape, 1))
    same_dtype(need, **{f"matrix {i}": x for i, x in enumerate(xs)})
    for a, b in itertools.pairwise(shapes):
        inner(need, a[-1], b[0])
    if len(xs) > 1:
        need.macs(_cheapest(need, [s[0] for s in shapes] + [shapes[-1][1]]))
    result = (*xs[0].shape[:-1], *xs[-1].shape[1:])
    return xs[0].with_shape(*result)


def _cheapest(need: Need, p: list[Dim]) -> Dim:
    """MACs of the order that torch chooses for matrices [p0, p1], [p1, p2], … (CLRS, 15.2)."""
    n = len(p) - 1
    cost: dict[tuple[int, int], Dim] = {(i, i): 0 for i in range(n)}
    for span in range(1, n):
        for i in range(n - span):
            j = i + span
            choices = [cost[i, k] + cost[k + 1, j] + p[i] * p[k + 1] * p[j + 1] for k in range(i, j)]
            best = choices[0]
            for choice in choices[1:]:
                best = dims.minimum(best, choice)
            cost[i, j] = best
    return cost[0, n - 1]


@op("torch.tensordot", "a, b, dims=2")
def tensordot(need: Need, a: Tensor, b: Tensor, dims: Any) -> Tensor:
    """Sums over axes of a against axes of b; the other axes remain, a's first."""
    left, right = _summed(need, a, b, dims)
    rest_a = [s for i, s in enumerate(a.shape) if i not in left]
    rest_b = [s for i, s in enumerate(b.shape) if i not in right]
    common: Dim = 1
    for i, j in zip(left, right, strict=True):
        x, y = need.resolve(a.shape[i]), need.resolve(b.shape[j])
        if _is_one(x) or _is_one(y):  # torch sums the other one alone
            continue
        if not dims_equal(x, y).no or (dims_equal(x, 1).no and dims_equal(y, 1).no):
            need.equal(x, y, RULE, f"axis {i} of a", f"axis {j} of b")
        common = common * x
    same_dtype(need, a=a, b=b)
    if not _is_one(product(rest_a)) or not _is_one(product(rest_b)):  # else it is a dot
        need.macs(product([*rest_a, *rest_b, common]))
    return a.with_shape(*rest_a, *rest_b)


product, dims_equal = dims.product, dims.equal  # tensordot has an argument named dims


def _is_one(size: Dim) -> bool:
    return dims.equal(size, 1).yes


def _summed(need: Need, a: Tensor, b: Tensor, axes: Any) -> tuple[list[int], list[int]]:
    if not is_sequence(axes):
        count = need.concrete(axes, "dims")
        if count < 0 or count > min(a.rank, b.rank):
            need.refuse(
                "axis-out-of-range", f"{count} axes cannot be summed over: there are {a.rank} and {b.rank}"
            )
        return list(range(a.rank - count, a.rank)), list(range(count))
    pair = sequence(axes, "dims")
    if len(pair) != 2 or len(several(pair[0])) != len(several(pair[1])):
        need.refuse("call-refused", "dims must be two lists of equal length")
    left = [need.axis(d, a.rank) for d in several(pair[0])]
    right = [need.axis(d, b.rank) for d in several(pair[1])]
    if len(set(left)) < len(left) or len(set(right)) < len(right):
        need.refuse("call-refused", "dims names an axis twice")
    return left, right


@op("torch.kron, torch.Tensor.kron", "input, other")
def kron(need: Need, input: Tensor, other: Tensor) -> Tensor:
    """Sizes multiply, aligned at the last axes."""
    rank = max(input.rank, other.rank)
    a = (1,) * (rank - input.rank) + input.shape
    b = (1,) * (rank - other.rank) + other.shape
    return input.with_shape(
        *(x * y for x, y in zip(a, b, strict=True)), dtype=promote(input.dtype, other.dtype)
    )
