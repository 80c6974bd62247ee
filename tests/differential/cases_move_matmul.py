"""Cases for matrix products."""

from __future__ import annotations

import math
from typing import Any

from shapelint.values.torch_types import DType
from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_move_permute import some_axes
from tests.differential.compare import Op, T


def size(rng: Rng) -> int:
    return rng.choice((0, 1, 2, 3, 4, 5))


def off(rng: Rng, n: int, p: float = 0.06) -> int:
    """`n`, sometimes something else."""
    return n + 1 if rng.often(p) else n


def dtype(rng: Rng, *shapes: tuple[int, ...]) -> str:
    """Mostly single precision; torch's answers about other dtypes differ where there are no values."""
    if rng.often(0.95) or not all(map(math.prod, shapes)):
        return "float32"
    return rng.choice(("float64", "float16", "int64"))


@cases(
    "torch.matmul",
    "torch.Tensor.matmul",
    "torch.Tensor.__matmul__",
    "torch.linalg.matmul",
    "torch.Tensor.__rmatmul__",
)
def matmul(rng: Rng) -> Case:
    k, m, n = size(rng), size(rng), size(rng)
    batch = rng.shape(rng.randint(0, 3), 1, 4)

    def some() -> tuple[int, ...]:
        kept = tuple(s if rng.often(0.8) else 1 for s in batch)
        return kept[rng.randint(0, len(kept)) :] if rng.often(0.95) else (*kept[:-1], 7)

    a = rng.choice(((k,), (m, k), (*some(), m, k), (*some(), m, k), () if rng.often(0.2) else (m, k)))
    k = off(rng, k)
    b = rng.choice(((k,), (k, n), (*some(), k, n), (*some(), k, n), () if rng.often(0.2) else (k, n)))
    x, y = T(a, dtype(rng, a, b)), T(b, dtype(rng, a, b))
    device = "cpu" if x.dtype != y.dtype else "meta"
    if rng.name.endswith("__rmatmul__"):
        return Op(rng.name, (y, x), device=device)
    return Op(rng.name, (x, y), device=device)


@cases(
    "torch.mm", "torch.Tensor.mm", "torch.spmm", "torch.sparse.mm", "torch.mv", "torch.Tensor.mv", "torch.bmm",
    "torch.Tensor.bmm",
)  # fmt: skip
def products(rng: Rng) -> Case:
    k, m, n, b = size(rng), size(rng), size(rng), size(rng)
    batch = (b,) if "bmm" in rng.name else ()
    x = (*batch, m, k)
    if batch:
        batch = (off(rng, b),)
    y = (off(rng, k),) if rng.name.endswith("mv") else (*batch, off(rng, k), n)
    if rng.often(0.05):
        x = x[1:]
    if rng.often(0.05):
        y = (2, *y)
    a, c = T(x, dtype(rng, x, y)), T(y, dtype(rng, x, y))
    return Op(rng.name, (a, c), device="cpu" if a.dtype != c.dtype else "meta")


@cases(
    "torch.addmm", "torch.Tensor.addmm", "torch.Tensor.addmm_", "torch.addmv", "torch.addmv_",
    "torch.Tensor.addmv", "torch.Tensor.addmv_",
    "torch.addbmm", "torch.Tensor.addbmm", "torch.Tensor.addbmm_", "torch.baddbmm", "torch.Tensor.baddbmm",
    "torch.Tensor.baddbmm_", "torch.addr", "torch.Tensor.addr", "torch.Tensor.addr_",
)  # fmt: skip
def added(rng: Rng) -> Case:
    k, m, n, b = rng.shape(4, 1, 5)  # without values torch lets nearly everything pass
    name = rng.name
    batch = (b,) if "bmm" in name else ()
    x: tuple[int, ...] = (m,) if "addr" in name else (*batch, m, off(rng, k))
    y: tuple[int, ...] = (n,) if "addr" in name else (k,) if "addmv" in name else (*batch, k, n)
    result = (*(batch if "badd" in name else ()), m, *(() if "addmv" in name else (n,)))
    base = tuple(s if rng.often(0.9) else 1 for s in result)
    base = base[rng.choice((0, 0, 0, len(base), 1)) :]
    if base and rng.often(0.08):
        base = (*base[:-1], base[-1] + 1)
    if rng.often(0.05):
        base = (1, *base)
    if name.endswith(".addbmm_"):
        base = result
    return Op(name, (T(base), T(x), T(y)), device="cpu")


@cases("torch.nn.functional.grouped_mm", "torch._grouped_mm")
def grouped_mm(rng: Rng) -> Case:
    """Sizes are multiples of 8: kernels want rows that begin at multiples of 16 bytes. torch counts no FLOPs for it."""
    k, m, n = (8 * rng.randint(1, 3) for _ in range(3))
    groups = rng.randint(1, 4)
    a: tuple[int, ...] = (m, k) if rng.often(0.7) else (off(rng, groups), m, k)
    k += 8 * rng.often(0.1)
    b: tuple[int, ...] = (k, n) if rng.often(0.2) else (off(rng, groups), k, n)
    if rng.often(0.05):
        a = (*a, 8)
    x, y = T(a, dtype(rng, a, b)), T(b, dtype(rng, a, b))
    keywords: dict[str, Any] = {}
    if (len(a) == 2 or len(b) == 2) is not rng.often(0.1):
        keywords["offs"] = T((groups,), "int32", high=8)
    if rng.often(0.2):
        keywords["out_dtype"] = DType("float32")
    return Op(rng.name, (x, y), keywords, device="cpu", flops=False)


@cases("torch.linalg.multi_dot", "torch.chain_matmul")
def multi_dot(rng: Rng) -> Case:
    count = rng.randint(1, 5)
    p = [rng.randint(0 if rng.often(0.1) else 1, 9) for _ in range(count + 1)]
    shapes: list[Any] = [(p[i], off(rng, p[i + 1], 0.02)) for i in range(count)]
    if rng.often(0.2):
        shapes[0] = shapes[0][1:]
    if rng.often(0.2):
        shapes[-1] = shapes[-1][:1]
    xs = [T(s) for s in shapes]
    return Op(rng.name, tuple(xs) if rng.name.startswith("torch.chain") else (xs,))


@cases("torch.tensordot")
def tensordot(rng: Rng) -> Case:
    count = rng.randint(0, 3)
    shared = rng.shape(count, 0, 4)
    extra_a, extra_b = rng.shape(rng.randint(0, 2)), rng.shape(rng.randint(0, 2))
    if rng.often(0.4):
        b = tuple(off(rng, s, 0.05) if rng.often(0.9) else 1 for s in shared)
        return Op(rng.name, (T(extra_a + shared), T(b + extra_b), count if rng.often(0.95) else count + 1))
    a = list(extra_a + shared)
    b_shape = list(extra_b)
    left = some_axes(rng, len(a), count)
    right: list[int] = []
    for axis in left:
        place = rng.randint(0, len(b_shape))
        right = [r + (r >= place) for r in right] + [place]
        b_shape.insert(place, off(rng, a[axis], 0.05) if -len(a) <= axis < len(a) else 2)
    return Op(rng.name, (T(tuple(a)), T(tuple(b_shape)), (left, right)))


@cases("torch.kron", "torch.Tensor.kron")
def kron(rng: Rng) -> Case:
    return Op(rng.name, (T(rng.shape(rng.randint(0, 3)), dtype(rng)), T(rng.shape(rng.randint(0, 3)))))
