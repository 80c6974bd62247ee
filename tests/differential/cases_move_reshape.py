"""Cases for view, reshape, flatten, squeeze, expand, repeat."""

from __future__ import annotations

import math
from typing import Any

from shapelint.values import DType
from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Op, T

DTYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "uint8", "bool", "complex64")


def tensor(rng: Rng, low: int = 0, high: int = 4, least: int = 0) -> T:
    return T(rng.shape(rng.randint(low, high), least, 5), rng.choice(DTYPES))


def axis(rng: Rng, rank: int) -> int:
    span = max(rank, 1)
    return rng.randrange(-span, span) if rng.often(0.93) else rng.choice((-span - 1, span))


def factors(rng: Rng, number: int) -> list[int]:
    """Sizes whose product is `number`, most of the time."""
    sizes = []
    for _ in range(rng.randint(0, 4)):
        if number == 0:
            sizes.append(rng.randint(0, 3))
            continue
        sizes.append(rng.choice([d for d in range(1, number + 1) if number % d == 0]))
        number //= sizes[-1]
    if number != 1 or rng.often(0.2):
        sizes.append(number)
    rng.shuffle(sizes)
    if sizes and rng.often(0.5):
        sizes[rng.randrange(len(sizes))] = -1
    if sizes and rng.often(0.15):
        sizes[rng.randrange(len(sizes))] = rng.randint(-2, 5)
    return sizes


def given(rng: Rng, values: list[Any]) -> tuple[Any, ...]:
    """The arguments one by one, as a tuple, or as a list."""
    if values and rng.often(0.4):
        return tuple(values)
    return (tuple(values),) if rng.often(0.5) else (list(values),)


@cases("torch.reshape", "torch.Tensor.reshape", "torch.Tensor.view", "torch.view_copy")
def reshape(rng: Rng) -> Case:
    x = tensor(rng)
    sizes = factors(rng, math.prod(x.shape))
    if rng.name.startswith("torch.Tensor"):
        if rng.name.endswith("view") and rng.often(0.2):
            return Op(rng.name, (x, DType(rng.choice(DTYPES))))
        return Op(rng.name, (x, *given(rng, sizes)))
    return Op(rng.name, (x, rng.choice((tuple(sizes), list(sizes)))))


@cases("torch.Tensor.view_as", "torch.Tensor.reshape_as")
def view_as(rng: Rng) -> Case:
    x = tensor(rng)
    other = T(tuple(abs(s) for s in factors(rng, math.prod(x.shape))))
    return Op(rng.name, (x, other))


@cases("torch.flatten", "torch.Tensor.flatten")
def flatten(rng: Rng) -> Case:
    x = tensor(rng)
    args = [axis(rng, len(x.shape)) for _ in range(rng.randint(0, 2))]
    if len(args) == 2 and rng.often(0.6):
        args.sort(key=lambda a: a % max(1, len(x.shape)))
    return Op(rng.name, (x, *args))


@cases("torch.ravel", "torch.Tensor.ravel", "torch.t", "torch.Tensor.t", "torch.Tensor.t_", "torch.t_copy")
def plain(rng: Rng) -> Case:
    return Op(rng.name, (tensor(rng),))


@cases("torch.unflatten", "torch.Tensor.unflatten")
def unflatten(rng: Rng) -> Case:
    x = tensor(rng)
    rank = len(x.shape)
    d = axis(rng, rank)
    sizes = factors(rng, x.shape[d] if -rank <= d < rank else 3)
    return Op(rng.name, (x, d, rng.choice((tuple(sizes), list(sizes)))))


@cases("torch.squeeze", "torch.Tensor.squeeze", "torch.Tensor.squeeze_", "torch.squeeze_copy")
def squeeze(rng: Rng) -> Case:
    x = T(tuple(rng.choice((1, 1, 2, 0, 3)) for _ in range(rng.randint(0, 4))))
    rank = len(x.shape)
    form = rng.randrange(3)
    if form == 0:
        return Op(rng.name, (x,))
    if form == 1 or rng.name.endswith("_"):
        return Op(rng.name, (x, axis(rng, rank)))
    return Op(rng.name, (x, tuple(axis(rng, rank) for _ in range(rng.randint(0, 3)))))


@cases("torch.unsqueeze", "torch.Tensor.unsqueeze", "torch.Tensor.unsqueeze_", "torch.unsqueeze_copy")
def unsqueeze(rng: Rng) -> Case:
    x = tensor(rng)
    return Op(rng.name, (x, axis(rng, len(x.shape) + 1)))


@cases("torch.Tensor.expand", "torch.broadcast_to", "torch.Tensor.broadcast_to", "torch.expand_copy")
def expand(rng: Rng) -> Case:
    x = T(tuple(rng.choice((1, 1, 2, 0, 3)) for _ in range(rng.randint(0, 3))))
    sizes = [rng.choice((s, s, -1)) if s != 1 else rng.choice((0, 1, 4, -1)) for s in x.shape]
    sizes = [rng.randint(0, 4) for _ in range(rng.randint(0, 2))] + sizes
    if sizes and rng.often(0.2):
        sizes[rng.randrange(len(sizes))] = rng.randint(-2, 4)
    if sizes and rng.often(0.1):
        sizes.pop()
    if rng.name in ("torch.Tensor.expand",):
        return Op(rng.name, (x, *given(rng, sizes)))
    return Op(rng.name, (x, tuple(sizes)))


@cases("torch.Tensor.expand_as", "torch.Tensor.sum_to_size")
def expand_as(rng: Rng) -> Case:
    x = T(tuple(rng.choice((1, 1, 2, 0, 3)) for _ in range(rng.randint(0, 3))))
    full = tuple(rng.choice((1, s, 4)) if s == 1 else s for s in x.shape)
    full = rng.shape(rng.randint(0, 2)) + full
    if full and rng.often(0.15):
        full = (*full[1:], 5)
    if rng.name.endswith("sum_to_size"):
        return Op(rng.name, (T(full), *given(rng, list(x.shape))))
    return Op(rng.name, (x, T(full)))


@cases("torch.Tensor.repeat", "torch.tile", "torch.Tensor.tile")
def repeat(rng: Rng) -> Case:
    x = tensor(rng)
    times = [rng.choice((0, 1, 2, 3, 1, 2)) for _ in range(max(0, len(x.shape) + rng.randint(-1, 2)))]
    if times and rng.often(0.05):
        times[0] = -1
    if rng.name == "torch.tile":
        return Op(rng.name, (x, tuple(times)))
    return Op(rng.name, (x, *given(rng, times)))


@cases("torch.atleast_1d", "torch.atleast_2d", "torch.atleast_3d")
def atleast(rng: Rng) -> Case:
    xs = tuple(tensor(rng) for _ in range(rng.randint(1, 3)))
    return Op(rng.name, xs if rng.often(0.7) else (list(xs),))
