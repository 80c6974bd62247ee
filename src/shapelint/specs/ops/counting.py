"""Positions of what is not zero: how many there are depends on the contents, so their number is a fresh size."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.specs import arguments
from shapelint.specs.need import Need, sequence
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.registry import op
from shapelint.values import Tensor


def _count(need: Need, input: Tensor) -> Any:
    if input.data is not None:
        try:
            return sum(1 for value in input.data if value)
        except dims.Undetermined:  # a symbolic element that may be zero
            return need.fresh("nonzero")
    return need.fresh("nonzero")


@op("torch.nonzero, torch.Tensor.nonzero", "input, *, out=None, as_tuple=False")
def nonzero(need: Need, input: Tensor, out: Any = None, as_tuple: Any = False) -> Any:
    """One row a nonzero element, one column an axis; or a tuple of columns."""
    count = _count(need, input)
    if as_tuple:
        return tuple(Tensor((count,), "int64") for _ in range(max(input.rank, 1)))
    return Tensor((count, input.rank), "int64")


@op("torch.argwhere, torch.Tensor.argwhere", "input")
def argwhere(need: Need, input: Tensor) -> Tensor:
    """One row a nonzero element, one column an axis."""
    return Tensor((_count(need, input), input.rank), "int64")


@op("torch.nonzero_static, torch.Tensor.nonzero_static", "input, *, size, fill_value=-1, out=None")
def nonzero_static(need: Need, input: Tensor, size: Any, fill_value: Any = -1, out: Any = None) -> Tensor:
    """As many rows as asked for."""
    rows = arguments.size(need, size, "size")
    if dims.less(rows, 0).yes:
        need.refuse("call-refused", f"size must not be negative, it is {rows}")
    return Tensor((rows, input.rank), "int64")


@op("torch.unravel_index", "indices, shape")
def unravel_index(need: Need, indices: Tensor, shape: Any) -> tuple[Tensor, ...]:
    """One tensor of coordinates an axis of `shape`."""
    takes(need, indices, "i", always=True, what="the indices")
    sizes = arguments.several(shape)
    return tuple(indices.like("int64") for _ in sequence(sizes))
