"""Comparison, logic and bits: broadcast shapes; comparison and logic give bool, bits keep the common dtype."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from shapelint.specs.need import Need
from shapelint.specs.ops.arithmetic import both, promoted
from shapelint.specs.ops.elementwise import elementwise, operand, takes, written
from shapelint.specs.ops.promotion import number_kind, result_type
from shapelint.specs.registry import op
from shapelint.values import Tensor

_PAIR = "input, other, *, out=None"


def _asks(kinds: str, compute: Callable[..., Any], *, numbers: bool = True) -> Callable[..., Tensor]:
    """The law of a question to each pair of elements: the result is bool."""

    def law(need: Need, input: Any, other: Any, out: Any = None) -> Tensor:
        operands = (operand(need, input), operand(need, other))
        if not numbers and number_kind(other) is not None:
            need.refuse(
                "call-refused", f"both operands must be tensors, one is the number {other}", "TypeError"
            )
        common = result_type(need, *operands)
        takes(need, common, kinds, what="the operands' common dtype")
        return written(elementwise(need, *operands, dtype="bool", compute=compute, at=common), out)

    return law


def _shifted_left(a: int, b: int) -> int:
    """a << b, as what wraps at 64 bits at the latest needs it."""
    return a << b if b < 64 else 0


op(both("eq"), _PAIR)(_asks("bifc", operator.eq))
op(both("ne", "not_equal"), _PAIR)(_asks("bifc", operator.ne))
op(both("lt", "less"), _PAIR)(_asks("bif", operator.lt))
op(both("le", "less_equal"), _PAIR)(_asks("bif", operator.le))
op(both("gt", "greater"), _PAIR)(_asks("bif", operator.gt))
op(both("ge", "greater_equal"), _PAIR)(_asks("bif", operator.ge))
op(both("logical_and"), _PAIR)(_asks("bifc", lambda a, b: bool(a) and bool(b), numbers=False))
op(both("logical_or"), _PAIR)(_asks("bifc", lambda a, b: bool(a) or bool(b), numbers=False))
op(both("logical_xor"), _PAIR)(_asks("bifc", lambda a, b: bool(a) != bool(b), numbers=False))

op(both("bitwise_and"), _PAIR)(promoted("bi", operator.and_))
op(both("bitwise_or"), _PAIR)(promoted("bi", operator.or_))
op(both("bitwise_xor"), _PAIR)(promoted("bi", operator.xor))
op(both("bitwise_left_shift"), _PAIR)(promoted("i", _shifted_left))
op(both("bitwise_right_shift"), _PAIR)(promoted("i", operator.rshift))


@op(both("isclose"), "input, other, rtol=1e-05, atol=1e-08, equal_nan=False")
def isclose(need: Need, input: Tensor, other: Tensor, rtol: Any, atol: Any, equal_nan: Any) -> Tensor:
    """|input - other| <= atol + rtol * |other|; both of one dtype."""
    same_dtype(need, input, other)
    return elementwise(need, input, other, dtype="bool")


@op(both("allclose"), "input, other, rtol=1e-05, atol=1e-08, equal_nan=False")
def allclose(need: Need, input: Tensor, other: Tensor, rtol: Any, atol: Any, equal_nan: Any) -> bool:
    """Whether all elements are close: a bool that depends on the numbers."""
    same_dtype(need, input, other)
    elementwise(need, input, other, dtype="bool")
    return need.unknown("allclose depends on the tensors' contents")


@op(both("equal"), "input, other")
def equal(need: Need, input: Tensor, other: Tensor) -> bool:
    """Whether shapes and elements agree."""
    if input.data is not None and other.data is not None:
        return input.shape == other.shape and input.data == other.data
    return need.unknown("torch.equal depends on the tensors' contents")


def same_dtype(need: Need, a: Tensor, b: Tensor, names: tuple[str, str] = ("input", "other")) -> None:
    """Refuse two dtypes."""
    if a.dtype is not None and b.dtype is not None and a.dtype != b.dtype:
        need.refuse("wrong-dtype", f"{names[0]} is {a.dtype}, {names[1]} is {b.dtype}: they must be the same")
