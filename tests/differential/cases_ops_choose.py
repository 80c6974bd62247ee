"""Cases for elementwise choices and blends."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_ops_binary import NUMBERS, both, dtype, on_ones, partner
from tests.differential.compare import Op, T, find_torch


def _shape(rng: Rng) -> tuple[int, ...]:
    return rng.shape(rng.randint(0, 4), high=4)


def _value(rng: Rng, shape: tuple[int, ...], p: float = 0.6) -> Any:
    return T(partner(rng, shape), dtype(rng)) if rng.often(p) else rng.choice(NUMBERS)


def _case(rng: Rng, *args: Any, **keywords: Any) -> Case:
    return Op(rng.name, args, keywords, on_ones(find_torch(rng.name)), device="cpu")


@cases("torch.where", "torch.Tensor.where")
def where(rng: Rng) -> Case:
    shape = _shape(rng)
    mask = T(partner(rng, shape), "bool" if rng.often(0.9) else dtype(rng))
    if "Tensor" in rng.name:
        return _case(rng, T(shape, dtype(rng)), mask, _value(rng, shape))
    return _case(rng, mask, _value(rng, shape), _value(rng, shape))


@cases(*both("clamp", "clip"))
def clamp(rng: Rng) -> Case:
    shape = _shape(rng)
    low, high = _value(rng, shape, 0.4), _value(rng, shape, 0.4)
    if isinstance(low, T) != isinstance(high, T):
        # Beside a number torch takes a 0-d tensor for one: not a case for complex32, which a GPU alone computes.
        low, high = (
            T(b.shape, "float64") if isinstance(b, T) and "complex" in b.dtype else b for b in (low, high)
        )
    x = T(shape, dtype(rng))
    if rng.often(0.4):
        return _case(rng, x, **{rng.choice(("min", "max")): low})
    return _case(rng, x, low if rng.often(0.9) else None, high if rng.often(0.9) else None)


@cases(*both("clamp_min", "clamp_max"))
def clamp_one(rng: Rng) -> Case:
    shape = _shape(rng)
    return _case(rng, T(shape, dtype(rng)), _value(rng, shape, 0.4))


@cases(*both("lerp"))
def lerp(rng: Rng) -> Case:
    shape = _shape(rng)
    d = dtype(rng)
    weight = (
        T(partner(rng, shape), d if rng.often() else dtype(rng))
        if rng.often(0.5)
        else rng.choice((0.5, 1, 2.5))
    )
    return _case(rng, T(shape, d), T(partner(rng, shape), d if rng.often(0.9) else dtype(rng)), weight)


@cases(*both("addcmul", "addcdiv"))
def addc(rng: Rng) -> Case:
    shape = _shape(rng)
    tensors = [T(partner(rng, shape), dtype(rng)) for _ in range(2)]
    if "complex" in tensors[0].dtype + tensors[1].dtype:
        return _case(
            rng,
            T(shape, "float32"),
            *(T(t.shape, "float32" if "float16" in t.dtype else t.dtype) for t in tensors),
        )
    keywords = {"value": rng.choice((1, 2, 2.5, True))} if rng.often(0.4) else {}
    return _case(rng, T(shape, dtype(rng)), *tensors, **keywords)


@cases(*both("masked_fill"))
def masked_fill(rng: Rng) -> Case:
    shape = _shape(rng)
    mask = T(partner(rng, shape), "bool" if rng.often(0.9) else dtype(rng))
    value = T(() if rng.often() else (1,), dtype(rng)) if rng.often(0.3) else rng.choice(NUMBERS)
    return _case(rng, T(shape, dtype(rng)), mask, value)
