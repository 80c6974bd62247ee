"""Cases for operations that reorder axes or the values along them."""

from __future__ import annotations

import math
from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_move_reshape import axis, given, tensor
from tests.differential.compare import Op


def some_axes(rng: Rng, rank: int, count: int) -> list[int]:
    chosen = [a - rng.choice((0, rank)) for a in rng.sample(range(rank), min(rank, count))]
    if chosen and rng.often(0.12):
        chosen[0] = axis(rng, rank)
    return chosen


@cases("torch.permute", "torch.Tensor.permute", "torch.permute_copy")
def permute(rng: Rng) -> Case:
    x = tensor(rng)
    rank = len(x.shape)
    order = some_axes(rng, rank, rank)
    if rng.often(0.07):
        order = order[1:]
    return Op(rng.name, (x, *(given(rng, order) if "Tensor" in rng.name else (tuple(order),))))


@cases(
    "torch.transpose", "torch.Tensor.transpose", "torch.Tensor.transpose_", "torch.transpose_copy", "torch.swapdims",
    "torch.Tensor.swapdims", "torch.Tensor.swapdims_", "torch.swapaxes", "torch.Tensor.swapaxes", "torch.Tensor.swapaxes_",
)  # fmt: skip
def transpose(rng: Rng) -> Case:
    x = tensor(rng)
    return Op(rng.name, (x, axis(rng, len(x.shape)), axis(rng, len(x.shape))))


@cases("torch.Tensor.T", "torch.Tensor.mT", "torch.Tensor.H", "torch.Tensor.mH")
def attribute(rng: Rng) -> Case:
    name = rng.name.rsplit(".", 1)[1]
    x = tensor(rng, 2, 2) if name in "TH" and rng.often(0.6) else tensor(rng)
    return Op(rng.name, (x,), call=lambda x: getattr(x, name))


@cases(
    "torch.adjoint", "torch.Tensor.adjoint", "torch.fliplr", "torch.Tensor.fliplr", "torch.flipud", "torch.Tensor.flipud"
)  # fmt: skip
def plain(rng: Rng) -> Case:
    return Op(rng.name, (tensor(rng),))


@cases("torch.movedim", "torch.Tensor.movedim", "torch.moveaxis", "torch.Tensor.moveaxis")
def movedim(rng: Rng) -> Case:
    x = tensor(rng)
    rank = len(x.shape)
    if rng.often(0.5):
        return Op(rng.name, (x, axis(rng, rank), axis(rng, rank)))
    count = rng.randint(0, rank)
    a, b = some_axes(rng, rank, count), some_axes(rng, rank, count if rng.often(0.95) else count + 1)
    return Op(rng.name, (x, tuple(a), tuple(b)))


@cases("torch.flip", "torch.Tensor.flip")
def flip(rng: Rng) -> Case:
    x = tensor(rng)
    dims = some_axes(rng, len(x.shape), rng.randint(0, 3))
    return Op(rng.name, (x, *(given(rng, dims) if "Tensor" in rng.name else (tuple(dims),))))


@cases("torch.rot90", "torch.Tensor.rot90")
def rot90(rng: Rng) -> Case:
    x = tensor(rng)
    args: list[Any] = [rng.randint(-3, 4), some_axes(rng, len(x.shape), 2 if rng.often(0.95) else 3)]
    return Op(rng.name, (x, *args[: rng.choice((0, 1, 2, 2))]))


@cases("torch.roll", "torch.Tensor.roll")
def roll(rng: Rng) -> Case:
    x = tensor(rng)
    dims = some_axes(rng, len(x.shape), rng.randint(0, 3))
    steps = tuple(rng.randint(-3, 9) for _ in dims)
    device = "meta" if math.prod(x.shape) else "cpu"  # meta looks at the arguments then, the CPU does not
    form = rng.randrange(4)
    if form == 0:
        return Op(rng.name, (x, rng.randint(-2, 7)), device=device)
    if form == 1:
        return Op(rng.name, (x, rng.randint(-2, 7), axis(rng, len(x.shape))), device=device)
    return Op(rng.name, (x, steps if rng.often(0.9) else (*steps, 1), tuple(dims)), device=device)
