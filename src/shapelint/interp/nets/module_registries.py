"""`module._modules`, `module._parameters`, `module._buffers`: dicts whose writes register, without the checks of setattr."""

from __future__ import annotations

from typing import Any

from shapelint.interp.nets import module_tree
from shapelint.interp.world import World
from shapelint.values import Dict, Module

NAMES = frozenset(("_modules", "_parameters", "_buffers"))


class Registry(Dict):
    """What a module holds of one kind, when it was asked for."""

    __slots__ = ("module", "name")

    def __init__(self, module: Module, name: str, items: dict[Any, Any]) -> None:
        super().__init__(items)
        if module.incomplete:
            self.open = module.incomplete[0]
        self.module = module
        self.name = name


def of(module: Module, name: str) -> Registry:
    """One of NAMES of a module."""
    if name == "_modules":
        # Under each of its names, and None where None was registered: only children() gives each layer once.
        empty = module.slots_none
        layers = {
            key: value
            for key, value in module.attrs.items()
            if (isinstance(value, Module) or (value is None and empty.get(key) == "module"))
            and key not in module.hidden
        }
        return Registry(module, name, layers)
    if name == "_buffers":
        return Registry(module, name, dict(module_tree.own_buffers(module)))
    held: dict[Any, Any] = dict(module_tree.own_parameters(module))
    for key in ("weight", "bias"):
        if key in module.attrs and module.attrs[key] is None:
            held[key] = None
    return Registry(module, name, held)


def written(world: World, registry: Registry) -> None:
    """The dict was written: what it holds now is what the module has."""
    module = registry.module
    before = of(module, registry.name).items
    if registry.open is not None and not module.incomplete:
        module_tree.doubt_members(world, module, registry.open.why)
    world.journal.touch(module.attrs)
    for key in before:
        if key not in registry.items:
            module.attrs.pop(key, None)
    for key, value in registry.items.items():
        if isinstance(key, str) and (key not in before or before[key] is not value):
            module.attrs[key] = value
            if registry.name == "_buffers":
                world.journal.touch(module.buffers)
                module.buffers.setdefault(key, True)
            if key in module.hidden:
                world.journal.touch(module.hidden)
                module.hidden.discard(key)
