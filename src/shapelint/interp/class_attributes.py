"""Reading attributes of classes, and through `super()`: the order of bases, the metaclass, what an instance makes of a class's own."""

from __future__ import annotations

from operator import is_not
from typing import Any

from shapelint.interp import descriptors, unmodelled
from shapelint.interp.control import ProgramRaises
from shapelint.interp.truth import Itself, condition
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    ClassMethod,
    Dict,
    Either,
    Function,
    Instance,
    Property,
    StaticMethod,
    SuperView,
    Unknown,
)

MISSING: Any = object()


def of_class(world: World, owner: Class, name: str) -> Any:
    if owner.metaclass is not None:
        held = of_metaclass(owner, name)
        if isinstance(held, Property):  # goes before what the class itself holds
            from shapelint.interp import calls

            return calls.call(world, held.getter, (owner,), {})
    try:
        held = owner.find(name)
    except KeyError:
        held = MISSING
    if held is not MISSING:
        if world.recording is not None:
            world.recording.lasting(held)
        if isinstance(held, StaticMethod):
            return held.function
        if isinstance(held, ClassMethod) or (name in _IMPLICIT and isinstance(held, Function)):
            return BoundMethod(getattr(held, "function", held), owner)
        return descriptors.read(world, held, None, owner) if isinstance(held, Instance) else held
    if name in ("__name__", "__qualname__"):
        return owner.name
    if name == "__module__":
        return owner.namespace.name if owner.namespace is not None else owner.qualname.rpartition(".")[0]
    if name == "__mro__":
        return whole_mro(owner)
    if name == "__bases__":
        return owner.bases
    if name == "__base__":
        return _best_base(owner)
    if name == "__doc__":
        return owner.node.docstring if owner.node is not None else None
    if name == "__dict__":
        if world.recording is not None:
            world.recording.spoilt = True
        return Dict(owner.attrs)
    held = of_metaclass(owner, name)
    if held is not MISSING:
        return bound(held, owner, owner.metaclass or owner)
    if owner.kind == "enum":
        if name == "__members__":
            return Dict({k: v for k, v in owner.attrs.items() if isinstance(v, Instance) and v.cls is owner})
    if owner.unknown_base is not None:
        return member(owner.unknown_base, owner, name)
    from shapelint.interp.host import object_protocol

    supplied = object_protocol.class_attribute(world, owner, name)
    if supplied is not MISSING:
        return supplied
    fallback = of_metaclass(owner, "__getattr__")
    if fallback is not MISSING:
        from shapelint.interp import calls

        return calls.call(world, fallback, (owner, name), {})
    if unmodelled.has(type, name):
        return Unknown(f"{name} of a class is not modelled", plain=True)
    described = _of_layer_class(world, owner, name)
    if described is not MISSING:
        return described
    if unmodelled.is_there(owner, name):
        return Unknown(f"{owner.name}.{name} is not modelled", world.site())
    raise ProgramRaises("AttributeError", f"type object '{owner.name}' has no attribute '{name}'")


def _of_layer_class(world: World, owner: Class, name: str) -> Any:
    """What a spec describes under the name of one of torch's layers: `SyncBatchNorm.convert_sync_batchnorm`."""
    from shapelint.interp import imports

    layers = [cls for cls in owner.mro if cls.spec is not None]
    found = (imports.by_name(world, f"{cls.qualname}.{name}") for cls in layers)
    return next((held for held in found if held is not imports.MISSING), MISSING)


def _best_base(cls: Class) -> Any:
    """The one base whose layout instances have: told where there is one only."""
    from shapelint.interp.host import host_classes

    if cls is host_classes.OBJECT:
        return None
    if len(cls.bases) > 1 or cls.unknown_base is not None:
        return Unknown("__base__ of a class with several bases")
    return cls.bases[0] if cls.bases else host_classes.OBJECT


def whole_mro(cls: Class) -> tuple[Class, ...]:
    """The classes in order, `object` last."""
    from shapelint.interp.host import host_classes

    return cls.mro if host_classes.OBJECT in cls.mro else (*cls.mro, host_classes.OBJECT)


_IMPLICIT = ("__init_subclass__", "__class_getitem__")  # class methods without saying so


def of_metaclass(owner: Class, name: str) -> Any:
    if owner.metaclass is None:
        return MISSING
    try:
        return owner.metaclass.find(name)
    except KeyError:
        return MISSING


def of_super(world: World, owner: SuperView, name: str) -> Any:
    mro = owner.cls.mro
    start = mro.index(owner.after) + 1 if owner.after in mro else 1
    for cls in mro[start:]:
        if name in cls.attrs:
            held = cls.attrs[name]
            if world.recording is not None:
                world.recording.lasting(held)
            if isinstance(held, Property):
                from shapelint.interp import calls

                return calls.call(world, held.getter, (owner.receiver,), {})
            if isinstance(held, Instance):
                return descriptors.read(world, held, owner.receiver, owner.cls)
            if name == "__new__":
                return held.function if isinstance(held, StaticMethod) else held
            if owner.receiver is owner.cls and isinstance(held, Function):
                return BoundMethod(held, owner.receiver) if name in _IMPLICIT else held
            return bound(held, owner.receiver, owner.cls)
    if owner.cls.unknown_base is not None:
        return member(owner.cls.unknown_base, owner.receiver, name)
    from shapelint.interp.host import object_protocol

    return object_protocol.object_method(world, owner, name)


def bound(held: Any, owner: Any, cls: Class) -> Any:
    """A class attribute as an instance sees it."""
    if isinstance(held, Function):
        return BoundMethod(held, owner)
    if isinstance(held, Builtin):
        return BoundMethod(held, owner) if held.name.startswith("method ") else held
    if isinstance(held, StaticMethod):
        return held.function
    if isinstance(held, ClassMethod):
        return BoundMethod(held.function, cls)
    if isinstance(held, Either):
        options = tuple([bound(option, owner, cls) for option in held.options])
        if any(map(is_not, options, held.options)):
            return Either(options, held.why)
    return held


def member(base: Any, owner: Any, name: str) -> Unknown:
    why = (
        base.why
        if isinstance(base, Unknown)
        else f"{getattr(base, 'qualname', 'a base class')} is not modelled"
    )
    if isinstance(base, Unknown):
        made = condition(base, ("attribute", Itself(owner), name), why)
        made.members[RECEIVER] = owner
        return made
    return Unknown(why)


RECEIVER = "receiver"  # a member of what may be a method of an unknown base class: the object whose it is
