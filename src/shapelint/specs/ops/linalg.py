"""torch.linalg and its older names: decompositions, inverses, determinants. Batches of matrices are [*, m, n]."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.broadcast import broadcast
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, is_sequence, show
from shapelint.specs.ops.promotion import result_type, to_real
from shapelint.specs.registry import op
from shapelint.values import Record, Shape, Tensor, Undetermined, Unknown
from shapelint.values.torch_types import complex_of, is_complex, is_float

RULE = "matmul-size-mismatch"


def matrix(need: Need, x: Tensor, what: str = "the input", *, square: bool = False) -> tuple[Shape, Dim, Dim]:
    """Batch, rows and columns of floating point matrices."""
    *batch, rows, columns = need.axes(x, "* m n", what=what)
    if square:
        need.equal(rows, columns, RULE, f"the number of rows of {what}", "that of its columns")
    floating(need, x, what)
    return tuple(batch), rows, columns


def floating(need: Need, x: Tensor, what: str = "the input") -> None:
    if x.dtype is not None and not is_float(x.dtype) and not is_complex(x.dtype):
        need.refuse("wrong-dtype", f"{what} must be floating point or complex, it is {x.dtype}")


def to_complex(dtype: str | None) -> str | None:
    return dtype if dtype is None or is_complex(dtype) else complex_of(dtype)


def smaller(a: Dim, b: Dim) -> Dim:
    if dims.less_equal(a, b).yes:
        return a
    return b if dims.less_equal(b, a).yes else dims.minimum(a, b)


@op("torch.linalg.inv", "A")
@op("torch.linalg.matrix_exp", "A")
@op("torch.inverse, torch.Tensor.inverse, torch.matrix_exp, torch.Tensor.matrix_exp", "input")
@op("torch.linalg.cholesky", "A, *, upper=False")
@op(
    "torch.cholesky, torch.Tensor.cholesky, torch.cholesky_inverse, torch.Tensor.cholesky_inverse",
    "input, upper=False",
)
@op("torch.linalg.matrix_power", "A, n")
@op("torch.matrix_power, torch.Tensor.matrix_power", "input, n")
def square(need: Need, upper: Any = None, n: Any = None, **x: Tensor) -> Tensor:
    """[*, n, n] -> [*, n, n]"""
    (input,) = x.values()
    matrix(need, input, square=True)
    return input.like()


@op("torch.linalg.inv_ex", "A, *, check_errors=False")
@op("torch.linalg.cholesky_ex", "A, *, upper=False, check_errors=False")
def square_ex(need: Need, A: Tensor, check_errors: Any, upper: Any = None) -> Record:
    """[*, n, n] -> [*, n, n] and whether it worked"""
    batch, _, _ = matrix(need, A, square=True)
    first = "L" if "cholesky" in need.op else "inverse"
    return Record((A.like(), A.with_shape(*batch, dtype="int32")), (first, "info"))


@op("torch.linalg.det", "A")
@op("torch.det, torch.Tensor.det, torch.logdet, torch.Tensor.logdet", "input")
def det(need: Need, **x: Tensor) -> Tensor:
    """[*, n, n] -> [*]"""
    (input,) = x.values()
    return input.with_shape(*matrix(need, input, square=True)[0])


@op("torch.linalg.slogdet", "A")
@op("torch.slogdet, torch.Tensor.slogdet", "input")
def slogdet(need: Need, **x: Tensor) -> Record:
    """[*, n, n] -> sign [*], logarithm [*]"""
    (input,) = x.values()
    batch, _, _ = matrix(need, input, square=True)
    return Record(
        (input.with_shape(*batch), input.with_shape(*batch, dtype=to_real(input.dtype))),
        ("sign", "logabsdet"),
    )


@op("torch.linalg.cond", "A, p=None")
def cond(need: Need, A: Tensor, p: Any) -> Tensor:
    """[*, m, n] -> [*]; only the norms 2 and -2 take other than square matrices"""
    batch, _, _ = matrix(need, A, square=p not in (None, 2, -2))
    return A.with_shape(*batch, dtype=to_real(A.dtype))


@op("torch.linalg.matrix_rank", "A, tol=None, *, atol=None, rtol=None, hermitian=False")
def matrix_rank(need: Need, A: Tensor, tol: Any, atol: Any, rtol: Any, hermitian: Any) -> Tensor:
    """[*, m, n] -> [*]"""
    return A.with_shape(*matrix(need, A, square=hermitian is True)[0], dtype="int64")


@op("torch.linalg.pinv", "A, rcond=None, hermitian=False, *, atol=None, rtol=None")
@op("torch.pinverse, torch.Tensor.pinverse", "input, rcond=1e-15")
def pinv(
    need: Need, rcond: Any, hermitian: Any = False, atol: Any = None, rtol: Any = None, **x: Tensor
) -> Tensor:
    """[*, m, n] -> [*, n, m]"""
    (input,) = x.values()
    batch, rows, columns = matrix(need, input, square=hermitian is True)
    return input.with_shape(*batch, columns, rows)


@op("torch.linalg.svd", "A, full_matrices=True, *, driver=None")
def svd(need: Need, A: Tensor, full_matrices: Any, driver: Any) -> Record:
    """[*, m, n] -> U [*, m, m], S [*, k], Vh [*, n, n] with k = min(m, n); without full_matrices [*, m, k] and [*, k, n]"""
    batch, m, n = matrix(need, A)
    k = smaller(m, n)
    u, vh = ((m, m), (n, n)) if full_matrices else ((m, k), (k, n))
    return Record(
        (
            A.with_shape(*batch, *u),
            A.with_shape(*batch, k, dtype=to_real(A.dtype)),
            A.with_shape(*batch, *vh),
        ),
        ("U", "S", "Vh"),
    )


@op("torch.svd, torch.Tensor.svd", "input, some=True, compute_uv=True")
def old_svd(need: Need, input: Tensor, some: Any, compute_uv: Any) -> Record:
    """As torch.linalg.svd, but V [*, n, k], and all singular vectors only when not `some`"""
    batch, m, n = matrix(need, input)
    k = smaller(m, n)
    u, v = ((m, k), (n, k)) if some and compute_uv else ((m, m), (n, n))
    return Record(
        (
            input.with_shape(*batch, *u),
            input.with_shape(*batch, k, dtype=to_real(input.dtype)),
            input.with_shape(*batch, *v),
        ),
        ("U", "S", "V"),
    )


@op("torch.linalg.svdvals", "A, *, driver=None")
def svdvals(need: Need, A: Tensor, driver: Any) -> Tensor:
    """[*, m, n] -> [*, min(m, n)]"""
    batch, m, n = matrix(need, A)
    return A.with_shape(*batch, smaller(m, n), dtype=to_real(A.dtype))


@op("torch.svd_lowrank", "A, q=6, niter=2, M=None")
@op("torch.pca_lowrank", "A, q=None, center=True, niter=2")
def lowrank(need: Need, A: Tensor, q: Any, **_: Any) -> tuple[Tensor, ...]:
    """[*, m, n] -> [*, m, q], [*, q], [*, n, q]"""
    batch, m, n = matrix(need, A)
    k = smaller(m, n)
    if q is None or "svd" in need.op:
        k = smaller(k, 6 if q is None else need.dim(q, "q"))
    else:
        need.at_least(k, need.dim(q, "q"), "call-refused", "the smaller side of the matrix", "q")
        k = need.dim(q, "q")
    return (A.with_shape(*batch, m, k), A.with_shape(*batch, k), A.with_shape(*batch, n, k))


@op("torch.linalg.qr", "A, mode='reduced'")
def qr(need: Need, A: Tensor, mode: Any) -> Record:
    """[*, m, n] -> Q [*, m, k], R [*, k, n] with k = min(m, n), or m when complete; mode "r" gives no Q"""
    batch, m, n = matrix(need, A)
    if isinstance(mode, Unknown):
        raise Undetermined(mode.why, mode)
    if mode not in ("reduced", "complete", "r"):
        need.refuse("call-refused", f"mode must be reduced, complete or r, it is {mode!r}")
    k = m if mode == "complete" else smaller(m, n)
    q = A.with_shape(0) if mode == "r" else A.with_shape(*batch, m, k)
    return Record((q, A.with_shape(*batch, k, n)), ("Q", "R"))


@op("torch.qr, torch.Tensor.qr", "input, some=True")
def old_qr(need: Need, input: Tensor, some: Any) -> Record:
    """torch.linalg.qr, reduced or complete"""
    return qr(need, input, "reduced" if some else "complete")


@op("torch.geqrf, torch.Tensor.geqrf", "input")
def geqrf(need: Need, input: Tensor) -> Record:
    """[*, m, n] -> [*, m, n] and [*, min(m, n)]"""
    batch, m, n = matrix(need, input)
    return Record((input.like(), input.with_shape(*batch, smaller(m, n))), ("a", "tau"))


@op("torch.linalg.eigh", "A, UPLO='L'")
@op("torch.linalg.eig", "A")
def eig(need: Need, A: Tensor, UPLO: Any = "L") -> Record:
    """[*, n, n] -> eigenvalues [*, n], eigenvectors [*, n, n]; complex for eig"""
    batch, n, _ = matrix(need, A, square=True)
    hermitian = need.op.endswith("eigh")
    values, vectors = (to_real(A.dtype), A.dtype) if hermitian else (to_complex(A.dtype),) * 2
    return Record((A.with_shape(*batch, n, dtype=values), A.like(vectors)), ("eigenvalues", "eigenvectors"))


@op("torch.linalg.eigvalsh", "A, UPLO='L'")
@op("torch.linalg.eigvals", "A")
def eigvals(need: Need, A: Tensor, UPLO: Any = "L") -> Tensor:
    """[*, n, n] -> [*, n]"""
    batch, n, _ = matrix(need, A, square=True)
    return A.with_shape(*batch, n, dtype=to_real(A.dtype) if need.op.endswith("sh") else to_complex(A.dtype))


@op("torch.linalg.lu", "A, *, pivot=True")
def lu(need: Need, A: Tensor, pivot: Any) -> Record:
    """[*, m, n] -> P [*, m, m], L [*, m, k], U [*, k, n]"""
    batch, m, n = matrix(need, A)
    k = smaller(m, n)
    p = A.with_shape(*batch, m, m) if pivot else A.with_shape(0)
    return Record((p, A.with_shape(*batch, m, k), A.with_shape(*batch, k, n)), ("P", "L", "U"))


@op("torch.linalg.lu_factor", "A, *, pivot=True")
@op("torch.linalg.lu_factor_ex", "A, *, pivot=True, check_errors=False")
@op("torch.linalg.ldl_factor", "A, *, hermitian=False")
@op("torch.linalg.ldl_factor_ex", "A, *, hermitian=False, check_errors=False")
def factor(need: Need, A: Tensor, **_: Any) -> Record:
    """[*, m, n] -> [*, m, n] and pivots [*, min(m, n)]"""
    ldl = "ldl" in need.op
    batch, m, n = matrix(need, A, square=ldl)
    results = [A.like(), A.with_shape(*batch, m if ldl else smaller(m, n), dtype="int32")]
    fields = ["LD" if ldl else "LU", "pivots"]
    if need.op.endswith("_ex"):
        results.append(A.with_shape(*batch, dtype="int32"))
        fields.append("info")
    return Record(tuple(results), tuple(fields))


@op("torch.linalg.householder_product", "A, tau")
@op("torch.orgqr, torch.Tensor.orgqr", "input, tau")
def householder_product(need: Need, tau: Tensor, **x: Tensor) -> Tensor:
    """[*, m, n] with n <= m, and [*, k] with k <= n -> [*, m, n]"""
    (input,) = x.values()
    *batch, m, n = need.axes(input, "* m n")
    *other, k = need.axes(tau, "* k", what="tau")
    need.at_least(m, n, RULE, "the number of rows", "the number of columns")
    need.at_least(n, k, RULE, "the number of columns", "the size of tau")
    if len(batch) != len(other):
        need.refuse(
            "wrong-rank", f"tau has {tau.rank} axes, the input has {input.rank}: it must have one less"
        )
    for a, b in zip(other, batch, strict=True):
        need.equal(a, b, RULE, "a batch size of tau", "that of the input")
    same_dtype(need, input=input, tau=tau)
    return input.like()


@op("torch.linalg.tensorinv", "A, ind=2")
def tensorinv(need: Need, A: Tensor, ind: Any) -> Tensor:
    """[a…, b…] -> [b…, a…], where both parts hold equally many values and a has `ind` axes"""
    at = need.concrete(ind, "ind")
    if at < 1:
        need.refuse("call-refused", f"ind must be positive, it is {at}")
    first, second = A.shape[:at], A.shape[at:]
    need.equal(
        dims.product(first),
        dims.product(second),
        RULE,
        f"the product of the first {at} sizes",
        "that of the others",
    )
    return A.with_shape(*second, *first)


@op("torch.linalg.tensorsolve", "A, B, dims=None")
def tensorsolve(need: Need, A: Tensor, B: Tensor, dims: Any) -> Tensor:
    """The x of tensordot(A, x, x.ndim) == B: its axes are the last ones of A"""
    shape = list(A.shape)
    if dims is not None:
        for d in dims if is_sequence(dims) else (dims,):
            axis = need.axis(d, A.rank)
            shape.append(shape[axis])
            shape[axis] = -1
        shape = [s for s in shape if s != -1]
    rest = shape[B.rank :]
    need.equal(
        B.numel, _product(rest), RULE, "the number of values of B", "the product of the last sizes of A"
    )
    return A.with_shape(*rest)


_product = dims.product


@op("torch.linalg.vander", "x, *, N=None")
def vander(need: Need, x: Tensor, N: Any) -> Tensor:
    """[*, n] -> [*, n, N]: the powers of every number"""
    if x.dtype == "bool":
        need.refuse("wrong-dtype", "bools have no powers")
    shape = x.shape or (1,)
    powers = shape[-1] if N is None else need.dim(N, "N")
    if dims.less_equal(powers, 1).yes:
        need.refuse("call-refused", f"N must be greater than 1, it is {show((powers,))}")
    dtype = x.dtype if x.dtype is None or is_float(x.dtype) or is_complex(x.dtype) else "int64"
    return x.with_shape(*shape, powers, dtype=dtype)


@op("torch.linalg.cross", "input, other, *, dim=-1")
def cross(need: Need, input: Tensor, other: Tensor, dim: Any) -> Tensor:
    """The cross products of vectors of 3 along an axis; the other axes broadcast"""
    if input.rank != other.rank:
        need.refuse("wrong-rank", f"the input has {input.rank} axes, other has {other.rank}")
    if not input.shape:
        need.refuse("wrong-rank", "a number is no vector")
    axis = need.axis(dim, input.rank)
    for name, x in (("the input", input), ("other", other)):
        need.equal(x.shape[axis], 3, RULE, f"axis {axis} of {name}", "the size of a vector")
    return input.with_shape(*broadcast(need, input.shape, other.shape), dtype=result_type(need, input, other))


@op("torch.linalg.vecdot", "x, y, *, dim=-1")
def vecdot(need: Need, x: Tensor, y: Tensor, dim: Any) -> Tensor:
    """Dot products along an axis; the other axes broadcast"""
    same_dtype(need, x=x, y=y)
    if x.rank == 1 and y.rank == 1:  # torch.dot, which looks at no axis
        need.equal(x.shape[0], y.shape[0], RULE, "the size of x", "the size of y")
        return x.with_shape()
    shape = broadcast(need, x.shape, y.shape)
    axis = need.axis(dim, len(shape))
    return x.with_shape(*shape[:axis], *shape[axis + 1 :])


@op("torch.lu, torch.Tensor.lu", "A, pivot=True, get_infos=False")
def old_lu(need: Need, A: Tensor, pivot: Any, get_infos: Any) -> tuple[Tensor, ...]:
    """[*, m, n] -> [*, m, n] and pivots [*, min(m, n)]"""
    batch, m, n = matrix(need, A)
    results = (A.like(), A.with_shape(*batch, smaller(m, n), dtype="int32"))
    return (*results, A.with_shape(*batch, dtype="int32")) if get_infos else results


@op("torch.lu_unpack", "LU_data, LU_pivots, unpack_data=True, unpack_pivots=True")
def lu_unpack(need: Need, LU_data: Tensor, LU_pivots: Tensor, unpack_data: Any, unpack_pivots: Any) -> Record:
    """[*, m, n] -> P [*, m, m], L [*, m, k], U [*, k, n]; what is not asked for is empty"""
    batch, m, n = matrix(need, LU_data)
    k = smaller(m, n)
    shapes = [(*batch, m, m) if unpack_pivots else (0,)]
    shapes += [(*batch, m, k), (*batch, k, n)] if unpack_data else [(0,), (0,)]
    return Record(tuple(LU_data.with_shape(*shape) for shape in shapes), ("P", "L", "U"))


@op("torch.ormqr, torch.Tensor.ormqr", "input, tau, other, left=True, transpose=False")
def ormqr(need: Need, input: Tensor, tau: Tensor, other: Tensor, left: Any, transpose: Any) -> Tensor:
    """The shape of `other`, which is multiplied by an orthogonal matrix"""
    need.axes(other, "* m n", what="other")
    rows = need.axes(input, "* m k")[-2]
    need.equal(
        other.shape[-2 if left else -1],
        rows,
        RULE,
        "the side of other that is multiplied",
        "the input's rows",
    )
    return other.like()
