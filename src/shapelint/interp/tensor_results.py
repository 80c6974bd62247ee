"""Fresh tensors: what made them, and whether they need gradients."""

from __future__ import annotations

from typing import Any

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
