"""Writing attributes: `x.name = v`, `del x.name`, for every kind of value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.dims import Sym
from shapelint.interp import (
    attributes,
    class_attributes,
    descriptors,
    function_attributes,
    instance_attributes,
    iterate,
    origins,
)
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    Dict,
    Either,
    Function,
    Instance,
    Iterator,
    Lazy,
    List,
    Module,
    Namespace,
    Property,
    Set,
    Stream,
    Tensor,
    Unknown,
)


def set(world: World, owner: Any, name: str, value: Any) -> None:
    """`owner.name = value`."""
    if isinstance(owner, Instance):
        _set_instance(world, owner, name, value)
    elif isinstance(owner, Class):
        setter = class_attributes.of_metaclass(owner, "__setattr__")
        if isinstance(setter, Function):
            from shapelint.interp import calls

            calls.call(world, setter, (owner, name, value), {})
            return
        held = class_attributes.of_metaclass(owner, name)
        if isinstance(held, Property) and held.setter is not None:
            from shapelint.interp import calls

            calls.call(world, held.setter, (owner, value), {})
            return
        if name == "__bases__":
            from shapelint.interp import class_changes

            class_changes.set_bases(world, owner, value)
            return
        world.journal.touch(owner.attrs)
        owner.attrs[name] = value
    elif isinstance(owner, Namespace):
        world.journal.touch(owner.vars)
        owner.vars[name] = value
    elif isinstance(owner, Function):
        world.journal.renamed += 1
        if name in function_attributes.DEFAULTS:
            world.journal.touch_slot(owner, "defaults")
            owner.defaults = function_attributes.defaults(owner, name, value)
            return
        world.journal.touch(owner.attrs)
        owner.attrs[name] = value
    elif isinstance(owner, BoundMethod) and isinstance(owner.function, Function):
        set(world, owner.function, name, value)
    elif isinstance(owner, Builtin) and owner.name == "torch.Tensor":
        from shapelint.interp.host import host_classes

        world.journal.touch(host_classes.TENSOR.attrs)
        host_classes.TENSOR.attrs[name] = value
    elif isinstance(owner, Tensor):
        from shapelint.interp.tensors import tensor_attributes

        tensor_attributes.set_attribute(world, owner, name, value)
    elif isinstance(owner, Either):
        each(world, owner, lambda option: set(world, option, name, value))
    elif isinstance(owner, Dict) and owner.kind in ("OrderedDict", "Counter"):
        world.journal.touch_slot(owner, "attrs")
        owner.attrs = {**(owner.attrs or {}), name: value}
    elif isinstance(owner, Unknown):
        if owner.tensor is None:
            note_part(world, owner, value)
            origins.written(world, owner, name, value)
            world.journal.touch(owner.members)
            owner.members[("attribute", name)] = value
    elif (
        isinstance(owner, (int, float, str, tuple, List, Dict, Set, Sym, Iterator, Lazy, Stream))
        or owner is None
    ):
        raise ProgramRaises(
            "AttributeError", f"'{iterate.type_name(owner)}' object has no attribute '{name}'"
        )


def note_part(world: World, owner: Unknown, value: Any) -> None:
    """Something is set on what a network holds, not known where: it may have become a parameter or a layer there."""
    whole = owner.members.get(attributes.PART)
    if whole is not None and isinstance(value, (Module, Tensor, Unknown, Either)):
        world.journal.touch(whole.incomplete)
        whole.incomplete.append(Unknown(f"something is set on {owner.why}", world.site()))


def each(world: World, owner: Either, act: Callable[[Any], Any]) -> None:
    """Do something to whichever of several it is; None among them would raise."""
    from shapelint.interp import branch

    options = [option for option in owner.options if option is not None]
    if len(options) == 1:
        act(options[0])
    elif options:
        branch.value(world, None, [lambda option=option: act(option) for option in options])  # type: ignore[misc]


def _set_instance(world: World, owner: Instance, name: str, value: Any) -> None:
    setter = owner.cls.held("__setattr__")
    if isinstance(setter, Function) or (isinstance(setter, Builtin) and not isinstance(owner, Module)):
        from shapelint.interp import calls

        calls.call(world, setter, (owner, name, value), {})
    else:
        set_plainly(world, owner, name, value)


def set_plainly(world: World, owner: Instance, name: str, value: Any) -> None:
    """What `object.__setattr__` (or nn.Module's) does: it tells properties and other descriptors."""
    cls = owner.cls
    held = cls.held(name, attributes.MISSING)
    if isinstance(held, Property) and not held.cached:
        if held.setter is None:
            raise ProgramRaises("AttributeError", f"property '{name}' of '{cls.name}' object has no setter")
        from shapelint.interp import calls

        calls.call(world, held.setter, (owner, value), {})
        return
    if isinstance(held, Instance) and descriptors.write(world, held, owner, value):
        return
    if name == "__class__":
        from shapelint.interp import class_changes

        class_changes.set_class(world, owner, value)
        return
    if world.perhaps and instance_attributes.is_doubtful(world, owner, name):
        doubt = world.perhaps[id(owner.attrs)]
        world.journal.touch_slot(doubt, "doubtful")
        doubt.doubtful -= {name}
    if isinstance(owner, Module):
        from shapelint.interp.nets.registration import set_attribute

        set_attribute(world, owner, name, value)
        return
    if cls.slots is not None and name not in cls.slots:
        raise ProgramRaises("AttributeError", f"'{cls.name}' object has no attribute '{name}'")
    world.journal.touch(owner.attrs)
    owner.attrs[name] = value


def delete(world: World, owner: Any, name: str) -> None:
    """`del owner.name`."""
    if isinstance(owner, Instance):
        if _told_of_deletion(world, owner, name):
            return
        world.journal.touch(owner.attrs)
        if name not in owner.attrs:
            if _may_have(world, owner, name):
                return
            raise ProgramRaises("AttributeError", name)
        del owner.attrs[name]
        if isinstance(owner, Module):
            world.journal.touch(owner.buffers)
            owner.buffers.pop(name, None)
    elif isinstance(owner, Class) and name in owner.attrs:
        world.journal.touch(owner.attrs)
        del owner.attrs[name]


def _may_have(world: World, owner: Instance, name: str) -> bool:
    """Whether an object may hold an attribute that is not known of: an unknown base class, or code that is not followed, set it."""
    if owner.cls.held(name, attributes.MISSING) is not attributes.MISSING:
        return False  # the class has it, not the object
    return id(owner) in world.stand_ins or attributes.find(world, owner, name) is not attributes.MISSING


def _told_of_deletion(world: World, owner: Instance, name: str) -> bool:
    """Whether the class decides what deleting means: by __delattr__, a property or another descriptor."""
    from shapelint.interp import calls

    hook = calls.special(owner, "__delattr__")
    if isinstance(hook, Function) and not any(f.function is hook for f in world.frames):
        calls.call(world, hook, (owner, name), {})
        return True
    try:
        held = owner.cls.find(name)
    except KeyError:
        return False
    if isinstance(held, Property) and not held.cached:
        if held.deleter is None:
            raise ProgramRaises(
                "AttributeError", f"property '{name}' of '{owner.cls.name}' object has no deleter"
            )
        calls.call(world, held.deleter, (owner,), {})
        return True
    return isinstance(held, Instance) and descriptors.delete(world, held, owner)
