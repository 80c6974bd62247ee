"""What a packed sequence has beside its four fields: its specs' methods, and where its data lie."""

from __future__ import annotations

from typing import Any

from shapelint.interp.tensors import tensor_attributes, torch_calls
from shapelint.interp.world import World
from shapelint.specs.packed import METHODS, is_packed
from shapelint.values import BoundMethod, Builtin, Record


def has(owner: Record, name: str) -> bool:
    return is_packed(owner) and (name == "is_cuda" or torch_calls.known(METHODS + name))


def attribute(world: World, owner: Record, name: str) -> Any:
    """`owner.name`, for a name that it `has`."""
    if name == "is_cuda":
        return tensor_attributes.attribute(world, owner[0], name)
    full = METHODS + name
    return BoundMethod(
        Builtin(full, lambda w, args, keywords: torch_calls.op(w, full, args, keywords)), owner
    )
