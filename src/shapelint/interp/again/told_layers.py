"""What tells one layer from another where a few plain attributes of it are all that is read: less than a general answer
(told_arguments.py) takes, for where it is asked of every layer of a network."""

from __future__ import annotations

from typing import Any, NamedTuple

from shapelint.interp.again.footprints import Footprint
from shapelint.interp.again.told_arguments import CONSTANT
from shapelint.interp.world import World
from shapelint.values import Class, Module, Tensor

ABSENT = object()


class Read(NamedTuple):
    """An attribute that is read. `own`: nothing is known of it where the layer does not hold it."""

    name: str
    own: bool


def reads(cls: Class, read: Footprint) -> tuple[Read, ...] | None:
    """The attributes that are read of a module of a class; None where it may be more than what its modules hold."""
    if read.whole or cls.intercepts or cls.unknown_base is not None:
        return None
    found: dict[str, Read] = {}
    for path in read.paths:
        if not path or path[0] == "__class__":
            continue
        name = path[0]
        held = cls.held(name, ABSENT)
        if held is not ABSENT and held.__class__ not in CONSTANT:
            return None
        own = held is ABSENT and (name.startswith("_") or cls.held("__getattr__", ABSENT) is not ABSENT)
        found[name] = Read(name, own)
    return tuple(found.values())


def of_module(world: World, module: Module, read: tuple[Read, ...], tensors: list[Tensor]) -> Any:
    """Something equal for layers of which the same is read; None where that cannot be told so. The tensors among it are added."""
    attrs = module.attrs
    if (
        module.incomplete
        or module.payload is not None
        or id(module) in world.stand_ins
        or id(attrs) in world.perhaps
    ):
        return None
    key: list[Any] = [module.cls]
    for name, own in read:
        value = attrs.get(name, ABSENT)
        kind = value.__class__
        if kind is Tensor:
            told = of_tensor(value)
            if told is None or any(value is other for other in tensors):
                return None
            tensors.append(value)
            key.append(told)
        elif value is None or (value is ABSENT and not own):
            key.append(value)
        elif kind is bool or kind is int or kind is str:
            key.append((kind, value))
        elif kind is float:
            key.append((kind, repr(value)))
        elif kind is tuple and all(part.__class__ is int for part in value):
            key.append((kind, value))
        else:
            return None
    return tuple(key)


def of_tensor(value: Tensor) -> Any:
    """The same for a tensor of plain sizes that nothing has made, as a parameter is."""
    box, layout = value.box, value.layout
    if (
        box.__class__ is not tuple
        or value.made is not None
        or value.data is not None
        or value.extra is not None
        or value.after_failure
        or layout is not None
    ):
        return None
    for size in box:
        if size.__class__ is not int:
            return None
    return Tensor, box, value.dtype, value.kind, value.requires_grad, value.marks, value.name
