"""Cases for reductions and running results: no axis, one, several, out of range, empty; every dtype."""

from __future__ import annotations

from typing import Any

from shapelint.values import DType
from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_ops_binary import DTYPES, both, dtype, on_ones, partner
from tests.differential.compare import Op, T, find_torch


def _tensor(rng: Rng, low: int = 0) -> T:
    return T(rng.shape(rng.randint(0, 4), low if rng.often(0.8) else 0, 4), dtype(rng))


def _axis(rng: Rng, x: T) -> int:
    span = max(len(x.shape), 1)
    return rng.randint(-span, span - 1) if rng.often(0.93) else rng.randint(-5, 5)


def _axes(rng: Rng, x: T) -> Any:
    if rng.often(0.5):
        return _axis(rng, x)
    axes = [_axis(rng, x) for _ in range(rng.randint(0, 3))]
    axes = list(dict.fromkeys(axes)) if rng.often(0.9) else axes
    return axes if rng.often(0.3) else tuple(axes)


def _case(rng: Rng, *args: Any, **keywords: Any) -> Case:
    return Op(rng.name, args, keywords, on_ones(find_torch(rng.name)), device="cpu")


def _keep(rng: Rng) -> dict[str, Any]:
    name = "keepdim" if rng.often(0.9) else "keepdims"
    return {name: rng.often(0.5)} if rng.often(0.6) else {}


@cases(*both("sum", "nansum", "prod", "mean", "nanmean", "all", "any", "amax", "amin", "logsumexp"))
def several(rng: Rng) -> Case:
    x = _tensor(rng, 1)
    keywords: dict[str, Any] = {}
    name = rng.name.rsplit(".", 1)[1]
    if name in ("sum", "nansum", "prod", "mean", "nanmean") and rng.often(0.3):
        keywords["dtype"] = DType(rng.choice(DTYPES))
        if "nan" in name or x.dtype.startswith("complex"):
            keywords = {}
    if rng.often(0.25) and name != "logsumexp":
        return _case(rng, x, **keywords)
    axes = _axis(rng, x) if name == "prod" and rng.often() else _axes(rng, x)
    if rng.often(0.7):
        return _case(rng, x, axes, **_keep(rng), **keywords)
    return _case(rng, x, **{rng.choice(("dim", "axis")): axes}, **_keep(rng), **keywords)


@cases(*both("max", "min", "argmax", "argmin", "aminmax", "median", "nanmedian"))
def one(rng: Rng) -> Case:
    x = _tensor(rng, 1)
    name = rng.name.rsplit(".", 1)[1]
    if rng.often(0.25):
        return _case(rng, x)
    if name in ("max", "min") and rng.often(0.3):
        return _case(rng, x, T(partner(rng, x.shape), dtype(rng)))
    if name == "aminmax" or rng.often(0.3):
        return _case(rng, x, dim=_axis(rng, x), **_keep(rng))
    return _case(rng, x, _axis(rng, x), **_keep(rng))


@cases(*both("count_nonzero"))
def count(rng: Rng) -> Case:
    x = _tensor(rng)
    return _case(rng, x, _axes(rng, x)) if rng.often(0.7) else _case(rng, x)


@cases(*both("std", "var"), "torch.std_mean", "torch.var_mean")
def spread(rng: Rng) -> Case:
    x = _tensor(rng, 1)
    form = rng.randint(0, 5)
    if form == 0:
        return _case(rng, x)
    if form == 1:
        return _case(rng, x, rng.often(0.5))
    if form == 2:
        return _case(rng, x, _axes(rng, x), rng.often(0.5), rng.often(0.5))
    if form == 3:
        return _case(rng, x, unbiased=rng.often(0.5))
    return _case(rng, x, _axes(rng, x), correction=rng.choice((0, 1, 2)), **_keep(rng))


@cases(*both("norm"))
def norm(rng: Rng) -> Case:
    x = _tensor(rng, 1)
    p = rng.choice(("fro", 2, 1, float("inf"), 0.5, 2.0, 0))
    keywords = _keep(rng)
    if "keepdims" in keywords:
        keywords = {}
    if rng.often(0.4):
        return _case(rng, x, p) if rng.often(0.7) else _case(rng, x)
    return _case(rng, x, p, _axes(rng, x), **keywords)


@cases(
    *both("cumsum", "cumprod", "cummax", "cummin", "logcumsumexp"),
    "torch.Tensor.cumsum_",
    "torch.Tensor.cumprod_",
)
def running(rng: Rng) -> Case:
    x = _tensor(rng)
    keywords = (
        {"dtype": DType(rng.choice(DTYPES))} if rng.name.endswith(("sum", "prod")) and rng.often(0.2) else {}
    )
    if rng.name.endswith("logcumsumexp") or x.dtype.startswith("complex"):
        keywords = {}
    return _case(rng, x, _axis(rng, x), **keywords)


@cases(*both("diff"))
def diff(rng: Rng) -> Case:
    x = _tensor(rng, 1)
    axis = _axis(rng, x)
    keywords: dict[str, Any] = {}
    for name in ("prepend", "append"):
        if rng.often(0.3) and x.shape:
            shape = list(x.shape)
            shape[axis % len(shape)] = rng.randint(0, 2)
            if rng.often(0.1):
                shape[0] += 1
            keywords[name] = T(tuple(shape), x.dtype if rng.often() else dtype(rng))
    if x.dtype == "bool" and keywords:
        keywords = {}
    return _case(rng, x, rng.randint(-1, 4) if rng.often(0.5) else 1, axis, **keywords)


@cases(*both("trapezoid", "trapz", "cumulative_trapezoid"))
def area(rng: Rng) -> Case:
    if rng.name.startswith("torch.Tensor."):
        rng.name = rng.name.replace("torch.Tensor.", "torch.")
    x = _tensor(rng, 1)
    axis = _axis(rng, x)
    if rng.often(0.3) and x.shape:
        length = x.shape[axis % len(x.shape)] if rng.often() else 3
        return _case(rng, x, T((length,), dtype(rng)), dim=axis)
    return _case(rng, x, dim=axis, dx=0.5) if rng.often(0.5) else _case(rng, x, dim=axis)


@cases("torch.gradient")
def gradient(rng: Rng) -> Case:
    x = _tensor(rng, 2)
    return _case(rng, x) if rng.often(0.4) else _case(rng, x, dim=_axes(rng, x))


@cases(*both("renorm"), "torch.Tensor.renorm_")
def renorm(rng: Rng) -> Case:
    x = _tensor(rng)
    return _case(rng, x, 2, _axis(rng, x), 1.0)


@cases(*both("cov", "corrcoef"))
def cov(rng: Rng) -> Case:
    return _case(rng, _tensor(rng, 1))
