"""How torch.nn reads size arguments: one number for all spatial axes, or a sequence of them; and how it reads dtypes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs.need import Need, is_sequence, sequence, show
from shapelint.values import Either, Tensor, Unknown
from shapelint.values.torch_types import is_complex, is_float


def spread(need: Need, value: Any, count: int, what: str) -> tuple[Dim, ...]:
    """A layer's argument as its tuple attribute: a sequence is kept at its own length, one number serves all axes."""
    values = sequence(value, what) if is_sequence(value) else (value,) * count
    return tuple(size(need, v, what) for v in values)


def fitted(need: Need, value: Any, count: int, what: str, rule: str = "call-refused") -> tuple[Dim, ...]:
    """A function's argument, which must be one number or `count` of them (a sequence of one counts as one number)."""
    if not is_sequence(value):
        return (size(need, value, what),) * count
    values = tuple(size(need, v, what) for v in sequence(value, what))
    if len(values) == 1:
        return values * count
    if len(values) != count:
        need.refuse(rule, f"{what} must be one number or {count}, it is {show(values)}")
    return values


def exactly(need: Need, value: Any, count: int, what: str, *, longer: bool = False) -> tuple[Dim, ...]:
    """One number, or exactly `count` of them (more are not looked at, where `longer`)."""
    if is_sequence(value):
        items = sequence(value, what)
        if len(items) < count or (len(items) > count and not longer):
            need.refuse("call-refused", f"{what} must be one number or {count}, it holds {len(items)}")
        value = items[:count]
    return fitted(need, value, count, what)


def size(need: Need, value: Any, what: str) -> Dim:
    """One size; a float or a string in its place is refused as Python would."""
    if isinstance(value, (float, str)) or value is None:
        need.refuse(
            "invalid-constructor-argument", f"{what} must be an integer, it is {value!r}", "TypeError"
        )
    return need.dim(value, what)


def positive(
    need: Need, values: Sequence[Dim], what: str, rule: str = "call-refused", least: int = 1
) -> None:
    """Each of `values` must be at least `least`; ends the call otherwise."""
    for value in values:
        if dims.less(value, least).yes:
            word = "positive" if least == 1 else f"at least {least}"
            need.refuse(rule, f"{what} must be {word}, it is {show(values) if len(values) > 1 else value}")


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_none(value: Any) -> bool:
    """Whether an optional argument was left out; undetermined for an unknown value."""
    if isinstance(value, Unknown):
        bool(value)
    return value is None


def is_zero(value: Dim) -> bool:
    return dims.equal(value, 0).yes


def floating(need: Need, x: Tensor, what: str = "the input") -> None:
    """The kernel exists for floating point (and complex) numbers only."""
    if x.dtype is not None:
        need.holds(
            is_float(x.dtype) or is_complex(x.dtype),
            "wrong-dtype",
            f"{what} must be floating point, it is {x.dtype}",
        )


def normalised_dtype(need: Need, input: Tensor, other: Tensor | None, what: str) -> None:
    """Normalisation takes floating point only; its parameters may be wider than a half-precision input, but not beside
    float64."""
    if input.dtype is None:
        return
    if other is None:
        floating(need, input)
    elif other.dtype is not None and input.dtype != other.dtype and "float64" in (input.dtype, other.dtype):
        need.holds(False, "wrong-dtype", f"the input is {input.dtype}, {what} is {other.dtype}")


def one_of(
    need: Need,
    value: Any,
    options: Sequence[Any],
    what: str,
    rule: str = "call-refused",
    raised: str = "ValueError",
) -> None:
    """A constant must be one of `options`; of an unknown value nothing is said."""
    if (value is None or isinstance(value, (str, int, float))) and value not in options:
        names = ", ".join(map(repr, options))
        need.refuse(rule, f"{what} must be one of {names}, it is {value!r}", raised)


def optional(need: Need, condition: Any, shape: Sequence[Any], dtype: Any) -> Any:
    """A parameter that exists if `condition` holds; while that is not known, both are kept."""
    if isinstance(condition, Unknown):
        return Either((need.parameter(shape, dtype), None), condition.why)
    return need.parameter(shape, dtype) if condition else None


def given(value: Any) -> Tensor | None:
    """An optional parameter as a law reads it: nothing is checked of one that may not exist."""
    return value if isinstance(value, Tensor) else None


def same_rank(need: Need, tensors: dict[str, Tensor], *ranks: int, raised: str = "RuntimeError") -> int:
    """The number of axes that all have; one whose rank is known tells that of the others."""
    told = next((name for name, x in tensors.items() if x.known), next(iter(tensors)))
    rank = need.rank(tensors[told], *ranks, what=told)
    for name, x in tensors.items():
        if x.known and x.rank != rank:
            need.refuse("wrong-rank", f"{name} has {x.rank} axes, {told} has {rank}", raised)
        need.rank(x, rank, what=name)
    return rank
