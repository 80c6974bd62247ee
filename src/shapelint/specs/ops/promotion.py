"""The dtype of a result: torch's promotion over three categories, tensors with axes, 0-d tensors and Python numbers.

Source: https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc
"""

from __future__ import annotations

from itertools import product
from typing import Any

from shapelint.dims import Sym
from shapelint.specs.need import Need
from shapelint.values import Tensor, Unknown
from shapelint.values.torch_types import complex_of, is_complex, is_float, promote

_NOTHING = ""
_NUMBERS = {"bool", "int", "float", "complex"}


def number_kind(value: Any) -> str | None:
    """ "bool", "int", "float" or "complex" for a Python number or a symbolic size, also for an unknown one of which at
    least this is known; None for anything else."""
    if isinstance(value, (bool, int, float, complex)):
        return type(value).__name__
    if isinstance(value, Sym):
        return "int"
    if isinstance(value, Unknown) and isinstance(value.annotation, str) and value.annotation in _NUMBERS:
        return value.annotation
    return None


def number_dtype(value: Any, default: str) -> str | None:
    """The dtype that a Python number has as an operand."""
    kind = number_kind(value)
    if kind == "int":
        return "int64"
    if kind == "float":
        return default
    if kind == "complex":
        return complex_of(default)
    return kind


def result_type(need: Need, *operands: Any) -> str | None:
    """torch.result_type over any number of operands. None when it depends on what is not known."""
    default = need.recorder.default_dtype
    choices = [_places(operand, default) for operand in operands if operand is not None]
    found = {_result(places) for places in product(*choices)}
    return found.pop() if len(found) == 1 else None


def _places(operand: Any, default: str) -> list[tuple[int, str | None]]:
    """(category, dtype): 0 tensors with axes, 1 those without, 2 numbers. Both of the first when the rank is not known."""
    if isinstance(operand, Tensor):
        if not operand.known:
            return [(0, operand.dtype), (1, operand.dtype)]
        return [(0 if operand.rank else 1, operand.dtype)]
    return [(2, number_dtype(operand, default))]


def _result(places: tuple[tuple[int, str | None], ...]) -> str | None:
    best: list[str | None] = [_NOTHING, _NOTHING, _NOTHING]
    for category, dtype in places:
        held = best[category]
        best[category] = dtype if held == _NOTHING else promote(held, dtype)
    return _over(best[0], _over(best[1], best[2]))


def _over(high: str | None, low: str | None) -> str | None:
    """A lower category counts only with its kind: a float number makes an integer tensor float, and nothing wider."""
    if low == _NOTHING or high == low:
        return high
    if high == _NOTHING:
        return low
    if is_complex(high):
        return high
    if high is None or low is None:
        return None
    if is_float(high):
        return complex_of(high) if is_complex(low) else high
    if high == "bool" or is_float(low) or is_complex(low):
        return promote(high, low)
    return high


def to_float(dtype: str | None, default: str) -> str | None:
    """What an operation that computes in floating point makes of a dtype: integers and bools become the default float."""
    if dtype is None or is_float(dtype) or is_complex(dtype):
        return dtype
    return default


def to_real(dtype: str | None) -> str | None:
    """The dtype of the parts of a complex dtype; others stay."""
    return {"complex32": "float16", "complex64": "float32", "complex128": "float64"}.get(dtype or "", dtype)


def category(dtype: str) -> int:
    """0 bool, 1 integer, 2 float, 3 complex."""
    if dtype == "bool":
        return 0
    return 3 if is_complex(dtype) else 2 if is_float(dtype) else 1


def castable(source: str | None, target: str | None) -> bool:
    """Whether a result of dtype `source` may be written in place over `target` (torch.can_cast)."""
    if source is None or target is None:
        return True
    return category(source) <= category(target)
