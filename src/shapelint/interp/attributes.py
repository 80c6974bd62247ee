"""Reading attributes: `x.name`, for every kind of value."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from shapelint import facts
from shapelint.interp import descriptors, function_attributes, iterate, origins, unmodelled
from shapelint.interp.control import ProgramRaises
from shapelint.interp.join import join
from shapelint.interp.tensors import packed_sequences, placement
from shapelint.interp.truth import Itself, condition
from shapelint.interp.world import World
from shapelint.values import (
    HERE,
    BoundMethod,
    Builtin,
    Class,
    ClassMethod,
    Device,
    Dict,
    DType,
    Either,
    External,
    Function,
    Instance,
    Module,
    Namespace,
    Property,
    Record,
    Size,
    StaticMethod,
    SuperView,
    Tensor,
    Unknown,
)
from shapelint.values.torch_types import NOT_OF_NUMBERS, NUMBERS, is_complex, is_float

MISSING: Any = object()


def get(world: World, owner: Any, name: str) -> Any:
    """`owner.name`. Raises ProgramRaises("AttributeError")."""
    if name == "__class__" and not isinstance(owner, (Unknown, External, Either)):
        from shapelint.interp.host import type_tests

        return type_tests.class_of(owner)
    handler = _GET.get(owner.__class__)
    if handler is not None:
        return handler(world, owner, name)
    if isinstance(owner, Instance):
        return of_instance(world, owner, name)
    if isinstance(owner, Unknown):
        return _of_unknown(world, owner, name)
    if isinstance(owner, Tensor):  # a kind of its own, as the batch sizes of a packed sequence are
        return _of_tensor(world, owner, name)
    if isinstance(owner, Dict) and owner.attrs is not None and name in owner.attrs:
        return owner.attrs[name]
    from shapelint.interp.host.builtins import method

    return method(world, owner, name)


def find(world: World, owner: Any, name: str) -> Any:
    """Like get, but MISSING where the attribute does not exist."""
    try:
        return get(world, owner, name)
    except ProgramRaises as problem:
        if problem.kind == "AttributeError":
            return MISSING
        raise


# ---- instances and classes


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

        return calls.call(world, bound(fallback, owner, cls), (name,), {})
    if cls.unknown_base is not None:
        return _member(cls.unknown_base, owner, name)
    if isinstance(owner, Module) and owner.incomplete:
        return condition(owner.incomplete[0], ("attribute", Itself(owner), name), owner.incomplete[0].why)
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


DOUBT = "it is set on one side of a condition that is not known"


def is_doubtful(world: World, owner: Any, name: str) -> bool:
    """Whether only one side of an undecided branch has set an attribute."""
    held = world.perhaps.get(id(owner.attrs)) if isinstance(owner, Instance) else None
    return held is not None and name in held.doubtful


def _member(base: Any, owner: Any, name: str) -> Unknown:
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


def _property(world: World, owner: Instance, name: str, held: Property) -> Any:
    from shapelint.interp import calls

    value = calls.call(world, held.getter, (owner,), {})
    if held.cached:
        world.journal.touch(owner.attrs)
        owner.attrs[name] = value
    return value


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
    return held


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
        return _member(owner.unknown_base, owner, name)
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
    from shapelint.interp.imports import by_name

    layers = [cls for cls in owner.mro if cls.spec is not None]
    found = (by_name(world, f"{cls.qualname}.{name}") for cls in layers)
    return next((held for held in found if held is not MISSING), MISSING)


def whole_mro(cls: Class) -> tuple[Class, ...]:
    """The classes in order, `object` last."""
    from shapelint.interp.host import host_classes

    return cls.mro if host_classes.OBJECT in cls.mro else (*cls.mro, host_classes.OBJECT)


def _best_base(cls: Class) -> Any:
    """The one base whose layout instances have: told where there is one only."""
    from shapelint.interp.host import host_classes

    if cls is host_classes.OBJECT:
        return None
    if len(cls.bases) > 1 or cls.unknown_base is not None:
        return Unknown("__base__ of a class with several bases")
    return cls.bases[0] if cls.bases else host_classes.OBJECT


_IMPLICIT = ("__init_subclass__", "__class_getitem__")  # class methods without saying so


def of_metaclass(owner: Class, name: str) -> Any:
    if owner.metaclass is None:
        return MISSING
    try:
        return owner.metaclass.find(name)
    except KeyError:
        return MISSING


def _of_super(world: World, owner: SuperView, name: str) -> Any:
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
        return _member(owner.cls.unknown_base, owner.receiver, name)
    from shapelint.interp.host import object_protocol

    return object_protocol.object_method(world, owner, name)


# ---- the rest


def _of_unknown(world: World, owner: Unknown, name: str) -> Any:
    if owner.tensor is not None:
        return get(world, owner.tensor, name)
    if owner.entry:
        from shapelint.interp.tensors import tensor_arguments, tensor_attributes

        if name in tensor_attributes.TENSOR_ONLY:
            return get(world, tensor_arguments.as_tensor(owner, presumed=True), name)
    key = ("attribute", name)
    if name in NOT_OF_NUMBERS and owner.annotation in NUMBERS:  # an element of a tensor or of an array
        text = f"'{owner.annotation}' object has no attribute '{name}'"
        raise ProgramRaises("AttributeError", text, cause=facts.AttributeAsked(owner, name))
    if key not in owner.members:
        if PART in owner.members:
            owner.members[key] = part_of(owner.members[PART], owner.why)
            return owner.members[key]
        made = Unknown(owner.why, owner.site, after_failure=owner.after_failure, plain=owner.plain)
        made.entry = owner.entry
        if owner.name is not None:
            made.name = f"{owner.name}.{name}"
        owner.members[key] = made
    return origins.attribute(world, owner, name, owner.members[key])


PART = "part of"


def part_of(module: Module, why: str) -> Unknown:
    """Something that a module holds, not known which: what is then registered there is the module's."""
    made = Unknown(why)
    made.members[PART] = module
    return made


def _of_namespace(world: World, owner: Namespace, name: str) -> Any:
    from shapelint.interp import imports

    found = imports.member(world, owner, name)
    if world.recording is not None:
        world.recording.lasting(found)
    return found


def _of_external(world: World, owner: External, name: str) -> Any:
    key = owner.qualname, name
    found = _parts_of_libraries.get(key, MISSING)
    if found is MISSING:
        from shapelint.interp.imports import external

        if name in ("__name__", "__qualname__"):
            return owner.qualname.rpartition(".")[2]
        if len(_parts_of_libraries) >= _MOST_PARTS:
            _parts_of_libraries.clear()
        found = _parts_of_libraries[key] = external(world, f"{owner.qualname}.{name}")
    return found


_parts_of_libraries: dict[tuple[str, str], Any] = {}  # which never change, and are asked for at every call
_MOST_PARTS = 10_000


def _of_tensor(world: World, owner: Tensor, name: str) -> Any:
    from shapelint.interp.tensors.tensor_attributes import attribute

    return attribute(world, owner, name)


def _of_function(world: World, owner: Function, name: str) -> Any:
    if world.recording is not None and name not in ("__name__", "__qualname__", "__module__", "__doc__"):
        world.recording.spoilt = True
    if name in owner.attrs:
        return owner.attrs[name]
    if name in ("__name__", "__qualname__"):
        return owner.name if name == "__name__" else owner.qualname
    if name == "__module__":
        return owner.globals.name
    if name == "__doc__":
        return getattr(owner.node, "docstring", None)
    if name == "__dict__":
        return Dict(owner.attrs)
    if name == "__wrapped__" and owner.wrapped is not None:
        return owner.wrapped
    if name in function_attributes.NAMES:
        return function_attributes.get(world, owner, name)
    if name == "__call__":
        return owner
    if name == "__get__":
        return Builtin("__get__", lambda world, args, keywords: BoundMethod(owner, args[0]))
    if getattr(owner.node, "decorators", ()):
        return Unknown(f"a decorator may have given {owner.name} its {name}", plain=True)
    if unmodelled.has(FunctionType, name):
        return Unknown(f"{name} of a function is not modelled", plain=True)
    raise ProgramRaises("AttributeError", f"'function' object has no attribute '{name}'")


def _of_method(world: World, owner: BoundMethod, name: str) -> Any:
    if name == "__self__":
        return owner.receiver
    if name == "__func__":
        return owner.function
    return get(world, owner.function, name)


def _of_builtin(world: World, owner: Builtin, name: str) -> Any:
    if name in ("__name__", "__qualname__"):
        return owner.name.rpartition(".")[2]
    if name == "__module__":
        return owner.name.rpartition(".")[0]
    from shapelint.interp import library

    found = library.attribute_of(owner, name)
    if found is not None:
        return found
    return Unknown(f"{owner.name}.{name} is not modelled")


def _of_either(world: World, owner: Either, name: str) -> Any:
    from shapelint.interp import branch

    sides = [(lambda option=option: get(world, option, name)) for option in owner.options]
    return branch.value(world, None, sides)


def _of_dtype(world: World, owner: DType, name: str) -> Any:
    if name == "is_floating_point":
        return is_float(owner.name)
    if name == "is_complex":
        return is_complex(owner.name)
    if name == "itemsize":
        from shapelint.values.torch_types import itemsize

        return itemsize(owner.name)
    return Unknown(f"torch.dtype.{name} is not modelled")


def _of_device(world: World, owner: Device, name: str) -> Any:
    if name == "type":
        return placement.type_here(world) if owner is HERE else owner.type
    return owner.index if name == "index" else Unknown(f"torch.device.{name}")


def _of_record(world: World, owner: Record, name: str) -> Any:
    if name in owner.fields:
        return owner[owner.fields.index(name)]
    if name == "_fields":
        return owner.fields
    if name == "_asdict":
        return Builtin("_asdict", lambda w, args, keywords: Dict(dict(zip(owner.fields, owner, strict=True))))
    if name == "_replace":
        return Builtin("_replace", lambda w, args, keywords: _replaced(owner, keywords))
    if packed_sequences.has(owner, name):
        return packed_sequences.attribute(world, owner, name)
    from shapelint.interp.host import builtins

    try:
        return builtins.method(world, tuple(owner), name)
    except ProgramRaises as problem:
        if isinstance(problem.cause, facts.AttributeAsked):
            problem.cause = facts.AttributeAsked(owner, name)
        raise


def _replaced(owner: Record, keywords: dict[str, Any]) -> Record:
    held = dict(zip(owner.fields, owner, strict=True))
    return Record(tuple({**held, **keywords}[f] for f in owner.fields), owner.fields, owner.type_name)


def _of_size(world: World, owner: Size, name: str) -> Any:
    if name == "numel":
        from shapelint import dims

        return Builtin("numel", lambda w, args, keywords: dims.product(owner))
    from shapelint.interp.host import builtins

    return builtins.method(world, tuple(owner), name)


def _of_shape(world: World, owner: iterate.ShapeOf, name: str) -> Any:
    return Unknown(owner.box.why)


_GET: dict[type, Any] = {
    Instance: of_instance,
    Module: of_instance,
    Class: of_class,
    SuperView: _of_super,
    Unknown: _of_unknown,
    Namespace: _of_namespace,
    External: _of_external,
    Tensor: _of_tensor,
    Function: _of_function,
    BoundMethod: _of_method,
    Builtin: _of_builtin,
    Either: _of_either,
    DType: _of_dtype,
    Device: _of_device,
    Record: _of_record,
    Size: _of_size,
    iterate.ShapeOf: _of_shape,
}
