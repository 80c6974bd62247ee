"""Cases for operations that write over their first argument."""

from __future__ import annotations

from typing import Any

from shapelint.specs.ops.inplace import _ACTIVATIONS, _FUNCTIONS, _METHODS
from tests.differential import cases_ops_binary, cases_ops_choose, cases_ops_unary
from tests.differential.cases import Case, Generator, Rng, cases, generators
from tests.differential.cases_ops_binary import COMMON, DTYPES, NUMBERS, on_ones, partner
from tests.differential.compare import Op, T, find_torch

_SOURCES = (cases_ops_binary, cases_ops_choose, cases_ops_unary)


def _twin(source: str) -> Generator:
    """The out-of-place generator's cases, called in place on a tensor that mostly has the full shape."""

    def generator(rng: Any) -> Case:
        name = rng.name
        rng.name = source
        case = generators[source](rng)
        rng.name = name
        assert isinstance(case, Op)
        if not isinstance(case.args[0], T):
            case = Op(source, case.args[::-1])
        tensors = [a for a in case.args if isinstance(a, T)]
        if isinstance(case.args[0], T) and rng.often(0.7) and tensors:
            largest = max(tensors, key=lambda t: len(t.shape))
            kind = rng.choice(DTYPES if rng.often(0.2) else COMMON) if rng.often(0.2) else case.args[0].dtype
            first = T(largest.shape, kind)
            case = Op(source, (first, *case.args[1:]), case.keywords)
        keywords = {k: v for k, v in case.keywords.items() if k != "inplace"}
        if name.endswith(
            "ldexp_"
        ):  # the CPU has no power of half-precision complex numbers, other devices do
            case = Op(
                source, tuple(T(a.shape, "float32") if a == T(a.shape, "float16") else a for a in case.args)
            )
        return Op(name, case.args, keywords, on_ones(find_torch(name)), device="cpu")

    return generator


for _source, _names in (
    ("torch.Tensor.", _METHODS.split()),
    ("torch.", _FUNCTIONS.split()),
    ("torch.nn.functional.", _ACTIVATIONS),
):
    for _name in _names:
        if _source + _name in generators:
            cases(f"{_source}{_name}_")(_twin(_source + _name))


@cases("torch.Tensor.copy_", "torch.Tensor.bernoulli_")
def copy(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 4), high=4)
    first = rng.choice(DTYPES)
    if rng.name.endswith("bernoulli_"):
        p = T(partner(rng, shape), "float32") if rng.often(0.5) else 0.5
        return Op(rng.name, (T(shape, first), p), device="cpu")
    return Op(rng.name, (T(shape, first), T(partner(rng, shape), rng.choice(DTYPES))), device="cpu")


@cases("torch.Tensor.fill_", "torch.fill_", "torch.fill")
def fill(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 4), high=4)
    value = T(() if rng.often() else (1,), rng.choice(DTYPES)) if rng.often(0.3) else rng.choice(NUMBERS)
    return Op(rng.name, (T(shape, rng.choice(DTYPES)), value), device="cpu")


@cases("torch.Tensor.zero_", "torch.zero_", *(f"torch.Tensor.{n}_" for n in (
    "normal", "uniform", "exponential", "cauchy", "log_normal", "geometric", "random")))  # fmt: skip
def initialise(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), high=4), rng.choice(DTYPES))
    return Op(rng.name, (x, 0.5) if "geometric" in rng.name else (x,), device="cpu")


@cases("torch.Tensor.fill_diagonal_")
def diagonal(rng: Rng) -> Case:
    size = rng.randint(1, 4)
    rank = rng.randint(0, 4)
    shape = (size,) * rank if rng.often(0.6) else rng.shape(rank, low=1)
    return Op(rng.name, (T(shape), 1.0), device="cpu")
