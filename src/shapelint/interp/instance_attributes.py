"""Reading attributes of objects: what Python finds in their class and in themselves, and what stands in where it finds nothing."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.interp import descriptors, unmodelled
from shapelint.interp.class_attributes import MISSING, bound, member
from shapelint.interp.control import ProgramRaises
from shapelint.interp.join import join
from shapelint.interp.truth import Itself, condition
from shapelint.interp.world import World
from shapelint.values import Dict, Instance, Module, Property, SuperView, Unknown


def of_instance(world: World, owner: Instance, name: str) -> Any:
    cls = owner.cls
    if cls.intercepts:
        return _intercepted(world, owner, name)
    found = plainly(world, owner, name)
    return _missed(world, owner, name) if found is MISSING else found


def _intercepted(world: World, owner: Instance, name: str) -> Any:
    """An attribute of an object whose class has a __getattribute__ of its own."""
    from shapelint.interp import calls

    try:
        return calls.call(world, owner.cls.find("__getattribute__"), (owner, name), {})
    except ProgramRaises as problem:
        if problem.kind != "AttributeError":
            raise
        fallback = calls.special(owner, "__getattr__")
        if fallback is None:
            raise
        return calls.call(world, fallback, (owner, name), {})


def plainly(world: World, owner: Instance, name: str) -> Any:
    """What `object.__getattribute__` finds: MISSING where __getattr__ would be asked."""
    cls = owner.cls
    held = cls.held(name, MISSING)
    if isinstance(held, Property) and not (held.cached and name in owner.attrs):
        return _property(world, owner, name, held)
    if isinstance(held, Instance) and (name not in owner.attrs or descriptors.is_data(held)):
        if world.recording is not None:
            world.recording.lasting(held)
        return descriptors.read(world, held, owner, cls)
    if name in owner.attrs:
        found = owner.attrs[name]
        if world.recording is not None:
            world.recording.asked(name)
        if "parametrizations" in owner.attrs and isinstance(owner, Module):
            from shapelint.interp.library import torch_parametrize

            torch_parametrize.computed(world, owner, name)
        if held is not MISSING and is_doubtful(world, owner, name):
            return join(found, bound(held, owner, cls), object(), DOUBT)
        return found
    if held is not MISSING:
        if world.recording is not None:
            world.recording.lasting(held)
        return bound(held, owner, cls)
    if name == "__class__":
        return cls
    if name == "__dict__" and cls.slots is None:
        if world.recording is not None:
            world.recording.asked(None)
        return Dict(owner.attrs)
    if name == "__doc__":
        return cls.node.docstring if cls.node is not None else None
    if name == "__module__":
        return cls.namespace.name if cls.namespace is not None else ""
    if isinstance(owner, Module):
        from shapelint.interp.nets import modules

        return modules.extra(world, owner, name)
    return MISSING


def _missed(world: World, owner: Instance, name: str) -> Any:
    """An attribute that neither an object nor its class has."""
    cls = owner.cls
    if isinstance(owner, Module):
        from shapelint.interp.nets import containers

        own = containers.special(owner, name)
        if own is not None:
            return own
    if unmodelled.is_there(cls, name):
        return Unknown(f"{name} of a {cls.name} is not modelled", world.site())
    try:
        fallback = cls.find("__getattr__")
    except KeyError:
        fallback = None
    if owner.payload is not None:
        from shapelint.interp.host import builtins

        try:
            return builtins.method(world, owner.payload, name, receiver=owner)
        except ProgramRaises:
            if fallback is None:
                raise
    if fallback is not None:
        from shapelint.interp import calls

        try:
            return calls.call(world, bound(fallback, owner, cls), (name,), {})
        except ProgramRaises as problem:
            # It is asked for what is not there: what may be there need not come to it.
            if problem.kind != "AttributeError" or (found := _perhaps(owner, name)) is MISSING:
                raise
            return found
    found = _perhaps(owner, name)
    if found is not MISSING:
        return found
    if name in ("__init__", "__new__", "__setattr__", "__getattribute__"):
        from shapelint.interp.host import object_protocol

        return object_protocol.object_method(world, SuperView(owner, cls, cls), name)
    from shapelint.interp import class_changes

    if class_changes.is_behind(cls):
        return Unknown(f"a class that {cls.name} inherits from was given other bases", world.site())
    raise ProgramRaises(
        "AttributeError",
        f"'{cls.name}' object has no attribute '{name}'",
        cause=facts.AttributeAsked(owner, name),
    )


def _perhaps(owner: Instance, name: str) -> Any:
    """What stands for an attribute of an object of which not all is known; MISSING where all is."""
    if owner.cls.unknown_base is not None:
        return member(owner.cls.unknown_base, owner, name)
    if isinstance(owner, Module) and owner.incomplete:
        return condition(owner.incomplete[0], ("attribute", Itself(owner), name), owner.incomplete[0].why)
    return MISSING


def _property(world: World, owner: Instance, name: str, held: Property) -> Any:
    from shapelint.interp import calls

    value = calls.call(world, held.getter, (owner,), {})
    if held.cached:
        world.journal.touch(owner.attrs)
        owner.attrs[name] = value
    return value


DOUBT = "it is set on one side of a condition that is not known"


def is_doubtful(world: World, owner: Any, name: str) -> bool:
    """Whether only one side of an undecided branch has set an attribute."""
    held = world.perhaps.get(id(owner.attrs)) if isinstance(owner, Instance) else None
    return held is not None and name in held.doubtful
