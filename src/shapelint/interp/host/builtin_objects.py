"""Built-in functions about objects: their class, their attributes, their text; and property, super and their like."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Sym
from shapelint.interp import (
    attribute_writes,
    attributes,
    calls,
    classes,
    instance_attributes,
    origins,
    unmodelled,
)
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes, text
from shapelint.interp.host.host_calls import ABSENT, Host, attempt, builtin, each, into
from shapelint.interp.join import join
from shapelint.interp.tensors import tensor_names
from shapelint.interp.truth import Itself, condition
from shapelint.interp.world import World
from shapelint.values import (
    BoundMethod,
    Builtin,
    Class,
    ClassMethod,
    Dict,
    Either,
    External,
    Function,
    Instance,
    List,
    Module,
    Namespace,
    Property,
    Set,
    StaticMethod,
    Tensor,
    Undetermined,
    Unknown,
    nesting,
)

FUNCTIONS: dict[str, Host] = {}


# ---- what something is


def _isinstance(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if len(args) != 2:
        raise ProgramRaises("TypeError", f"isinstance expected 2 arguments, got {len(args)}")
    if nesting.endless(args[1]):
        return Unknown("the classes are more than can be followed", world.site(), plain=True)
    return classes.is_instance(world, *args)


FUNCTIONS["isinstance"] = _isinstance


@into(FUNCTIONS, "issubclass", "cls, other", plain=True)
def _issubclass(world: World, cls: Any, other: Any) -> Any:
    return classes.is_subclass(world, cls, other)


@into(FUNCTIONS, "callable", "obj", plain=True)
def _callable(world: World, obj: Any) -> Any:
    if isinstance(obj, (Function, BoundMethod, Builtin, Class, Module)):
        return True
    if isinstance(obj, Instance):
        if calls.special(obj, "__call__") is not None:
            return True
        return obj.cls.unknown_base is not None and condition(
            obj.cls.unknown_base, ("callable", Itself(obj)), "a base class"
        )
    if isinstance(obj, Unknown):
        if obj.tensor is not None or obj.symbol is not None:
            return False
        return condition(obj, "callable", obj.why)
    if isinstance(obj, External):
        raise Undetermined(f"{obj.qualname} is not modelled")
    return False


def _number_of(world: World, obj: Any) -> int:
    """Some number, the same for the same object, and in every run. What modules ask while they are imported outlives a program."""
    if world.recording is not None:
        world.recording.spoilt = True
    held = world.imported.identities.get(id(obj))
    if held is not None:
        return held[1]
    table, first = (
        (world.imported.identities, 0x7E << 40) if world.importing else (world.identities, 0x7F << 40)
    )
    return table.setdefault(id(obj), (obj, first + 64 * len(table)))[1]


@into(FUNCTIONS, "id", "obj", plain=True)
def _id(world: World, obj: Any) -> Any:
    if isinstance(obj, (Instance, Tensor, List, Dict, Set, Function, Class)):
        return _number_of(world, obj)
    raise Undetermined("the identity of a value")


@into(FUNCTIONS, "hash", "obj", plain=True)
def _hash(world: World, obj: Any) -> Any:
    from shapelint.interp import subscripts

    if isinstance(obj, (int, float)):
        return hash(obj)
    own = calls.special(obj, "__hash__") if isinstance(obj, Instance) else None
    if own is not None:
        return calls.call(world, own, (obj,), {})
    subscripts.key(obj)
    raise Undetermined("the hash of a value")


# ---- attributes


def _name(value: Any) -> str:
    """An attribute's name; Undetermined when it is not known."""
    if isinstance(value, Instance) and isinstance(value.payload, str):
        return value.payload
    if isinstance(value, str):
        return value
    if isinstance(value, Unknown):
        raise Undetermined(value.why, value)
    if isinstance(value, (int, float, Sym, tuple, List)) or value is None:
        raise ProgramRaises("TypeError", "attribute name must be string")
    raise Undetermined("the name of an attribute")


@into(FUNCTIONS, "getattr", "obj, name, default=...")
def _getattr(world: World, obj: Any, name: Any, default: Any) -> Any:
    if isinstance(obj, Module) and isinstance(name, Unknown):
        return attributes.part_of(obj, name.why)
    if isinstance(obj, (List, Dict, Set)) and isinstance(name, Unknown):  # perhaps a method that changes it
        origins.handed_over(world, [obj])
    known = _name(name)
    if default is ABSENT:
        return attributes.get(world, obj, known)
    found = attributes.find(world, obj, known)
    if found is attributes.MISSING:
        return default
    if instance_attributes.is_doubtful(world, obj, known):
        return join(found, default, object(), instance_attributes.DOUBT)
    return found


@into(FUNCTIONS, "hasattr", "obj, name", plain=True)
def _hasattr(world: World, obj: Any, name: Any) -> Any:
    return has(world, obj, _name(name))


def has(world: World, owner: Any, name: str) -> Any:
    """Whether an attribute exists: a bool, or a condition."""
    if isinstance(owner, Either):
        return each(world, owner, lambda option: has(world, option, name))
    if isinstance(owner, Unknown):
        if owner.tensor is not None:
            return has(world, owner.tensor, name)
        return condition(owner, ("hasattr", name), owner.why)
    if isinstance(owner, External):
        from shapelint.interp import imports

        if not isinstance(imports.external(world, f"{owner.qualname}.{name}"), External):
            return True
        raise Undetermined(f"whether {owner.qualname} has it is not modelled")
    found = attributes.find(world, owner, name)
    if found is attributes.MISSING:
        return False
    if instance_attributes.is_doubtful(world, owner, name) and not _of_class(owner, name):
        return Unknown(instance_attributes.DOUBT, plain=True)
    if isinstance(owner, Tensor):
        return _doubt(name) if (known := tensor_names.has(owner, name)) is None else known
    if isinstance(found, Unknown) and not _holds(owner, name):
        return condition(found, ("hasattr", name), found.why)
    return True


def _of_class(owner: Any, name: str) -> bool:
    return any(name in cls.attrs for cls in owner.cls.mro)


def _doubt(name: str) -> Unknown:
    return Unknown(f"whether a tensor has an attribute {name} is not modelled", plain=True)


def _holds(owner: Any, name: str) -> bool:
    """Whether the attribute itself is there, whatever its value."""
    if isinstance(owner, Namespace):
        return name in owner.vars or name in owner.awaited
    cls = owner.cls if isinstance(owner, Instance) else owner if isinstance(owner, Class) else None
    if isinstance(owner, Instance) and name in owner.attrs:
        return True
    if cls is not None:
        return any(name in c.attrs for c in cls.mro)
    return not isinstance(owner, (Builtin, Namespace))


@into(FUNCTIONS, "setattr", "obj, name, value")
def _setattr(world: World, obj: Any, name: Any, value: Any) -> None:
    try:
        known = _name(name)
    except Undetermined as problem:
        _set_somewhere(world, obj, value, problem.why)
        return
    attribute_writes.set(world, obj, known, value)


def _set_somewhere(world: World, obj: Any, value: Any, why: str) -> None:
    """An attribute is set under a name that is not known: from here on any may exist."""
    reason = Unknown(why, world.site())
    if isinstance(obj, Unknown):
        attribute_writes.note_part(world, obj, value)
    elif isinstance(obj, Module):
        world.journal.touch(obj.incomplete)
        obj.incomplete.append(reason)
        if isinstance(value, Module):
            value.history.held = True  # under some name
    elif isinstance(obj, (Instance, Class)):
        cls = obj.cls if isinstance(obj, Instance) else obj
        if cls.unknown_base is None:
            world.journal.touch_slot(cls, "unknown_base")
            cls.unknown_base = reason


@into(FUNCTIONS, "delattr", "obj, name")
def _delattr(world: World, obj: Any, name: Any) -> None:
    attribute_writes.delete(world, obj, _name(name))


# ---- text


@into(FUNCTIONS, "repr", "obj", plain=True)
def _repr(world: World, obj: Any) -> Any:
    return text.string(world, obj, quoted=True)


@into(FUNCTIONS, "ascii", "obj", plain=True)
def _ascii(world: World, obj: Any) -> Any:
    return text.string(world, obj, quoted=True).encode("ascii", "backslashreplace").decode("ascii")


@into(FUNCTIONS, "format", "value, format_spec=''", plain=True)
def _format(world: World, value: Any, format_spec: Any) -> Any:
    own = calls.special(value, "__format__") if isinstance(value, Instance) else None
    if own is not None:
        return calls.call(world, own, (value, format_spec), {})
    if not isinstance(format_spec, str):
        raise Undetermined("a format that is not known")
    if text.too_wide(format_spec):
        raise Undetermined("a text too long to keep")
    return attempt(format, text.plain(world, value), format_spec)


# ---- descriptors


@into(FUNCTIONS, "property", "fget=None, fset=None, fdel=None, doc=None")
def _property(world: World, fget: Any, fset: Any, fdel: Any, doc: Any) -> Property:
    return Property(fget, fset, fdel)


# What a class of the program's that is a property inherits.


def _keep(world: World, self: Any, **functions: Any) -> None:
    world.journal.touch(self.attrs)
    self.attrs.update(functions)


def _got(world: World, self: Any, instance: Any, owner: Any) -> Any:
    return self if instance is None else calls.call(world, self.attrs["fget"], (instance,), {})


def _put(world: World, self: Any, instance: Any, value: Any) -> None:
    if self.attrs["fset"] is None:
        raise ProgramRaises("AttributeError", "property has no setter")
    calls.call(world, self.attrs["fset"], (instance, value), {})


host_classes.PROPERTY.attrs.update(
    {
        "__init__": builtin("property.__init__", "self, fget=None, fset=None, fdel=None, doc=None", _keep),
        "__get__": builtin("property.__get__", "self, instance, owner=None", _got),
        "__set__": builtin("property.__set__", "self, instance, value", _put),
    }
)


@into(FUNCTIONS, "staticmethod", "function")
def _staticmethod(world: World, function: Any) -> StaticMethod:
    return StaticMethod(function)


@into(FUNCTIONS, "classmethod", "function")
def _classmethod(world: World, function: Any) -> ClassMethod:
    return ClassMethod(function)


def property_attribute(world: World, owner: Property, name: str) -> Any:
    """`prop.setter`, `prop.getter`, `prop.deleter`, and the functions it holds."""
    if name == "setter":
        return builtin(
            "property.setter",
            "fset",
            lambda w, fset: Property(owner.getter, fset, owner.deleter, cached=owner.cached),
        )
    if name == "getter":
        return builtin(
            "property.getter",
            "fget",
            lambda w, fget: Property(fget, owner.setter, owner.deleter, cached=owner.cached),
        )
    if name == "deleter":
        return builtin(
            "property.deleter",
            "fdel",
            lambda w, fdel: Property(owner.getter, owner.setter, fdel, cached=owner.cached),
        )
    if name in ("fget", "func"):
        return owner.getter
    if name == "fset":
        return owner.setter
    if name == "__doc__":
        return attributes.get(world, owner.getter, "__doc__")
    if unmodelled.has(property, name):
        return Unknown(f"{name} of a property is not modelled", world.site(), plain=True)
    raise ProgramRaises("AttributeError", f"'property' object has no attribute '{name}'")
