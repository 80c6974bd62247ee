"""What a program may hold by the time one of its functions is called: what other functions give another value, or fill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapelint.interp import changes, origins
from shapelint.interp.nets import containers, module_tree
from shapelint.interp.world import World
from shapelint.values import Class, Dict, Function, Instance, List, Module, Namespace, Set, Tensor, Unknown

_DEEPEST = 3  # objects in objects


def disturb(world: World, instance: Module, function: Function) -> None:
    """Give up what other methods may have changed before this one is called, and what holds nothing yet. forward may come first:
    before it, only the latter."""
    filled, assigned = changes.by_methods(world, instance.cls, function)
    world.journal.touch(instance.attrs)
    for name in assigned | filled if function.name != "forward" else ():
        held = instance.attrs.get(name, _MISSING)
        why = f"other methods of {instance.cls.name} give {name} another value"
        if name in assigned:
            if held is not _MISSING or _is_of_class(instance, name):
                instance.attrs[name] = Unknown(why)
        elif isinstance(held, (List, Dict, Set)) and held.open is None:
            origins.opened(world, held, why)
    spared = frozenset() if function.name != "forward" else frozenset(instance.attrs) - assigned
    _fill(world, instance, 0, spared)


def disturb_globals(world: World, space: Namespace) -> None:
    """Give up what the functions of a file make of its global names before one of them is called, and what holds nothing yet."""
    world.journal.touch(space.vars)
    assigned = changes.of_globals(world, space)
    for name, held in list(space.vars.items()):
        if name in assigned:
            space.vars[name] = Unknown(f"functions of the file give {name} another value")
        elif isinstance(held, Class):
            if held.namespace is space and held.node is not None:
                _fill_attributes(world, held.attrs, held.name, 1)
        elif isinstance(held, (List, Dict, Set, Tensor)) or (
            isinstance(held, Instance) and not isinstance(held, Module)
        ):
            _fill_attributes(world, space.vars, space.name, 1, (name,))


_MISSING: Any = object()


def _is_of_class(instance: Module, name: str) -> bool:
    return any(name in base.attrs for base in instance.cls.mro if base.node is not None)


# ---- what holds nothing is there to be filled


def _fill(world: World, owner: Instance, depth: int, spared: frozenset[str] = frozenset()) -> None:
    """None, an empty list or a buffer of no elements, on an object or one that it holds: others put something there. A None that
    is `spared` stays. A module that holds nothing may be given layers, too."""
    if depth > _DEEPEST:
        return
    if isinstance(owner, Module):
        if _is_empty(owner) and not owner.incomplete:
            module_tree.doubt_members(world, owner, f"{owner.cls.name} holds nothing until others fill it")
        if containers.is_container(owner):
            return
    names = [name for name, held in owner.attrs.items() if held is not None or name not in spared]
    _fill_attributes(world, owner.attrs, owner.cls.name, depth + 1, names)


def _is_empty(module: Module) -> bool:
    """Whether a container has no items, or a class of the program no layers."""
    if containers.is_container(module):
        return not containers.items(module)
    return module.cls.node is not None and not any(module_tree.children(module))


def _fill_attributes(
    world: World, attrs: dict[str, Any], owner: str, depth: int, names: Iterable[str] | None = None
) -> None:
    for name in list(attrs if names is None else names):
        held = attrs[name]
        why = f"{name} of {owner} holds nothing until it is filled"
        if isinstance(held, (List, Dict, Set)):
            if held.open is None and not held.items:
                origins.opened(world, held, why)
        elif held is None or (isinstance(held, Tensor) and held.known and 0 in held.shape):
            world.journal.touch(attrs)
            attrs[name] = Unknown(why)
        elif isinstance(held, Instance):
            _fill(world, held, depth)
