"""How operations hand on where values lie in memory. What is not said here leaves it unknown, and nothing is then refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Verdict
from shapelint.shapes import strides
from shapelint.shapes.strides import ROWS, Layout
from shapelint.specs.need import Need, show
from shapelint.values import Shape, Tensor
from shapelint.values.torch_types import is_complex

# The operations in place that change how a tensor lies, not what it holds.
MOVE_IN_PLACE = frozenset(
    "transpose_ swapaxes_ swapdims_ t_ squeeze_ unsqueeze_ resize_ resize_as_ set_ as_strided_".split()
)


def layout_of(need: Need, x: Tensor) -> Layout:
    """The layout of `x` with what has been inferred put in. Parameters and buffers may be moved with their module."""
    if x.kind != "tensor":
        return None
    if isinstance(x.layout, tuple):
        return tuple(map(need.resolve, x.layout)) if x.known else None
    return x.layout


def in_rows(need: Need, x: Tensor) -> Verdict:
    """Whether torch would call `x` contiguous."""
    layout = layout_of(need, x)
    if isinstance(layout, tuple):
        return strides.in_rows(layout, x.shape)
    return Verdict.UNKNOWN if layout is None else Verdict.YES


def new(made: Tensor, memory_format: Any = None) -> Tensor:
    """A tensor that an operation has filled row after row."""
    made.layout = ROWS if memory_format is None else None
    return made


def copied(need: Need, made: Tensor, source: Tensor, memory_format: Any = None) -> Tensor:
    """A copy that torch lays out as the source, where that is possible."""
    layout = layout_of(need, source)
    if memory_format is None and layout is not None and source.known:
        made.layout = layout if strides.is_dense(layout, source.shape) else None
    return made


def view(need: Need, made: Tensor, layout: Layout) -> Tensor:
    """The same memory seen otherwise; the functions whose names end in _copy copy it row after row."""
    made.layout = ROWS if need.op.endswith("_copy") else layout
    return made


def axes(need: Need, made: Tensor, source: Tensor, order: Sequence[int]) -> Tensor:
    """Some axes of `source`, in another order perhaps."""
    layout = layout_of(need, source)
    known = layout is not None and source.known
    return view(need, made, strides.picked(layout, source.shape, order) if known else None)


def shorter(need: Need, made: Tensor, source: Tensor) -> Tensor:
    """A part of `source`: the same axes, some of them shorter."""
    layout = layout_of(need, source)
    known = layout is not None and source.known
    return view(need, made, strides.strides(layout, source.shape) if known else None)


def reshaped(need: Need, made: Tensor, source: Tensor) -> Tensor:
    """A view where there can be one, else a copy."""
    given = layout_of(need, source)
    if given is not None and source.known and made.known:
        verdict, layout = strides.viewed(given, source.shape, made.shape)
        made.layout = layout if verdict.yes else ROWS if verdict.no else None
    return made


def computed(need: Need, made: Tensor, tensors: Sequence[Tensor]) -> Tensor:
    """What is computed value by value: it lies as the first operand does, if that has the result's shape; of operands that
    all lie row after row, so does the result."""
    if not tensors:
        return made
    first = tensors[0]
    if is_complex(first.dtype) and not is_complex(made.dtype):
        return made  # the parts of complex numbers are taken from a result of their own
    whole = first.box is made.box or _as(first, made)
    if all(layout_of(need, t) is ROWS for t in tensors):
        made.layout = ROWS if whole or any(_as(t, made) for t in tensors) else None
    elif whole and first.known and _keeps(need.op):
        made.layout = strides.packed(layout_of(need, first), first.shape)
    return made


# What torch computes in the order of its first operand, whatever that is. Of other operations only this is relied on, that
# what lies row after row gives what lies row after row.
_KEEP = frozenset(
    "relu relu6 gelu silu elu selu celu mish leakyrelu hardtanh hardswish hardsigmoid softplus sigmoid logsigmoid tanh exp log "
    "sqrt rsqrt square abs neg negative add radd sub rsub subtract mul rmul multiply div divide truedivide truediv clamp clip "
    "clampmin clampmax".split()
)


def _keeps(op: str) -> bool:
    return op.rpartition(".")[2].replace("_", "").lower() in _KEEP


def _as(x: Tensor, made: Tensor) -> bool:
    return (
        x.known and made.known and x.rank == made.rank
        and all(dims.equal(a, b).yes for a, b in zip(x.shape, made.shape, strict=True))
    )  # fmt: skip


def viewable(need: Need, x: Tensor, wanted: Shape, rule: str) -> Layout:
    """The layout of a view of those sizes; refuses one that memory does not allow."""
    given = layout_of(need, x)
    if given is None or not x.known:
        need.recorder.may_refuse()
        return None
    verdict, layout = strides.viewed(given, x.shape, wanted)
    if not (verdict.yes or verdict.no):
        need.recorder.may_refuse()
    if verdict.no:
        need.holds(
            False,
            rule,
            f"a view copies nothing, and the values of {show(x.shape)} do not lie in the order that {show(wanted)} needs: "
            "use .reshape, or .contiguous() before it",
        )
    return layout
