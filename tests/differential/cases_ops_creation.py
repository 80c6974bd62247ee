"""Cases for tensors made from sizes, values and ranges."""

from __future__ import annotations

from typing import Any

import torch

from shapelint.values import DType
from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_ops_binary import DTYPES, NUMBERS, on_ones, words
from tests.differential.compare import Op, T, find_torch

M = "torch.Tensor."


def _options(rng: Rng) -> dict[str, Any]:
    return {"dtype": DType(rng.choice(DTYPES))} if rng.often(0.4) else {}


def _sizes(rng: Rng) -> tuple[int, ...]:
    return tuple(rng.randint(0, 4) if rng.often(0.97) else -1 for _ in range(rng.randint(0, 4)))


def _spread(rng: Rng, sizes: tuple[int, ...]) -> tuple[Any, ...]:
    form = rng.choice(("one by one", "tuple", "list", "mixed"))
    if form == "tuple":
        return (sizes,)
    if form == "list":
        return (list(sizes),)
    if form == "mixed" and rng.often(0.2):
        return (2.0, *sizes) if rng.often(0.5) else (sizes, 2)
    return sizes


@cases("torch.zeros", "torch.ones", "torch.empty", "torch.rand", "torch.randn")
def sizes(rng: Rng) -> Case:
    if rng.often(0.1):
        return Op(rng.name, (), {"size": _sizes(rng), **_options(rng)}, device="cpu")
    return Op(rng.name, _spread(rng, _sizes(rng)), _options(rng), device="cpu")


@cases(M + "new_zeros", M + "new_ones", M + "new_empty")
def new(rng: Rng) -> Case:
    x = T((2, 3), rng.choice(DTYPES))
    return Op(rng.name, (x, *_spread(rng, _sizes(rng))), _options(rng), device="cpu")


@cases("torch.full", M + "new_full", "torch.full_like")
def full(rng: Rng) -> Case:
    first: Any = (
        T(rng.shape(rng.randint(0, 3)), rng.choice(DTYPES)) if rng.name.endswith("like") else _sizes(rng)
    )
    value = rng.choice((3, 2.5, True))
    args = (T((1,), rng.choice(DTYPES)), first, value) if rng.name.startswith(M) else (first, value)
    if rng.often(0.05) and rng.name == "torch.full":
        args = (2, value)
    return Op(rng.name, args, _options(rng), device="cpu")


@cases("torch.zeros_like", "torch.ones_like", "torch.empty_like", "torch.rand_like", "torch.randn_like")
def like(rng: Rng) -> Case:
    return Op(rng.name, (T(rng.shape(rng.randint(0, 3)), rng.choice(DTYPES)),), _options(rng), device="cpu")


@cases("torch.randint", "torch.randint_like")
def randint(rng: Rng) -> Case:
    low, high = rng.randint(-2, 4), rng.randint(-1, 6)
    bounds = (high,) if rng.often(0.5) else (low, high)
    options = _options(rng)
    if options.get("dtype") == DType("bool") or (options and options["dtype"].name.startswith("u")):
        options, bounds = {}, (2,)
    if rng.name.endswith("like"):
        kind = rng.choice(("int64", "float32", "int32", "complex64"))
        return Op(rng.name, (T(rng.shape(rng.randint(0, 3)), kind), *bounds), options, device="cpu")
    size = _sizes(rng)
    if rng.often(0.3):
        return Op(rng.name, bounds, {"size": size, **options}, device="cpu")
    return Op(rng.name, (*bounds, list(size) if rng.often(0.3) else size), options, device="cpu")


@cases("torch.randperm", "torch.eye")
def square(rng: Rng) -> Case:
    n = rng.randint(-1, 5)
    options = {"dtype": DType("int32")} if rng.often(0.3) else {}
    if rng.name == "torch.eye" and rng.often(0.5):
        return Op(rng.name, (n, rng.randint(-1, 5)), options, device="cpu")
    return Op(rng.name, (n,), options, device="cpu")


@cases("torch.arange")
def arange(rng: Rng) -> Case:
    def number() -> Any:
        return rng.choice((rng.randint(-5, 12), rng.randint(-5, 12), round(rng.uniform(-5, 12), 1)))

    args: tuple[Any, ...] = rng.choice(((number(),), (number(), number()), (number(), number(), number())))
    if len(args) == 3 and rng.often(0.6):
        args = (*sorted(args[:2]), abs(args[2]))
    options = (
        {"dtype": DType(rng.choice(words("int64 int32 float32 float64 uint8 float16")))}
        if rng.often(0.3)
        else {}
    )
    if len(args) < 3 and rng.often(0.2):
        options["end"] = args[-1]
        if rng.often(0.1):
            options["step"] = 2
        args = args[:-1]
    return Op(rng.name, args, options, device="cpu")


@cases("torch.linspace", "torch.logspace")
def spaced(rng: Rng) -> Case:
    args = (rng.choice((0, 1, -2.5)), rng.choice((0, 1, 0.3, 7)), rng.randint(-1, 12))
    options = {"dtype": DType(rng.choice(words("int64 float32 float64 complex64")))} if rng.often(0.3) else {}
    return Op(rng.name, args, options, device="cpu")


def _data(rng: Rng, depth: int) -> Any:
    if depth == 0:
        return rng.choice(NUMBERS[:5]) if rng.often(0.9) else rng.choice((True, 1j))
    length = rng.randint(0, 3)
    item = _data(rng, depth - 1)
    items = [item] * length if rng.often() else [_data(rng, depth - 1) for _ in range(length)]
    return tuple(items) if rng.often(0.2) else items


@cases("torch.tensor", "torch.as_tensor", "torch.asarray", M + "new_tensor", "torch.scalar_tensor")
def data(rng: Rng) -> Case:
    value: Any = _data(rng, rng.randint(0, 3))
    if rng.name == "torch.scalar_tensor":
        return Op(rng.name, (rng.choice((1, 2.5, True)),), device="cpu")
    if rng.often(0.1):
        value = T((2, 3), rng.choice(DTYPES))
    options = {"dtype": DType(rng.choice(words("int64 float32 complex64 bool")))} if rng.often(0.3) else {}
    if "1j" in str(value):
        options = {}
    if rng.name.startswith(M):
        kind = rng.choice(("float32", "int64")) if "1j" not in str(value) else "complex64"
        return Op(rng.name, (T((2,), kind), value), options, device="cpu")
    return Op(rng.name, (value,), options, device="cpu")


@cases("torch.Tensor", "torch.FloatTensor", "torch.LongTensor", "torch.BoolTensor", "torch.DoubleTensor")
def legacy(rng: Rng) -> Case:
    form = rng.randint(0, 2)
    if form == 0:
        return Op(rng.name, _sizes(rng), device="cpu")
    if form == 1:
        return Op(rng.name, (list(_sizes(rng)),), device="cpu")
    value = _data(rng, rng.randint(1, 3))
    return Op(rng.name, (value if "1j" not in str(value) else [],), device="cpu")


@cases("torch.meshgrid")
def grids(rng: Rng) -> Case:
    kind = rng.choice(("float32", "int64"))
    tensors: list[Any] = [
        T(
            rng.shape(1 if rng.often(0.9) else rng.choice((0, 2)), high=3),
            kind if rng.often(0.95) else "float64",
        )
        for _ in range(rng.randint(0, 4))
    ]
    keywords = {"indexing": rng.choice(("ij", "xy", "xy", "yx"))} if rng.often(0.7) else {}
    if rng.often(0.3):
        return Op(rng.name, (tuple(tensors) if rng.often(0.5) else tensors,), keywords, device="cpu")
    return Op(rng.name, tuple(tensors), keywords, device="cpu")


@cases("torch.vander")
def vander(rng: Rng) -> Case:
    x = T(rng.shape(1 if rng.often(0.9) else 2), rng.choice(DTYPES))
    return Op(rng.name, (x, rng.choice((None, 0, 3, -1))), device="cpu")


@cases(*(f"torch.{n}_window" for n in words("hann hamming blackman bartlett kaiser")),
       *(f"torch.signal.windows.{n}" for n in words("hann hamming bartlett cosine")))  # fmt: skip
def window(rng: Rng) -> Case:
    options = {"dtype": DType(rng.choice(("float32", "float64", "int64")))} if rng.often(0.3) else {}
    return Op(rng.name, (rng.randint(-1, 6),), options, device="cpu")


@cases("torch.normal")
def normal(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 3), high=3)
    kind = rng.choice(("float32", "float64", "int64"))
    other = shape if rng.often() else rng.shape(rng.randint(0, 3), high=3)
    args: tuple[Any, ...] = rng.choice((
        (T(shape, kind), T(other, kind)), (T(shape, kind), 1.0), (0.0, T(shape, kind)), (0.0, 1.0, shape), (0.0, 1.0),
    ))  # fmt: skip
    return Op(rng.name, args, device="cpu")


@cases("torch.bernoulli", M + "bernoulli", "torch.poisson")
def draws(rng: Rng) -> Case:
    return Op(rng.name, (T(rng.shape(rng.randint(0, 3), high=3), rng.choice(DTYPES)),), device="cpu")


@cases("torch.multinomial", M + "multinomial")
def multinomial(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 3), low=1), "float32" if rng.often(0.9) else rng.choice(DTYPES))
    call = on_ones(find_torch(rng.name))
    return Op(rng.name, (x, rng.randint(0, 4), rng.often(0.5)), call=call, device="cpu")


@cases("torch.Size")
def size(rng: Rng) -> Case:
    return Op(rng.name, (list(_sizes(rng)),), call=torch.Size)
