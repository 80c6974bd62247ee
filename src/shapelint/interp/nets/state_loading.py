"""What load_state_dict refuses: sizes and names that the network does not have, where both sides are known in full."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.interp.nets import module_tree
from shapelint.values import Dict, Function, Module, Tensor

# Methods by which a class changes what is kept or loaded, under which names.
_OWN_WAYS = (
    "_load_from_state_dict", "load_state_dict", "state_dict", "_save_to_state_dict", "set_extra_state", "get_extra_state",
)  # fmt: skip


def refusal(module: Any, given: Any, strict: Any) -> str | None:
    """Why a network refuses a state, as a clause; None where it takes it or that is not certain."""
    if not isinstance(module, Module) or not _is_plain(given) or not _is_known(module):
        return None
    own = entries(module)
    for name, tensor in own.items():
        loaded = given.items.get(name)
        if loaded is not None and _differs(loaded, tensor):
            return f"{name} is {_shown(loaded)} in the state, and {_shown(tensor)} in the network"
    if strict is not True:
        return None
    missing = [n for n in own if n not in given.items and not n.endswith("num_batches_tracked")]
    if missing:
        more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
        return f"the state has no {missing[0]}, which the network has{more}"
    surplus = [n for n in given.items if n not in own]
    if surplus:
        more = f", and {len(surplus) - 1} more" if len(surplus) > 1 else ""
        return f"the state has {surplus[0]}, which the network has not{more}"
    return None


def entries(module: Module) -> dict[Any, Any]:
    """What a network keeps, by name: its parameters and persistent buffers; what is shared is there under each name."""
    return {
        f"{path}.{name}" if path else name: tensor
        for path, inner in module_tree.named_modules(module, once=False)
        for name, tensor in (*module_tree.own_parameters(inner), *module_tree.own_buffers(inner))
        if tensor.kind == "parameter" or inner.buffers.get(name, True)
    }


def _is_plain(given: Any) -> bool:
    return (
        isinstance(given, Dict)
        and given.open is None
        and given.last is None
        and all(isinstance(k, str) and isinstance(v, Tensor) and v.known for k, v in given.items.items())
    )


def _is_known(module: Module) -> bool:
    """Whether all that a network keeps is known, and none of its classes has a way of its own of loading."""
    if next(module_tree.gaps(module), None) is not None:
        return False
    if has_own_ways(module):
        return False
    for _, inner in module_tree.named_modules(module):
        if inner.broken or "parametrizations" in inner.attrs:
            return False
        tensors = (*module_tree.own_parameters(inner), *module_tree.own_buffers(inner))
        if not all(tensor.known for _, tensor in tensors):
            return False  # a lazy layer takes what it is given
    return True


def has_own_ways(module: Module) -> bool:
    """Whether a class or a hook may change what is kept or loaded, or under which names."""
    return any(
        inner.hooks
        or any(isinstance(cls.attrs.get(name), Function) for cls in inner.cls.mro for name in _OWN_WAYS)
        for _, inner in module_tree.named_modules(module)
    )


def _differs(loaded: Tensor, own: Tensor) -> bool:
    if own.rank == 0 and loaded.rank == 1:
        return False  # torch takes its first number
    return loaded.rank != own.rank or any(
        dims.equal(a, b).no for a, b in zip(loaded.shape, own.shape, strict=True)
    )


def _shown(tensor: Tensor) -> str:
    return "[" + ", ".join(str(d) for d in tensor.shape) + "]"
