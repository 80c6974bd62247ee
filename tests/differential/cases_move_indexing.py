"""Cases for `x[index]` and `x[index] = value`."""

from __future__ import annotations

import operator
from typing import Any

import torch

from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Op, T


def part(rng: Rng, size: int, left: tuple[int, ...]) -> Any:
    form = rng.choice(("int", "int", "slice", "slice", "slice", "list", "tensor", "nested"))
    if form == "int":
        low = -size if size else -1
        return rng.randint(low, max(0, size - 1)) if rng.often(0.95) else rng.choice((-size - 1, size))
    if form == "slice":

        def bound() -> int | None:
            return rng.randint(-7, 7) if rng.often(0.7) else None

        step = rng.choice((None, None, None, 1, 2, 3)) if rng.often(0.97) else rng.choice((0, -1))
        return slice(bound(), bound(), step)
    if form == "list":
        return [rng.randint(-1, 1) for _ in range(rng.choice((0, 1, 2, 2, 2, 3)))]
    if form == "nested":
        return [[rng.randint(0, 1) for _ in range(2)] for _ in range(rng.randint(1, 2))]
    if rng.often(0.1):
        return T(rng.choice(((2,), (1,), (2, 2))), rng.choice(("int32", "int16", "float32")))
    return T(rng.choice(((2,), (1,), (2, 2), (2, 1), (0,), (3,))), "int64")


def index(rng: Rng, shape: tuple[int, ...]) -> Any:
    parts: list[Any] = []
    axis = 0
    while axis < len(shape) and rng.often(0.8):
        parts.append(part(rng, shape[axis], shape[axis:]))
        axis += 1
    if rng.often(0.03):
        parts.append(0)
    if rng.often(0.3):
        parts.insert(rng.randint(0, len(parts)), None)
    if rng.often(0.05):
        parts.insert(rng.randint(0, len(parts)), rng.often(0.5))
    if rng.often(0.3):
        parts.insert(rng.randint(0, len(parts)), Ellipsis)
    if len(parts) == 1 and rng.often(0.7):
        return parts[0]
    return parts if rng.often(0.03) else tuple(parts)


def masked(rng: Rng, shape: tuple[int, ...]) -> Any:
    """An index with a mask in it. All masks are false here: both sides' counts are compared only as sizes."""
    start = rng.randint(0, len(shape))
    size = shape[start : start + rng.randint(0, 3)]
    if size and rng.often(0.15):
        size = (*size[:-1], size[-1] + 1)
    parts: list[Any] = [slice(None)] * start + [T(size, "bool")]
    if rng.often(0.2):
        parts.append([0])
    if rng.often(0.2):
        parts.insert(0, None)
    if rng.often(0.2):
        parts.append(...)
    return parts[0] if len(parts) == 1 and rng.often(0.5) else tuple(parts)


def sizes(rng: Rng) -> tuple[int, ...]:
    return tuple(
        rng.choice((2, 3, 4, 5, 1, 2, 3, 0 if rng.often(0.3) else 6))
        for _ in range(rng.choice((0, 1, 2, 3, 3, 4)))
    )


@cases("torch.Tensor.__getitem__")
def getitem(rng: Rng) -> Case:
    x = T(sizes(rng))
    if rng.often(0.15):
        return Op(rng.name, (x, masked(rng, x.shape)), call=operator.getitem, device="cpu")
    return Op(rng.name, (x, index(rng, x.shape)), call=operator.getitem, device="cpu")


def assigned(x: Any, i: Any, value: Any) -> Any:
    x[i] = value
    return x


@cases("torch.Tensor.__setitem__")
def setitem(rng: Rng) -> Case:
    x = T(sizes(rng))
    i = index(rng, x.shape)
    value: Any = 1.0
    if rng.often(0.7):
        try:
            taken = tuple(torch.zeros(x.shape)[real(i)].shape)
        except Exception:
            taken = (2,)
        fits = tuple(rng.choice((s, s, 1)) for s in taken)[rng.choice((0, 0, 0, 1)) :]
        if rng.often(0.2):
            fits = (1,) * rng.randint(1, 2) + fits
        if fits and rng.often(0.2):
            fits = (*fits[:-1], fits[-1] + 1)
        value = T(fits)
    return Op(rng.name, (x, i, value), call=assigned, device="cpu")


def real(value: Any) -> Any:
    if isinstance(value, T):
        return torch.zeros(value.shape, dtype=getattr(torch, value.dtype))
    return type(value)(real(v) for v in value) if isinstance(value, (tuple, list)) else value
