"""Fresh tensors: what made them, and whether they need gradients."""

from __future__ import annotations

from typing import Any

from shapelint.interp.tensors import autograd
from shapelint.interp.world import World
from shapelint.values import List, Made, Tensor, Unknown
from shapelint.values.torch_types import is_float


def finished(world: World, result: Any, made: Made, tainted: bool) -> Any:
    """Mark fresh tensors with what made them."""
    tensors = made.parents
    if isinstance(result, Tensor):
        if result not in tensors and (result.made is None or made.op.startswith(_COMPOSITE)):
            first = result.made is None
            result.made = made
            if first and result.kind == "tensor":
                result.requires_grad = autograd.needed(world, result, made)
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


# Layers whose laws call other layers on tensors of their own: what they give was made by the whole.
_COMPOSITE = "torch.nn.Transformer"
