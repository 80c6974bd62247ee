"""What an object may hold by the time a method is called: what its other methods give another value, or fill."""

from __future__ import annotations

from typing import Any

from shapelint.interp import changes, origins
from shapelint.interp.world import World
from shapelint.values import Dict, Function, List, Module, Set, Tensor, Unknown


def disturb(world: World, instance: Module, function: Function) -> None:
    """Give up what other methods may have changed before this one is called. forward may come first: before it, only what holds
    nothing yet (None, an empty list, a buffer of no elements) is there to be filled. Before another method, whoever calls it may have
    replaced what holds None."""
    filled, assigned = changes.by_methods(world, instance.cls, function)
    forward = function.name == "forward"
    world.journal.touch(instance.attrs)
    for name in assigned | filled:
        held = instance.attrs.get(name, _MISSING)
        if forward and not _is_empty(held):
            continue
        why = f"other methods of {instance.cls.name} give {name} another value"
        if name in assigned:
            if held is not _MISSING or _is_of_class(instance, name):
                instance.attrs[name] = Unknown(why)
        elif isinstance(held, (List, Dict, Set)) and held.open is None:
            origins.opened(world, held, why)
    for name, held in instance.attrs.items() if not forward else ():
        if held is None:
            instance.attrs[name] = Unknown(f"{name} of {instance.cls.name} is None until it is given a value")


_MISSING: Any = object()


def _is_of_class(instance: Module, name: str) -> bool:
    return any(name in base.attrs for base in instance.cls.mro if base.node is not None)


def _is_empty(held: Any) -> bool:
    """Whether an attribute holds nothing yet."""
    if isinstance(held, (List, Dict, Set)):
        return held.open is None and not held.items
    return held is None or (isinstance(held, Tensor) and held.known and 0 in held.shape)
