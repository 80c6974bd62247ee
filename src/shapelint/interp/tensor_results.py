"""Fresh tensors: what made them, and whether they need gradients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapelint.interp import module_tree
from shapelint.interp.world import World
from shapelint.values import List, Made, Module, Tensor, Unknown
from shapelint.values.torch_types import is_float, is_integral


def finished(world: World, result: Any, made: Made, tainted: bool) -> Any:
    """Mark fresh tensors with what made them."""
    tensors = made.parents
    if isinstance(result, Tensor):
        if result not in tensors and (result.made is None or made.op.startswith(_COMPOSITE)):
            first = result.made is None
            result.made = made
            if (
                first
                and world.grad_enabled is not False
                and result.kind == "tensor"
                and not is_exact(result.dtype)
            ):
                result.requires_grad = made.op != "torch.detach" and (
                    any(t.requires_grad for t in tensors if isinstance(t, Tensor))
                    or any(t.requires_grad for _, t in _parameters(made.layer))
                )
                if world.grad_enabled is not True and result.requires_grad:
                    result.requires_grad = None
            if first and world.autocast and is_float(result.dtype):
                result.dtype = None
        if tainted and result not in tensors:
            result.after_failure = True
    elif isinstance(result, (tuple, List)):
        for i, part in enumerate(result.items if isinstance(result, List) else result):
            finished(world, part, made._replace(part=(*made.part, i)), tainted)
    elif isinstance(result, Unknown) and tainted:
        result.after_failure = True
    return result


def _parameters(layer: object) -> Iterable[tuple[str, Tensor]]:
    return module_tree.named_parameters(layer) if isinstance(layer, Module) else ()


# Layers whose laws call other layers on tensors of their own: what they give was made by the whole.
_COMPOSITE = "torch.nn.Transformer"


def is_exact(dtype: str | None) -> bool:
    """Integers and truth values: they have no gradient."""
    return dtype == "bool" or is_integral(dtype)
