"""Systems of linear equations."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.broadcast import broadcast
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need
from shapelint.specs.ops.linalg import RULE, floating, matrix
from shapelint.specs.ops.promotion import to_real
from shapelint.specs.registry import op
from shapelint.values import Record, Shape, Tensor, Unranked


@op("torch.linalg.solve", "A, B, *, left=True")
def solve(need: Need, A: Tensor, B: Tensor, left: Any) -> Tensor:
    """[*, n, n], [*, n, k] -> [*, n, k]; B may be a batch of vectors [*, n]"""
    return B.with_shape(*_solved(need, A, B, left))


@op("torch.linalg.solve_ex", "A, B, *, left=True, check_errors=False")
def solve_ex(need: Need, A: Tensor, B: Tensor, left: Any, check_errors: Any) -> Record:
    """solve, and whether it worked"""
    result = B.with_shape(*_solved(need, A, B, left))
    return Record((result, A.with_shape(*A.shape[:-2], dtype="int32")), ("result", "info"))


def _solved(need: Need, A: Tensor, B: Tensor, left: Any) -> Shape:
    batch, n, _ = matrix(need, A, "A", square=True)
    need.axes(B, "n *", what="B")
    same_dtype(need, A=A, B=B)
    if is_vectors(need, A, B):
        if not left:
            need.refuse("call-refused", "left=False takes matrices only")
        need.equal(B.shape[-1], n, RULE, "the size of B", "the number of rows of A")
        return (*broadcast(need, batch, B.shape[:-1]), B.shape[-1])
    rows, columns = B.shape[-2:]
    need.equal(rows if left else columns, n, RULE, "the size of B that meets A", "the number of rows of A")
    return (*broadcast(need, batch, B.shape[:-2]), rows, columns)


def is_vectors(need: Need, A: Tensor, B: Tensor) -> bool:
    """Whether B is a batch of vectors: one vector, or the shape of A without its last axis."""
    if B.rank == 1:
        return True
    if B.rank != A.rank - 1:
        return False
    same = [dims.equal(a, b) for a, b in zip(A.shape, B.shape, strict=False)]
    if any(verdict.no for verdict in same):
        return False
    if not all(verdict.yes for verdict in same):
        need.unknown("whether the right side holds vectors or matrices is not known")
    return True


def _right(need: Need, n: Dim, batch: Shape, B: Tensor, left: Any = True) -> Shape:
    """The shape of B, whose rows (columns when not left) number n, with the batch broadcast."""
    *others, rows, columns = need.axes(B, "* n k", what="the right side")
    need.equal(
        rows if left else columns, n, RULE, "the size of the right side that meets the matrix", "the matrix's"
    )
    return (*broadcast(need, batch, tuple(others)), rows, columns)


@op("torch.linalg.solve_triangular", "A, B, *, upper, left=True, unitriangular=False")
def solve_triangular(need: Need, A: Tensor, B: Tensor, upper: Any, left: Any, unitriangular: Any) -> Tensor:
    """[*, n, n], [*, n, k] -> [*, n, k]"""
    batch, n, _ = matrix(need, A, "A", square=True)
    return B.with_shape(*_right(need, n, batch, B, left))


@op(
    "torch.triangular_solve, torch.Tensor.triangular_solve",
    "b, A, upper=True, transpose=False, unitriangular=False",
)
def triangular_solve(need: Need, b: Tensor, A: Tensor, **options: Any) -> Record:
    """solve_triangular, and the matrix"""
    batch, n, _ = matrix(need, A, "A", square=True)
    same_dtype(need, A=A, b=b)
    shape = _right(need, n, batch, b)
    return Record((b.with_shape(*shape), A.with_shape(*shape[:-2], n, n)), ("solution", "cloned_coefficient"))


@op("torch.cholesky_solve, torch.Tensor.cholesky_solve", "B, L, upper=False")
def cholesky_solve(need: Need, B: Tensor, L: Tensor, upper: Any) -> Tensor:
    """[*, n, k], [*, n, n] -> [*, n, k]"""
    batch, n, _ = matrix(need, L, "L", square=True)
    same_dtype(need, L=L, B=B)
    return B.with_shape(*_right(need, n, batch, B))


@op("torch.linalg.lu_solve", "LU, pivots, B, *, left=True, adjoint=False")
@op("torch.lu_solve, torch.Tensor.lu_solve", "B, LU, pivots")
def lu_solve(
    need: Need, LU: Tensor, pivots: Tensor, B: Tensor, left: Any = True, adjoint: Any = False
) -> Tensor:
    """[*, n, n], [*, n], [*, n, k] -> [*, n, k]"""
    batch, n, _ = matrix(need, LU, "LU", square=True)
    same_dtype(need, LU=LU, B=B)
    need.equal(
        need.axes(pivots, "* n", what="pivots")[-1], n, RULE, "the number of pivots", "the number of rows"
    )
    return B.with_shape(*_right(need, n, batch, B, left))


@op("torch.linalg.ldl_solve", "LD, pivots, B, *, hermitian=False")
def ldl_solve(need: Need, LD: Tensor, pivots: Tensor, B: Tensor, hermitian: Any) -> Tensor:
    """[*, n, n], [*, n], [*, n, k] -> [*, n, k]"""
    batch, n, _ = matrix(need, LD, "LD", square=True)
    need.equal(
        need.axes(pivots, "* n", what="pivots")[-1], n, RULE, "the number of pivots", "the number of rows"
    )
    return B.with_shape(*_right(need, n, batch, B))


@op("torch.linalg.lstsq", "A, B, rcond=None, *, driver=None")
def lstsq(need: Need, A: Tensor, B: Tensor, rcond: Any, driver: Any) -> Record:
    """[*, m, n], [*, m, k] -> solution [*, n, k]; what the other results are depends on the driver and the rank"""
    batch, m, n = matrix(need, A, "A")
    floating(need, B, "B")
    same_dtype(need, A=A, B=B)
    if not 0 <= A.rank - B.rank <= 1:
        need.refuse("wrong-rank", f"A has {A.rank} axes, B has {B.rank}: it must have as many or one less")
    if is_vectors(need, A, B):
        need.equal(B.shape[-1], m, RULE, "the size of B", "the number of rows of A")
        shape: Shape = (*broadcast(need, batch, B.shape[:-1]), n)
    else:
        need.equal(B.shape[-2], m, RULE, "the number of rows of B", "the number of rows of A")
        shape = (*broadcast(need, batch, B.shape[:-2]), n, B.shape[-1])
    unknown = Unranked("the shape depends on the driver and on the rank of the matrix")
    return Record(
        (
            A.with_shape(*shape),
            Tensor(unknown, to_real(A.dtype)),
            Tensor(Unranked(unknown.why), "int64"),
            Tensor(Unranked(unknown.why), to_real(A.dtype)),
        ),
        ("solution", "residuals", "rank", "singular_values"),
    )
