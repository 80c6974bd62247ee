"""Arguments in the forms torch takes them: `x.view(2, 3)` and `x.view((2, 3))`, `dim=1` and `dim=(1, 2)`."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.values import DType, Shape, Tensor, Undetermined, Unknown, Unranked


def spread(values: Any, what: str = "sizes") -> tuple[Any, ...]:
    """Several arguments, or one sequence that holds them. A single unknown may be either."""
    if isinstance(values, tuple) and len(values) == 1:
        (only,) = values
        if is_sequence(only):
            return sequence(only, what)
        if isinstance(only, Unknown) and only.annotation != "int":
            raise Undetermined(only.why, only)
    return sequence(values, what)


def several(value: Any, what: str = "a sequence") -> tuple[Any, ...]:
    """One value, or a sequence of them. An unknown may be either; the shape of a tensor of unknown rank is one of unknown length."""
    if isinstance(value, Unknown) and value.annotation != "int":
        raise Undetermined(value.why, value)
    if isinstance(getattr(value, "box", None), Unranked) and not isinstance(value, Tensor):
        raise Undetermined(f"{what} of unknown length")
    return sequence(value, what) if is_sequence(value) else (value,)


def dtype_name(dtype: Any, otherwise: str | None) -> str | None:
    """The name of a dtype argument: `otherwise` where it is None, and None where it is not known."""
    if dtype is None:
        return otherwise
    return dtype.name if isinstance(dtype, DType) else None


def size(need: Need, value: Any, what: str = "a size") -> Dim:
    """A size argument; a float is refused, as torch does."""
    if isinstance(value, (float, str)) or value is None:
        need.refuse("call-refused", f"{what} must be an integer, it is {value!r}", "TypeError")
    if isinstance(value, Tensor):
        number = single(value)
        if number is not None:
            value = number
    return need.dim(value, what)


def sizes_of(need: Need, values: Any, what: str = "a size") -> Shape:
    """Sizes given one by one or as one sequence."""
    return tuple(size(need, v, what) for v in spread(values))


def single(x: Tensor) -> Any:
    """The one element of a tensor whose contents are known, else None."""
    return x.data[0] if x.data is not None and len(x.data) == 1 else None


def axes_of(need: Need, dim: Any, rank: int, what: str = "dim") -> tuple[int, ...]:
    """One axis or several, each named once, counted from the front."""
    found = tuple(need.axis(d, rank, what=what) for d in several(dim, what))
    if len(set(found)) < len(found):
        need.refuse("call-refused", f"{what}={tuple(several(dim))} names an axis twice")
    return found
