"""Cases for diagonals, triangles and windows."""

from __future__ import annotations

import math
from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_move_reshape import DTYPES, axis, tensor
from tests.differential.compare import Op, T


@cases(
    "torch.diagonal", "torch.Tensor.diagonal", "torch.diagonal_copy", "torch.linalg.diagonal", "torch.diag_embed",
    "torch.Tensor.diag_embed", "torch.diagonal_scatter", "torch.Tensor.diagonal_scatter",
)  # fmt: skip
def diagonal(rng: Rng) -> Case:
    x = T(rng.shape(rng.choice((2, 2, 3, 4, 1, 0)), 0, 4))
    rank = len(x.shape) + ("embed" in rng.name)
    keywords: dict[str, Any] = {}
    if rng.often(0.6):
        keywords["offset"] = rng.randint(-4, 4)
    if rng.often(0.5):
        keywords |= {"dim1": axis(rng, rank), "dim2": axis(rng, rank)}
    if "scatter" in rng.name:
        src = list(x.shape[2:])
        if len(x.shape) > 1:
            offset = keywords.get("offset", 0)
            src.append(max(0, min(x.shape[0] + min(0, offset), x.shape[1] - max(0, offset))))
        keywords.pop("dim1", None)
        keywords.pop("dim2", None)
        if src and rng.often(0.1):
            src[-1] += 1
        return Op(rng.name, (x, T(tuple(src))), keywords, device="cpu")
    return Op(rng.name, (x,), keywords)


@cases("torch.diag", "torch.Tensor.diag", "torch.diagflat", "torch.Tensor.diagflat")
def diag(rng: Rng) -> Case:
    x = T(rng.shape(rng.choice((1, 2, 2, 1, 3, 0)), 0, 4))
    return Op(rng.name, (x, *([rng.randint(-5, 5)] if rng.often(0.6) else [])))


@cases(
    "torch.tril",
    "torch.triu",
    "torch.Tensor.tril",
    "torch.Tensor.triu",
    "torch.Tensor.tril_",
    "torch.Tensor.triu_",
)
def triangle(rng: Rng) -> Case:
    return Op(rng.name, (tensor(rng), *([rng.randint(-3, 3)] if rng.often(0.5) else [])))


@cases("torch.tril_indices", "torch.triu_indices")
def indices(rng: Rng) -> Case:
    n = rng.randint(0, 5)
    return Op(rng.name, (n, n if rng.often(0.5) else rng.randint(0, 5), rng.randint(-4, 4)))


@cases("torch.trace", "torch.Tensor.trace")
def trace(rng: Rng) -> Case:
    return Op(
        rng.name,
        (T(rng.shape(rng.choice((2, 2, 2, 1, 3))), rng.choice([d for d in DTYPES if d != "bool"])),),
        device="cpu",
    )


@cases("torch.Tensor.unfold", "torch.unfold_copy")
def unfold(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), 0, 6))
    return Op(
        rng.name,
        (
            x,
            axis(rng, len(x.shape)),
            rng.randint(-1 if rng.often(0.1) else 0, 4),
            rng.randint(0 if rng.often(0.1) else 1, 3),
        ),
    )


@cases(
    "torch.as_strided",
    "torch.Tensor.as_strided",
    "torch.as_strided_copy",
    "torch.as_strided_scatter",
    "torch.Tensor.as_strided_scatter",
)
def as_strided(rng: Rng) -> Case:
    sizes = rng.shape(rng.randint(0, 3), 1, 3)
    strides = rng.shape(len(sizes) if rng.often(0.9) else len(sizes) + 1, 0, 3)
    if "scatter" in rng.name:
        strides = tuple(math.prod(sizes[i + 1 :]) for i in range(len(sizes)))
        src = sizes if rng.often(0.9) else (*sizes, 2)
        return Op(rng.name, (T((64,)), T(src), sizes, strides), device="cpu")
    return Op(rng.name, (T((64,)), sizes, strides))
