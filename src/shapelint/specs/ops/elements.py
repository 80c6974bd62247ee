"""The numbers inside small tensors: followed where they decide sizes (`arange`, `linspace(...).item()`, ...), as torch
would round them. Anything that cannot be followed exactly loses the numbers, never guesses them."""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Callable, Sequence
from itertools import repeat
from operator import is_
from typing import Any

from shapelint import dims
from shapelint.dims import Sym
from shapelint.specs.ops.approximate import Approximate
from shapelint.specs.ops.promotion import number_kind
from shapelint.values import Tensor, Undetermined, Unknown
from shapelint.values.torch_types import is_complex, is_float, itemsize

MOST = 4096

Data = tuple[Any, ...]

_LOST = (
    ArithmeticError, ValueError, TypeError, struct.error, KeyError, IndexError, Undetermined, dims.Undetermined,
)  # fmt: skip


def fit(value: Any, dtype: str) -> Any:
    """`value` as an element of `dtype`: wrapped, truncated or rounded. Raises one of `_LOST` where that is unknown."""
    if isinstance(value, Sym):
        if dtype != "int64":
            raise Undetermined("a symbolic number")
        return value
    if isinstance(value, Approximate) and is_float(dtype):
        if dtype not in ("float32", "float64"):
            raise Undetermined(f"the rounding of {dtype}")
        return value.widened()
    if dtype == "bool":
        return bool(value)
    if dtype == "float64":
        return float(value)
    if dtype == "float32":
        return _packed(value, "f")
    if dtype == "float16":
        return _packed(value, "e")
    if dtype in ("bfloat16", "complex32") or dtype.startswith("float8"):
        if isinstance(value, int) and abs(value) <= 16:
            return float(value)
        raise Undetermined(f"the rounding of {dtype}")
    if is_complex(dtype):
        number = complex(value)
        if dtype == "complex64":
            return complex(_packed(number.real, "f"), _packed(number.imag, "f"))
        return number
    bits = 8 * itemsize(dtype)
    whole = int(value)
    if dtype.startswith("uint"):
        return whole % (1 << bits)
    return (whole + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))


def fitted(values: Sequence[Any], dtype: str) -> Data:
    """Each value as an element of `dtype`. Thousands at a time are mostly one number over and over, or numbers that fit as they
    are: then nothing is done value by value. Raises as `fit` does."""
    if uniform(values):
        return (fit(values[0], dtype),) * len(values)
    kinds = set(map(type, values))
    if dtype == "int64" and kinds == {int} and min(values) >= -(1 << 63) and max(values) < 1 << 63:
        return tuple(values)
    if dtype == "bool" and kinds == {bool}:
        return tuple(values)
    if dtype == "float32" and kinds == {float}:
        return tuple(array("f", values))
    return tuple(fit(value, dtype) for value in values)


def uniform(values: Sequence[Any]) -> bool:
    """Whether all values are one object, as those of `torch.ones` are. (Equal ones may differ: 0.0 and -0.0.)"""
    return len(values) > 1 and all(map(is_, values, repeat(values[0])))


def _packed(value: Any, code: str) -> float:
    if math.isinf(value) or math.isnan(value):
        return float(value)
    try:
        rounded: float = struct.unpack(code, struct.pack(code, value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return rounded


def small(shape: Sequence[Any]) -> int | None:
    """The number of elements, where it is known and small enough to be followed.

    That an axis is empty makes the others no shorter: what goes over them axis by axis takes as long.
    """
    count = many = 1
    for size in shape:
        if not isinstance(size, int):
            return None
        count *= size
        many *= size or 1
    return count if many <= MOST else None


def fill(tensor: Tensor, value: Any) -> Tensor:
    """Give a new tensor the same number everywhere (nothing when it is not followed)."""
    count = small(tensor.shape)
    if (
        count is not None
        and tensor.dtype is not None
        and number_kind(value)
        and not isinstance(value, Unknown)
    ):
        try:
            tensor.data = (fit(value, tensor.dtype),) * count
        except _LOST:
            tensor.data = None
    return tensor


def give(tensor: Tensor, values: Callable[[], Sequence[Any]]) -> Tensor:
    """Give a new tensor the numbers that `values` computes, in row-major order."""
    if small(tensor.shape) is not None and tensor.dtype is not None:
        try:
            tensor.data = fitted(tuple(values()), tensor.dtype)
        except _LOST:
            tensor.data = None
        if tensor.data is not None and len(tensor.data) != small(tensor.shape):
            tensor.data = None
    return tensor


def spread(operand: Any, shape: Sequence[Any]) -> Sequence[Any]:
    """The elements of an operand broadcast to `shape`. Raises Undetermined when they are not known."""
    if not isinstance(operand, Tensor):
        if isinstance(operand, Unknown):
            raise Undetermined(operand.why, operand)
        return [operand] * math.prod(shape)
    if operand.data is None:
        raise Undetermined("elements that are not known")
    data: Sequence[Any] = operand.data
    if operand.shape == tuple(shape):
        return data
    if len(data) == 1:
        return [data[0]] * math.prod(shape)
    sizes = (1,) * (len(shape) - operand.rank) + operand.shape
    # From the last axis inwards: a block of elements is repeated where the operand has one and the result many.
    picks = [0]
    step = 1
    for size, wanted in zip(reversed(sizes), reversed(shape), strict=True):
        assert isinstance(size, int)
        stride = 0 if size == 1 else step
        picks = [index * stride + pick for index in range(wanted) for pick in picks]
        step *= size
    return [data[i] for i in picks]


def rows(tensor: Tensor, axis: int) -> list[list[Any]] | None:
    """The elements along `axis`, one list for each position of the other axes (in row-major order); None when unknown."""
    if tensor.data is None or small(tensor.shape) is None:
        return None
    sizes = [int(size) for size in tensor.shape]
    length, inner = sizes[axis], math.prod(sizes[axis + 1 :])
    outer = math.prod(sizes[:axis])
    data = tensor.data
    return [
        [data[(o * length + k) * inner + i] for k in range(length)]
        for o in range(outer)
        for i in range(inner)
    ]


def unrows(lines: Sequence[Sequence[Any]], shape: Sequence[Any], axis: int) -> list[Any]:
    """The inverse of `rows`, for a result of this shape."""
    inner = math.prod(int(size) for size in shape[axis + 1 :])
    outer = math.prod(int(size) for size in shape[:axis])
    return [
        lines[o * inner + i][k] for o in range(outer) for k in range(int(shape[axis])) for i in range(inner)
    ]


def elements_at(tensor: Tensor, picks: Sequence[Sequence[int]]) -> Data | None:
    """The elements at every combination of the indices picked on each axis, in row-major order; None when unknown."""
    if tensor.data is None or small(tensor.shape) is None:
        return None
    found = [0]
    for size, picked in zip(tensor.shape, picks, strict=True):
        found = [start * int(size) + i for start in found for i in picked]
    return tuple(tensor.data[i] for i in found)
