"""Instances that we build of classes which their file does not build: they stand in for what may be built of a subclass.

What such an instance lacks, a subclass may have: an attribute that nobody sets here, a method that is abstract. Read as what would
raise, it would tell wrongly of what follows: `for x in xs: out.append(self.score(x))` would leave `out` empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shapelint import facts
from shapelint.values import Function, Module, Unknown

if TYPE_CHECKING:
    from shapelint.interp.control import ProgramRaises
    from shapelint.interp.world import Frame, World


def take(world: World, instance: Module) -> Module:
    """From here on, what this instance lacks is not known. Nor is what an empty container is filled with."""
    from shapelint.interp.nets import containers, module_tree

    world.stand_ins[id(instance)] = instance
    if containers.is_container(instance) and not containers.items(instance):
        module_tree.doubt_members(world, instance, f"{instance.cls.name} holds nothing until others fill it")
    return instance


def attribute(world: World, owner: Any, problem: ProgramRaises) -> Unknown | None:
    """What stands for an attribute of `owner` that is missed; None where it is missed indeed."""
    cause = problem.cause
    if world.tries or id(owner) not in world.stand_ins:
        return None
    if isinstance(cause, facts.AttributeAsked) and cause.value is owner:
        return Unknown(
            f"{owner.cls.name} has no {cause.name} of its own: a subclass may set it", world.site()
        )
    if problem.kind == "AttributeError" and isinstance(owner.cls.held("__getattr__"), Function):
        return Unknown(f"what {owner.cls.name} lacks, a subclass may set", world.site())
    return None


def result(world: World, frame: Frame, problem: ProgramRaises) -> Unknown | None:
    """What stands for the result of a method that only raises NotImplementedError; None where it is raised indeed."""
    if problem.kind != "NotImplementedError" or problem.where is not None or world.tries:
        return None
    if id(frame.receiver) not in world.stand_ins:
        return None
    name = getattr(frame.function, "name", "")
    return Unknown(f"{name} of {frame.receiver.cls.name} is abstract: a subclass gives it", world.site())
