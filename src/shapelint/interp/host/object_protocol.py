"""What `object` and `type` have: reached by `super()`, or through a class."""

from __future__ import annotations

from typing import Any

from shapelint.interp import (
    attribute_writes,
    attributes,
    class_attributes,
    class_definitions,
    classes,
    instance_attributes,
    unmodelled,
)
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import class_functions, host_classes, host_constructors
from shapelint.interp.host.host_calls import builtin
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Class,
    External,
    Instance,
    List,
    Module,
    Namespace,
    Tensor,
    Undetermined,
    Unknown,
)

MISSING: Any = object()


def object_method(world: World, owner: Any, name: str) -> Any:
    """`super().name` where no class of the program defines it: what `object` has."""
    if name in ("__init__", "__init_subclass__", "__post_init__", "__setstate__", "__del__", "__set_name__"):
        return Builtin(f"object.{name}", lambda w, args, keywords: _host_init(w, owner, args, keywords))
    if name == "__new__":
        return Builtin("object.__new__", lambda w, args, keywords: _host_new(w, args, keywords))
    if name == "__setattr__":
        return builtin(
            "object.__setattr__",
            "name, value",
            lambda w, name, value: _raw_set(w, owner.receiver, name, value),
        )
    if name in ("__getattribute__", "__getattr__"):
        return builtin("object.__getattribute__", "name", lambda w, name: _raw_get(w, owner.receiver, name))
    receiver = owner.receiver
    if isinstance(receiver, Instance) and receiver.payload is not None:
        from shapelint.interp.host import builtins

        return builtins.method(world, receiver.payload, name, receiver=receiver)
    if name in unmodelled.OF_EVERY_OBJECT:
        return Builtin(f"object.{name}", lambda w, args, keywords: Unknown(f"object.{name} is not modelled"))
    if isinstance(receiver, Module):
        from shapelint.interp.nets import containers, modules

        own = containers.special(receiver, name)
        if own is not None:
            return own
        found = modules.extra(world, receiver, name)
        if found is not modules.MISSING:
            return found
        if unmodelled.is_there(receiver.cls, name):
            return Unknown(f"{name} of a {receiver.cls.name} is not modelled", world.site())
    raise ProgramRaises("AttributeError", f"'super' object has no attribute '{name}'")


def _host_init(world: World, owner: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    receiver = owner.receiver
    if isinstance(receiver, Class):
        return  # type.__init__
    if isinstance(receiver, Instance) and receiver.payload is not None:
        host_constructors.refill(world, receiver, args, keywords)
    elif isinstance(receiver, Instance) and receiver.cls.kind == "exception":
        receiver.attrs["args"] = args


def _host_new(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    cls = args[0] if args else None
    if not isinstance(cls, Class):
        return Unknown("object.__new__ of a class that is not known")
    if cls.is_subclass(host_classes.TYPE):
        return class_definitions.make(world, cls, *class_definitions.parts(world, args[1:]), keywords)
    if cls.is_module:
        return Module(cls)
    constructor = host_constructors.constructor(cls)
    return constructor(world, cls, args[1:], keywords) if constructor is not None else Instance(cls)


def _raw_set(world: World, receiver: Any, name: Any, value: Any) -> None:
    if isinstance(receiver, Instance) and isinstance(name, str):
        attribute_writes.set_plainly(world, receiver, name, value)


def _raw_get(world: World, receiver: Any, name: Any) -> Any:
    if isinstance(receiver, Instance) and isinstance(name, str):
        found = instance_attributes.plainly(world, receiver, name)
        if found is not attributes.MISSING:
            return found
    raise ProgramRaises("AttributeError", str(name))


def class_attribute(world: World, owner: Class, name: str) -> Any:
    """Attributes that classes have without writing them: `cls.__new__`, `object.__setattr__(obj, …)`, `dict.fromkeys`."""
    if name == "__new__":
        return Builtin("object.__new__", lambda w, args, keywords: _host_new(w, args, keywords))
    if name == "__init__":
        return Builtin(
            "object.__init__",
            lambda w, args, keywords: _host_init(w, _Receiver(args[0]), args[1:], keywords) if args else None,
        )
    if name == "__setattr__":
        return builtin("object.__setattr__", "receiver, name, value", _behind)
    if name in ("__getattribute__",):
        return builtin("object.__getattribute__", "receiver, name", _raw_get)
    if name == "__subclasses__":
        return Builtin("__subclasses__", lambda w, args, keywords: Unknown("the subclasses of a class"))
    if name in unmodelled.OF_EVERY_OBJECT:
        return Builtin(f"object.{name}", lambda w, args, keywords: Unknown(f"object.{name} is not modelled"))
    if name in ("__annotations__",):
        return Unknown("annotations are not modelled")
    return class_functions.static(world, owner, name)


class _Receiver:
    __slots__ = ("receiver",)

    def __init__(self, receiver: Any) -> None:
        self.receiver = receiver


def _behind(world: World, receiver: Any, name: Any, value: Any) -> None:
    """object.__setattr__: on an nn.Module it sets an attribute without registering anything."""
    if isinstance(receiver, Instance) and isinstance(name, str):
        world.journal.touch(receiver.attrs)
        receiver.attrs[name] = value
        if isinstance(receiver, Module):
            world.journal.touch(receiver.hidden)
            receiver.hidden.add(name)


def _call_class(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if not args:
        raise ProgramRaises("TypeError", "descriptor '__call__' of 'type' object needs an argument")
    if isinstance(args[0], Unknown):
        return Unknown(args[0].why, world.site())
    return classes.make(world, _class(args[0], "__call__"), args[1:], keywords)


def _class(value: Any, name: str) -> Class:
    """What a method of `type` is called on."""
    if isinstance(value, Class):
        return value
    if isinstance(value, (External, Namespace, Instance, Tensor, Unknown)):
        raise Undetermined("a class that is not known")
    raise ProgramRaises("TypeError", f"descriptor '{name}' requires a 'type' object")


host_classes.TYPE.attrs["__call__"] = Builtin("method __call__", _call_class)
host_classes.TYPE.attrs["mro"] = builtin(
    "method mro", "self", lambda world, self: List(list(class_attributes.whole_mro(_class(self, "mro"))))
)
