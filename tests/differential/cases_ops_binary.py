"""Cases for operations of two operands: shapes that broadcast or do not, all dtypes, numbers on either side."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import torch

from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Op, T, find_torch


def words(text: str) -> list[str]:
    return text.split()


DTYPES = words("bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64 complex64 complex128")
COMMON = words("bool int64 float32 float32 float32")
NUMBERS = (3, 2, 0, -1, 2.5, True, 1j)


def dtype(rng: Rng) -> str:
    return rng.choice(DTYPES if rng.often(0.5) else COMMON)


def partner(rng: Rng, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape that mostly broadcasts with `shape`."""
    kept = shape[rng.randint(0, len(shape)) :] if rng.often(0.4) else shape
    other = tuple(1 if rng.often(0.25) else s if rng.often(0.93) else rng.randint(0, 6) for s in kept)
    return (*rng.shape(1), *other) if rng.often(0.1) else other


def on_ones(call: Callable[..., Any]) -> Callable[..., Any]:
    """`call` with every tensor filled with ones: integers divide by them, and all kernels run."""

    def filled(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return torch.ones_like(value)
        return type(value)(map(filled, value)) if type(value) in (tuple, list) else value

    return lambda *args, **keywords: call(*map(filled, args), **{k: filled(v) for k, v in keywords.items()})


def computable(a: T, b: Any) -> tuple[T, Any]:
    """The operands without float16 beside complex numbers: complex32 is computed on a GPU only."""
    if isinstance(b, T):
        kinds = {a.dtype, b.dtype}
        if "float16" in kinds and kinds & {"complex64", "complex128"}:
            return T(a.shape, a.dtype.replace("float16", "float32")), T(
                b.shape, b.dtype.replace("float16", "float32")
            )
        return a, b
    return (T(a.shape, "float32"), b) if a.dtype == "float16" and isinstance(b, complex) else (a, b)


def both(*names: str) -> list[str]:
    return [f"{where}.{name}" for name in names for where in ("torch", "torch.Tensor")]


_OPERATORS = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "floor_divide": operator.floordiv, "remainder": operator.mod, "pow": operator.pow, "eq": operator.eq,
    "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
    "bitwise_and": operator.and_, "bitwise_or": operator.or_, "bitwise_xor": operator.xor,
    "bitwise_left_shift": operator.lshift, "bitwise_right_shift": operator.rshift,
}  # fmt: skip


@cases(*both(
    "add", "sub", "subtract", "mul", "multiply", "div", "divide", "true_divide", "floor_divide", "remainder", "fmod",
    "pow", "float_power", "eq", "ne", "not_equal", "lt", "less", "le", "less_equal", "gt", "greater", "ge",
    "greater_equal", "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift",
    "copysign", "xlogy",
), "torch.rsub")  # fmt: skip
def with_numbers(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 4), high=4)
    x = T(shape, dtype(rng))
    other: Any = T(partner(rng, shape), dtype(rng)) if rng.often(0.65) else rng.choice(NUMBERS)
    x, other = computable(x, other)
    name = rng.name.rsplit(".", 1)[1]
    keywords: dict[str, Any] = {}
    call = find_torch(rng.name)
    if name in ("add", "sub", "rsub") and rng.often(0.15):
        keywords["alpha"] = rng.choice((1, 2, 2.5, True, 1j))
    elif name == "div" and rng.often(0.3):
        keywords["rounding_mode"] = rng.choice(("floor", "trunc", None, "up"))
    elif name in _OPERATORS and rng.often(0.4):
        call = _OPERATORS[name]
        if rng.often(0.5):
            return Op(rng.name, (other, x), call=on_ones(call), device="cpu")
    return Op(rng.name, (x, other), keywords, on_ones(call), device="cpu")


@cases(*both(
    "maximum", "minimum", "fmax", "fmin", "atan2", "arctan2", "hypot", "nextafter", "igamma", "igammac", "logaddexp",
    "logaddexp2", "gcd", "lcm", "logical_and", "logical_or", "logical_xor", "ldexp", "heaviside", "isclose",
), "torch.special.xlogy", "torch.special.xlog1py", "torch.special.gammainc", "torch.special.gammaincc", "torch.complex",
    "torch.polar")  # fmt: skip
def tensors_only(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 4), high=4)
    first = dtype(rng)
    second = first if rng.often(0.5) else dtype(rng)
    return Op(
        rng.name,
        computable(T(shape, first), T(partner(rng, shape), second)),
        call=on_ones(find_torch(rng.name)),
        device="cpu",
    )
