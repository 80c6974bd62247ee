"""Cases for torch.linalg."""

from __future__ import annotations

from typing import Any

import torch

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_move_reshape import axis
from tests.differential.compare import Op, T

FLOATS = ("float32", "float32", "float32", "float64", "complex64")


def dtype(rng: Rng) -> str:
    return rng.choice(FLOATS) if rng.often(0.93) else rng.choice(("int64", "bool"))


def device(x: T) -> str:
    """Meta does not look at the dtype."""
    return "meta" if x.dtype in FLOATS else "cpu"


def matrices(rng: Rng, square: bool) -> T:
    m = rng.randint(0, 4)
    shape = (*rng.shape(rng.randint(0, 2), 0, 3), m, m if square and rng.often(0.9) else rng.randint(0, 4))
    if rng.often(0.07) and "cholesky" not in rng.name:
        shape = shape[-1:]
    return T(shape, dtype(rng) if all(shape) else rng.choice(FLOATS))


@cases(
    "torch.linalg.inv", "torch.linalg.matrix_exp", "torch.inverse", "torch.Tensor.inverse", "torch.matrix_exp",
    "torch.Tensor.matrix_exp", "torch.linalg.cholesky", "torch.cholesky", "torch.Tensor.cholesky",
    "torch.cholesky_inverse", "torch.Tensor.cholesky_inverse", "torch.linalg.inv_ex", "torch.linalg.cholesky_ex",
    "torch.linalg.det", "torch.det", "torch.Tensor.det", "torch.logdet", "torch.Tensor.logdet",
    "torch.linalg.slogdet", "torch.slogdet", "torch.Tensor.slogdet", "torch.linalg.eigh", "torch.linalg.eig",
    "torch.linalg.eigvalsh", "torch.linalg.eigvals", "torch.linalg.ldl_factor", "torch.linalg.ldl_factor_ex",
)  # fmt: skip
def square(rng: Rng) -> Case:
    x = matrices(rng, True)
    if rng.name.endswith(".cholesky") and not all(x.shape):
        x = T((2, 3, 3))
    if rng.name.endswith("logdet") and x.dtype == "complex64":
        x = T(x.shape)
    return Op(rng.name, (x,), flops=False, device=device(x))


@cases(
    "torch.linalg.svdvals", "torch.svd", "torch.Tensor.svd", "torch.qr", "torch.Tensor.qr", "torch.geqrf",
    "torch.Tensor.geqrf", "torch.linalg.lu", "torch.linalg.lu_factor", "torch.linalg.lu_factor_ex", "torch.linalg.svd",
    "torch.linalg.qr", "torch.linalg.pinv", "torch.pinverse", "torch.Tensor.pinverse", "torch.linalg.matrix_rank",
    "torch.linalg.cond",
)  # fmt: skip
def any_matrix(rng: Rng) -> Case:
    x = matrices(rng, False)
    keywords: dict[str, Any] = {}
    name = rng.name.rsplit(".", 1)[1]
    if name == "svd" and rng.often(0.5):
        keywords = {"full_matrices": rng.often(0.5)} if "linalg" in rng.name else {"some": rng.often(0.5)}
    if name == "qr" and rng.often(0.6):
        keywords = (
            {"mode": rng.choice(("reduced", "complete", "r", "x"))}
            if "linalg" in rng.name
            else {"some": rng.often(0.5)}
        )
    if name == "lu" and rng.often(0.3) and x.dtype:
        keywords = {"pivot": True}
    cpu = ("pinv", "pinverse", "matrix_rank", "cond", "qr", "geqrf", "svd", "svdvals")
    return Op(rng.name, (x,), keywords, flops=False, device="cpu" if name in cpu else device(x))


@cases("torch.linalg.matrix_power", "torch.matrix_power", "torch.Tensor.matrix_power")
def matrix_power(rng: Rng) -> Case:
    x = matrices(rng, True)
    if x.dtype not in FLOATS:
        x = T(x.shape)
    return Op(rng.name, (x, rng.randint(-2, 5)), flops=False)


def pair(rng: Rng) -> tuple[T, T]:
    n, k = rng.randint(0, 4), rng.randint(0, 3)
    batch = rng.shape(rng.randint(0, 2), 1, 3)

    def some() -> tuple[int, ...]:
        return tuple(s if rng.often(0.8) else 1 for s in batch)[rng.choice((0, 0, len(batch))) :]

    a = T((*some(), n, n if rng.often(0.95) else n + 1), rng.choice(FLOATS))
    b = rng.choice(((n,), (*some(), n, k), (*some(), n, k), (*a.shape[:-1],), (*some(), n)))
    return a, T(
        b if rng.often(0.93) else (*b[:-1], 7),
        a.dtype if rng.often(0.95) or not n or not k or "triangular" in rng.name else "float64",
    )


@cases("torch.linalg.solve", "torch.linalg.solve_ex", "torch.linalg.solve_triangular")
def solve(rng: Rng) -> Case:
    a, b = pair(rng)
    keywords: dict[str, Any] = {"upper": rng.often(0.5)} if "tri" in rng.name else {}
    if rng.often(0.3):
        keywords["left"] = rng.often(0.5)
    return Op(rng.name, (a, b), keywords, flops=False, device="cpu" if "tri" in rng.name else "meta")


@cases(
    "torch.triangular_solve",
    "torch.Tensor.triangular_solve",
    "torch.cholesky_solve",
    "torch.Tensor.cholesky_solve",
)
def old_solve(rng: Rng) -> Case:
    a, b = pair(rng)
    return Op(rng.name, (b, a), flops=False)


@cases("torch.linalg.lstsq")
def lstsq(rng: Rng) -> Case:
    batch = rng.shape(rng.randint(0, 2), 1, 3)
    m, n, k = rng.randint(1, 4), rng.randint(1, 4), rng.randint(1, 3)
    a = T((*batch, m, n), rng.choice(FLOATS))
    b = T(rng.choice(((m,), (*batch, m, k), (*batch, m), (*batch, m + 1, k))), a.dtype)
    return Op(rng.name, (a, b), flops=False, device="cpu")


@cases("torch.linalg.householder_product", "torch.orgqr", "torch.Tensor.orgqr")
def householder_product(rng: Rng) -> Case:
    m = rng.randint(0, 4)
    n = rng.randint(0, m) if rng.often(0.9) else m + 1
    k = rng.randint(0, n) if rng.often(0.9) else n + 1
    batch = rng.shape(rng.randint(0, 2), 1, 2)
    kind = rng.choice(FLOATS)
    return Op(
        rng.name, (T((*batch, m, n), kind), T((*(batch if rng.often(0.95) else ()), k), kind)), flops=False
    )


@cases("torch.linalg.vander")
def vander(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 3), 0, 3), dtype(rng))
    return Op(rng.name, (x,), {"N": rng.randint(0, 5)} if rng.often(0.5) else {})


@cases("torch.linalg.cross", "torch.linalg.vecdot")
def cross(rng: Rng) -> Case:
    rank = rng.randint(0, 3)
    d = axis(rng, rank)
    shapes = []
    base = rng.shape(rank, 1, 3)
    whole = "cross" in rng.name
    for _ in range(2):
        shape = [s if rng.often(0.8) else 1 for s in base]
        if whole and shape and -rank <= d < rank:
            shape[d] = 3 if rng.often(0.95) else 2
        if rng.often(0.04):
            shape = shape[1:]
        shapes.append(T(tuple(shape)))
    return Op(rng.name, tuple(shapes), {"dim": d})


@cases("torch.linalg.vector_norm", "torch.linalg.norm", "torch.linalg.matrix_norm")
def norm(rng: Rng) -> Case:
    x = T(rng.shape(rng.choice((0, 1, 2, 2, 3)), 1, 4), dtype(rng))
    rank = len(x.shape)
    keywords: dict[str, Any] = {}
    if rng.often(0.6):
        count = rng.choice((1, 2, 2, 3))
        keywords["dim"] = tuple(axis(rng, rank) for _ in range(count))
        if count == 1 and rng.often(0.5):
            keywords["dim"] = keywords["dim"][0]
    if rng.often(0.4):
        keywords["keepdim"] = rng.often(0.5)
    if rng.often(0.4):
        orders: tuple[Any, ...] = (1, 2, float("inf"), -1, 0, 3)
        if "vector" not in rng.name:
            orders = ("fro", "nuc", 1, 2, float("inf"), -2, 3)
        keywords["ord"] = rng.choice(orders)
    return Op(rng.name, (x,), keywords, device="cpu", flops=False)


@cases("torch.linalg.tensorinv")
def tensorinv(rng: Rng) -> Case:
    shape = rng.choice(((4, 6, 8, 3), (6, 4, 3, 8), (2, 2, 4), (3, 3), (2, 3, 5), (24, 8, 3), (0, 3, 0)))
    return Op(
        rng.name,
        (T(shape),),
        {"ind": rng.randint(0, 3)} if rng.often(0.7) else {},
        flops=False,
        call=torch.linalg.tensorinv,
    )


@cases("torch.svd_lowrank", "torch.pca_lowrank")
def lowrank(rng: Rng) -> Case:
    x = T((*rng.shape(rng.randint(0, 1), 1, 2), rng.randint(1, 8), rng.randint(1, 8)))
    return Op(rng.name, (x,), {"q": rng.randint(1, 8)} if rng.often(0.7) else {}, device="cpu", flops=False)


@cases("torch.lu", "torch.Tensor.lu", "torch.lu_unpack")
def lu(rng: Rng) -> Case:
    x = T((*rng.shape(rng.randint(0, 2), 1, 3), rng.randint(1, 4), rng.randint(1, 4)))
    if rng.name == "torch.lu_unpack":
        pivots = T((*x.shape[:-2], min(x.shape[-2:])), "int32")
        return Op(rng.name, (x, pivots, rng.often(0.7), rng.often(0.7)), flops=False)
    return Op(rng.name, (x,), {"get_infos": True} if rng.often(0.4) else {}, device="cpu", flops=False)


@cases("torch.ormqr", "torch.Tensor.ormqr")
def ormqr(rng: Rng) -> Case:
    m, n, left = rng.randint(1, 4), rng.randint(1, 4), rng.often(0.5)
    batch = rng.shape(rng.randint(0, 2), 1, 3)
    k = rng.randint(1, m)
    other = (
        (*batch, m if rng.often(0.9) else m + 1, n) if left else (*batch, n, m if rng.often(0.9) else m + 1)
    )
    return Op(rng.name, (T((*batch, m, k)), T((*batch, k)), T(other), left), flops=False)
