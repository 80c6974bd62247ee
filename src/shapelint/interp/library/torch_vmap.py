"""torch.vmap: a function sees its arguments without an axis; what it gives has that axis back."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.interp import calls
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host.host_calls import builtin, takes
from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.values import Dict, List, Tensor, Undetermined, Unknown


@function("torch.vmap", "torch.func.vmap", "functorch.vmap")
@takes("func, in_dims=0, out_dims=0, randomness='error', *, chunk_size=None")
def vmap(world: World, func: Any, in_dims: Any, out_dims: Any, randomness: Any, chunk_size: Any) -> Any:
    """The function that maps `func` over axes of its positional arguments; keywords are handed on as they are."""

    def mapped(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        sizes: list[Dim] = []
        given = _hidden(args, tuple(in_dims.items) if isinstance(in_dims, List) else in_dims, sizes)
        if not sizes:
            raise ProgramRaises("ValueError", "vmap needs an argument with an axis to map over")
        if any(dims.equal(sizes[0], other).no for other in sizes[1:]):
            raise ProgramRaises("ValueError", "vmap: the mapped axes must be equally long")
        record = world.calls[-1] if world.calls else None
        before = record.macs if record is not None else 0
        world.transforms += 1
        try:
            result = calls.call(world, func, given, keywords)
        finally:
            world.transforms -= 1
        if record is not None and record.macs is not before:
            world.gap("how often torch.vmap makes each product is not known")
        return _shown(result, out_dims, sizes[0])

    return builtin("vmap", "*args, **keywords", mapped)


@function("torch._C._are_functorch_transforms_active")
@takes("")
def are_active(world: World) -> bool:
    """Whether a function is being transformed: what is known of a call elsewhere does not hold there."""
    if world.recording is not None:
        world.recording.spoilt = True
    return world.transforms > 0


def _hidden(value: Any, axes: Any, sizes: list[Dim]) -> Any:
    """`value` as the function sees it: without the axes that are mapped over, whose sizes are collected."""
    if axes is None:
        return value
    if isinstance(value, tuple):
        each = axes if isinstance(axes, tuple) else (axes,) * len(value)
        if len(each) != len(value):
            raise ProgramRaises("ValueError", f"vmap: in_dims names {len(each)} arguments of {len(value)}")
        return tuple(_hidden(item, axis, sizes) for item, axis in zip(value, each, strict=True))
    if not isinstance(value, Tensor) or not isinstance(axes, int):
        raise Undetermined("what torch.vmap maps over is not known")
    shape = value.shape
    if not -len(shape) <= axes < len(shape):
        raise ProgramRaises("ValueError", f"vmap: in_dim {axes} of a tensor with {len(shape)} axes")
    at = axes % len(shape)
    sizes.append(shape[at])
    return value.with_shape(*shape[:at], *shape[at + 1 :])


def _shown(value: Any, axes: Any, size: Dim) -> Any:
    """What the function gave, with the mapped axis put in."""
    if isinstance(value, tuple):
        each = axes if isinstance(axes, tuple) else (axes,) * len(value)
        if len(each) != len(value):
            raise ProgramRaises("ValueError", f"vmap: out_dims names {len(each)} results of {len(value)}")
        return tuple(_shown(item, axis, size) for item, axis in zip(value, each, strict=True))
    if isinstance(value, List) and value.open is None and not isinstance(axes, tuple):
        return List([_shown(item, axes, size) for item in value.items])
    if isinstance(value, Dict) and value.open is None and not isinstance(axes, tuple):
        return Dict({key: _shown(item, axes, size) for key, item in value.items.items()}, kind=value.kind)
    if isinstance(value, Unknown):
        return value
    axis = axes[0] if isinstance(axes, tuple) and len(axes) == 1 else axes
    if axis is None:
        return value
    if not isinstance(value, Tensor) or not isinstance(axis, int):
        raise Undetermined("what torch.vmap gives is not known")
    shape = value.shape
    if not -len(shape) - 1 <= axis <= len(shape):
        raise ProgramRaises("IndexError", f"vmap: out_dim {axis} of a result with {len(shape)} axes")
    at = axis % (len(shape) + 1)
    return value.with_shape(*shape[:at], size, *shape[at:])
