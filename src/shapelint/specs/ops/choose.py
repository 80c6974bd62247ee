"""Elementwise choices and blends: where, clamp, lerp, addcmul, masked_fill."""

from __future__ import annotations

from typing import Any

from shapelint.specs import layouts
from shapelint.specs.need import Need
from shapelint.specs.ops.arithmetic import both
from shapelint.specs.ops.elementwise import elementwise, operand, takes, written
from shapelint.specs.ops.promotion import category, number_kind, result_type
from shapelint.specs.registry import op
from shapelint.values import Tensor

_ABSENT = "__absent__"


def _mask(need: Need, mask: Tensor, what: str, kinds: tuple[str, ...] = ("bool",)) -> None:
    if mask.dtype is not None and mask.dtype not in kinds:
        need.refuse("wrong-dtype", f"{what} must be bool, it is {mask.dtype}")


@op("torch.where", "condition, input='__absent__', other='__absent__', *, out=None")
def where(need: Need, condition: Tensor, input: Any = _ABSENT, other: Any = _ABSENT, out: Any = None) -> Any:
    """input where condition holds, else other; all three broadcast. With the condition alone: its nonzero indices."""
    if isinstance(input, str) and input == _ABSENT and isinstance(other, str) and other == _ABSENT:
        count = need.fresh("nonzero")
        return tuple(Tensor((count,), "int64") for _ in range(max(condition.rank, 1)))
    _mask(need, condition, "the condition", ("bool", "uint8"))
    operands = (operand(need, input, "input"), operand(need, other, "other"))
    dtype = result_type(need, *operands)
    made = elementwise(need, condition, *operands, dtype=dtype, compute=lambda c, a, b: a if c else b)
    return written(made, out)


@op("torch.Tensor.where", "self, condition, other")
def where_method(need: Need, self: Tensor, condition: Tensor, other: Any) -> Tensor:
    """self where condition holds, else other."""
    made: Tensor = where(need, condition, self, other)
    return made


@op(both("clamp", "clip"), "input, min=None, max=None, *, out=None")
def clamp(need: Need, input: Tensor, min: Any = None, max: Any = None, out: Any = None) -> Tensor:
    """Between two bounds, tensors or numbers, of which one may be missing."""
    bounds = [operand(need, b, "a bound") for b in (min, max) if b is not None]
    if not bounds:
        need.refuse("call-refused", "clamp needs min or max")
    numbers = not all(isinstance(b, Tensor) for b in bounds)
    if numbers and any(isinstance(b, Tensor) and b.known and b.rank for b in bounds):
        need.refuse("call-refused", "min and max must both be tensors or both be numbers", "TypeError")
    dtype = result_type(need, input, *(map(_as_number, bounds) if numbers else bounds))
    # Between two tensors torch has no kernel for truth values; beside one it takes the smaller or the larger.
    takes(need, dtype, "if" if numbers or len(bounds) == 2 else "bif", what="the operands' common dtype")
    compute = _between if len(bounds) == 2 else _not_above if min is None else _not_below
    return written(elementwise(need, input, *bounds, dtype=dtype, compute=compute), out)


def _as_number(bound: Any) -> Any:
    """A 0-d tensor beside a number is read as a number: here, one of its kind."""
    if isinstance(bound, Tensor):
        return bound if bound.dtype is None else (True, 1, 1.0, 1j)[category(bound.dtype)]
    return bound


def _not_below(a: Any, low: Any) -> Any:
    return low if a < low else a


def _not_above(a: Any, high: Any) -> Any:
    return high if a > high else a


def _between(a: Any, low: Any, high: Any) -> Any:
    return _not_above(_not_below(a, low), high)


@op(both("clamp_min"), "input, min, *, out=None")
def clamp_min(need: Need, input: Tensor, min: Any, out: Any = None) -> Tensor:
    """At least min."""
    return clamp(need, input, min, None, out)


@op(both("clamp_max"), "input, max, *, out=None")
def clamp_max(need: Need, input: Tensor, max: Any, out: Any = None) -> Tensor:
    """At most max."""
    return clamp(need, input, None, max, out)


@op(both("lerp"), "input, end, weight, *, out=None")
def lerp(need: Need, input: Tensor, end: Tensor, weight: Any, out: Any = None) -> Tensor:
    """input + weight * (end - input), of one dtype."""
    blended = [input, end]
    if isinstance(operand(need, weight, "the weight"), Tensor):
        blended.append(weight)
    zero = len(blended) == 3 and weight.known and weight.rank == 0
    known = {t.dtype for t in (blended[:2] if zero else blended) if t.dtype is not None}
    if len(known) > 1:
        need.refuse("wrong-dtype", f"all tensors must have one dtype, they are {' and '.join(sorted(known))}")
    dtype = result_type(need, *blended)
    takes(need, dtype, "fc", what="the operands' common dtype")
    return written(elementwise(need, *blended, dtype=dtype), out)


@op(both("addcmul"), "input, tensor1, tensor2, *, value=1, out=None")
def addcmul(
    need: Need, input: Tensor, tensor1: Tensor, tensor2: Tensor, value: Any = 1, out: Any = None
) -> Tensor:
    """input + value * tensor1 * tensor2."""
    dtype = result_type(need, input, tensor1, tensor2)
    takes(need, dtype, "ifc", what="the operands' common dtype")
    return written(elementwise(need, input, tensor1, tensor2, dtype=dtype), out)


@op(both("addcdiv"), "input, tensor1, tensor2, *, value=1, out=None")
def addcdiv(
    need: Need, input: Tensor, tensor1: Tensor, tensor2: Tensor, value: Any = 1, out: Any = None
) -> Tensor:
    """input + value * tensor1 / tensor2."""
    if all(t.dtype is not None and category(t.dtype) < 2 for t in (tensor1, tensor2)):
        need.refuse("wrong-dtype", "tensor1 and tensor2 are integers: addcdiv does not divide integers")
    dtype = result_type(need, input, tensor1, tensor2)
    takes(need, dtype, "fc", what="the operands' common dtype")
    return written(elementwise(need, input, tensor1, tensor2, dtype=dtype), out)


@op(both("masked_fill"), "input, mask, value")
def masked_fill(need: Need, input: Tensor, mask: Tensor, value: Any) -> Tensor:
    """value where mask holds, else input; mask broadcasts with input. The input's dtype stays."""
    _mask(need, mask, "the mask")
    fill(need, input, value)
    return layouts.new(elementwise(need, input, mask, dtype=input.dtype))


def fill(need: Need, input: Tensor, value: Any) -> None:
    """Refuse a value that is no single number, or cannot be written over the input's dtype."""
    value = operand(need, value, "the value")
    if isinstance(value, Tensor) and value.known and value.rank:
        need.refuse("wrong-rank", f"the value must be a number or a 0-d tensor, it has {value.rank} axes")
    if number_kind(value) == "complex" and input.dtype is not None and category(input.dtype) in (1, 2):
        need.refuse("wrong-dtype", f"a complex value does not fit into {input.dtype}")
