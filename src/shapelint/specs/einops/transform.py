"""rearrange, reduce and repeat: the lengths of all named axes follow from the tensor, the result's shape from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs.einops.pattern import DOTS, Axis, BadPattern, Group, Number, Side, parse
from shapelint.specs.need import Need, show
from shapelint.specs.ops.elements import Data, small
from shapelint.specs.ops.join import stack
from shapelint.specs.registry import op
from shapelint.values import List, Tensor, Undetermined, Unknown
from shapelint.values.torch_types import is_complex, is_float

RULE = "einops-mismatch"


@op("einops.rearrange, einops.einops.rearrange", "tensor, pattern, **axes_lengths")
def rearrange(need: Need, tensor: Any, pattern: Any, axes_lengths: dict[str, Any]) -> Tensor:
    """Axes split, joined and reordered."""
    return transform(need, one_tensor(need, tensor), pattern, "rearrange", axes_lengths)


@op("einops.repeat, einops.einops.repeat", "tensor, pattern, **axes_lengths")
def repeat(need: Need, tensor: Any, pattern: Any, axes_lengths: dict[str, Any]) -> Tensor:
    """rearrange, with new axes along which the values are repeated."""
    return transform(need, one_tensor(need, tensor), pattern, "repeat", axes_lengths)


@op("einops.reduce, einops.einops.reduce", "tensor, pattern, reduction, **axes_lengths")
def reduce(need: Need, tensor: Any, pattern: Any, reduction: Any, axes_lengths: dict[str, Any]) -> Tensor:
    """rearrange, with axes that the right side lacks reduced."""
    return transform(need, one_tensor(need, tensor), pattern, reduction, axes_lengths)


def one_tensor(need: Need, tensor: Any) -> Tensor:
    """A list of tensors is stacked."""
    if isinstance(tensor, List):
        return stack(need, tensor, 0)
    if isinstance(tensor, Tensor):
        return tensor
    if isinstance(tensor, Unknown):
        raise Undetermined(tensor.why, tensor)
    if isinstance(tensor, tuple):
        need.refuse(RULE, "einops takes a tensor or a list of them, not a tuple")
    need.unknown("what einops is given is not a tensor that is known")


def read(need: Need, pattern: Any, operation: Any, lengths: Mapping[str, Any]) -> tuple[Side, Side]:
    """The two sides of a pattern, refused as einops refuses them."""
    if isinstance(pattern, Unknown):
        raise Undetermined(pattern.why, pattern)
    if isinstance(operation, Unknown):
        raise Undetermined(operation.why, operation)
    try:
        return parse(pattern, operation if isinstance(operation, str) else "callable", tuple(lengths))
    except BadPattern as problem:
        need.refuse(RULE, f'"{pattern}": {problem}', "EinopsError")


def transform(
    need: Need, x: Tensor, pattern: str, operation: Any, lengths: Mapping[str, Any], in_layer: bool = False
) -> Tensor:
    """One of the three operations on a tensor. The layer Reduce knows fewer reductions than the function."""
    left, right = read(need, pattern, operation, lengths)
    wanted = len(left.groups) - left.dots
    if not x.known and not left.dots:
        need.rank(x, wanted)
    if x.rank < wanted or (x.rank > wanted and not left.dots):
        least = "at least " if left.dots else ""
        message = f'"{pattern}" has {least}{wanted} axes, the tensor has {x.rank}: {show(x.shape)}'
        need.refuse(RULE, message, "EinopsError")
    dotted = x.rank - wanted
    sizes = _lengths(need, x, pattern, left.spelled(dotted), lengths)
    present = set(sizes)
    groups = right.spelled(dotted)
    for group in groups:
        for axis in group:
            if axis not in sizes:
                sizes[axis] = axis.length if isinstance(axis, Number) else need.dim(lengths[axis], axis)
                if dims.less(sizes[axis], 0).yes:
                    need.refuse(RULE, f"the new axis {axis} cannot have length {sizes[axis]}")
    kept = {axis for group in groups for axis in group}
    gone = [axis for axis in sizes if axis in present and axis not in kept]
    dtype = x.dtype
    if gone:
        if in_layer and operation not in ("min", "max", "sum", "mean", "prod"):
            need.refuse("call-refused", f"the layer Reduce cannot compute {operation}", "NotImplementedError")
        stays = [axis for group in groups for axis in group if axis in present]
        dtype = _reduced(need, x, operation, [sizes[a] for a in stays], [sizes[a] for a in gone])
    made = x.with_shape(*(dims.product(sizes[axis] for axis in group) for group in groups), dtype=dtype)
    if x.data is not None and not gone and small(made.shape) is not None:
        before = [axis for group in left.spelled(dotted) for axis in group]
        made.data = _moved(x.data, before, [axis for group in groups for axis in group], sizes)
    return made


def _moved(data: Data, before: list[Axis], after: list[Axis], sizes: Mapping[Axis, Dim]) -> Data | None:
    """The elements, which lie along the axes of the left side, in the order of those of the right."""
    lengths = {axis: size for axis, size in sizes.items() if isinstance(size, int)}
    if len(lengths) < len(sizes):
        return None
    steps: dict[Axis, int] = {}
    step = 1
    for axis in reversed(before):
        steps[axis] = step
        step *= lengths[axis]
    places = [0]
    for axis in after:  # along a new one the same elements are repeated
        places = [start + i * steps.get(axis, 0) for start in places for i in range(lengths[axis])]
    return tuple(data[place] for place in places)


def _lengths(
    need: Need, x: Tensor, pattern: str, groups: tuple[Group, ...], given: Mapping[str, Any]
) -> dict[Axis, Dim]:
    """The length of every axis of the left side."""
    sizes: dict[Axis, Dim] = {}
    for number, (group, size) in enumerate(zip(groups, x.shape, strict=True)):
        free: Axis | None = None
        for axis in group:
            if isinstance(axis, Number):
                sizes[axis] = axis.length
            elif axis in given:
                sizes[axis] = need.dim(given[axis], f"the length of {axis}")
            else:
                free = axis
        part = dims.product(sizes[axis] for axis in group if axis is not free)
        name = " ".join(str(a.length) if isinstance(a, Number) else a.replace(DOTS, "axis ") for a in group)
        what, by = (
            f'axis {number} of the tensor, ({name}) in "{pattern}",',
            "the product of the lengths given for it",
        )
        if free is None:
            need.equal(size, part, RULE, what, by)
        elif len(group) == 1:
            sizes[free] = need.resolve(size)
        else:
            size = need.resolve(size)
            whole = dims.exact_div(size, part)
            if whole is None:
                if not need.divides(part, size, RULE, what, by) and dims.equal(part, 0).yes:
                    whole = 0
                else:
                    whole = size // part
            sizes[free] = whole
    return sizes


def _reduced(need: Need, x: Tensor, operation: Any, kept: list[Dim], gone: list[Dim]) -> str | None:
    """The dtype of a reduction."""
    if not isinstance(operation, str):
        found = need.invoke(
            operation, x.with_shape(*kept, *gone), tuple(range(len(kept), len(kept) + len(gone)))
        )
        return found.dtype if isinstance(found, Tensor) else None
    if operation in ("min", "max"):
        if is_complex(x.dtype):
            need.refuse("wrong-dtype", f"complex numbers have no {operation}imum")
        if any(dims.equal(size, 0).yes for size in gone):
            need.refuse(RULE, f"an axis of size 0 has no {operation}imum", "IndexError")
        return x.dtype
    if operation == "mean":
        if x.dtype is not None and not is_float(x.dtype):
            need.refuse(
                "wrong-dtype",
                f"mean needs floating point numbers, the tensor has {x.dtype}",
                "NotImplementedError",
            )
        return x.dtype
    if operation in ("any", "all"):
        return "uint8" if x.dtype == "uint8" else "bool"
    return x.dtype if x.dtype is None or is_float(x.dtype) or is_complex(x.dtype) else "int64"
