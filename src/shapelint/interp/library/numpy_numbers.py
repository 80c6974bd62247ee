"""The numbers in small numpy arrays: elementwise operators and reductions, where every number is known."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from shapelint.values import Tensor

_MOST = 1_024
_EXACT = 2**53  # integers beyond it would overflow, or lose digits in floats
_KINDS = ("int64", "float64", "bool")
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv,
    "floordiv": operator.floordiv, "mod": operator.mod, "pow": operator.pow, "lt": operator.lt, "le": operator.le,
    "gt": operator.gt, "ge": operator.ge, "eq": operator.eq, "ne": operator.ne,
}  # fmt: skip
_REDUCTIONS: dict[str, Callable[[Any], Any]] = {
    "sum": sum, "prod": math.prod, "max": max, "min": min, "any": any, "all": all,
}  # fmt: skip


def numbers(value: Any) -> tuple[Any, ...] | None:
    """The numbers of an array with at most one axis, or of a plain number."""
    if isinstance(value, (bool, int, float)):
        return (value,)
    if not isinstance(value, Tensor) or value.data is None or value.dtype not in _KINDS or value.rank > 1:
        return None
    return value.data if all(isinstance(n, (bool, int, float)) for n in value.data) else None


def combined(word: str, a: Any, b: Any) -> tuple[object, ...] | None:
    """The numbers of `a op b`, either of which may be one number for all of the other's; None where they are not known."""
    first, second = numbers(a), numbers(b)
    law = _OPERATORS.get(word)
    if first is None or second is None or law is None:
        return None
    if word in ("pow", "floordiv", "mod", "truediv") and any(n == 0 or n < 0 for n in second):
        return None  # zero and negative numbers: numpy has its own way with them
    if word not in ("lt", "le", "gt", "ge", "eq", "ne") and any(
        isinstance(n, bool) for n in (*first, *second)
    ):
        return None
    count = max(len(first), len(second))
    if len(first) not in (1, count) or len(second) not in (1, count) or count > _MOST:
        return None
    pairs = zip(first * (count // len(first)), second * (count // len(second)), strict=True)
    found = tuple(law(x, y) for x, y in pairs)
    return found if all(isinstance(n, bool) or abs(n) < _EXACT for n in found) else None


def reduced(name: str, held: Tensor) -> tuple[object, ...] | None:
    """The one number that is left of all, where they are known."""
    if held.shape == (0,) and name in ("sum", "prod") and held.dtype == "float64":
        return (float(name == "prod"),)
    given = numbers(held)
    if not given or name not in _REDUCTIONS or (name in ("sum", "prod") and held.dtype != "int64"):
        return None  # sums of floats depend on their order
    found = _REDUCTIONS[name](given)
    return (found,) if isinstance(found, bool) or abs(found) < _EXACT else None


def running_sums(held: Tensor) -> tuple[object, ...] | None:
    """The sums of the first one, two, … of some integers, where they are known."""
    given = numbers(held) if held.dtype == "int64" else None
    found = None if given is None else tuple(accumulate(given))
    return found if found is not None and all(abs(n) < _EXACT for n in found) else None


def mapped(name: str, held: Tensor) -> tuple[object, ...] | None:
    """Each number's root or logarithm, where it is known and the same on every machine: roots are rounded correctly, and the
    logarithm of a power of two is a whole number."""
    given = numbers(held) if held.dtype in ("int64", "float64") else None
    if given is None or name not in ("sqrt", "log2") or not all(n > 0 and math.isfinite(n) for n in given):
        return None
    if name == "sqrt":
        return tuple(map(math.sqrt, given))
    parts = [math.frexp(n) for n in given]
    return tuple(float(power - 1) for _, power in parts) if all(half == 0.5 for half, _ in parts) else None


def converted(
    data: tuple[object, ...] | None, before: str | None, dtype: str | None
) -> tuple[object, ...] | None:
    """Numbers in another dtype."""
    if data is None or before == dtype:
        return data
    if before in _KINDS and dtype in ("int64", "float64"):
        convert: Callable[[Any], Any] = int if dtype == "int64" else float
        if dtype == "int64" and not all(abs(n) < _EXACT for n in data):  # type: ignore[arg-type]
            return None
        return tuple(convert(n) for n in data)
    return None
