"""Classes: defining them, linearising their bases, making instances, isinstance."""

from __future__ import annotations

import ast
from typing import Any

from shapelint import ir
from shapelint.interp import calls, class_functions, host_classes, host_constructors, type_tests
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host_calls import builtin
from shapelint.interp.truth import condition
from shapelint.interp.world import Frame, World
from shapelint.specs import packed
from shapelint.values import (
    Builtin,
    Class,
    ClassMethod,
    Either,
    Environment,
    External,
    Function,
    Instance,
    List,
    Module,
    Property,
    Site,
    StaticMethod,
    Stream,
    Unknown,
)
from shapelint.values.unknown import either

MISSING: Any = object()


def define(node: ir.ClassDef, frame: Frame) -> Any:
    """Execute a class statement (decorators aside): the Class."""
    from shapelint.interp.blocks import block
    from shapelint.interp.expressions import evaluate

    world = frame.world
    bases: list[Class] = []
    unknown: Any = None
    for expression in node.bases:
        value = evaluate(expression, frame)
        found = as_base(value)
        if found is not None:
            bases.append(found)
        elif not _is_harmless(value):
            unknown = either(unknown, value if isinstance(value, Unknown) else Unknown(_base_why(value)))
    metaclass = None
    settings: dict[str, Any] = {}
    for key, expression in node.keywords:
        value = evaluate(expression, frame)
        if key == "metaclass":
            metaclass = value if isinstance(value, Class) else None
        elif key is not None:
            settings[key] = value
    outer = frame.env.vars.get("__qualname__") if "__class_body__" in frame.env.vars else None
    qualname = f"{outer}.{node.name}" if outer else node.name
    body = Environment({"__class_body__": True, "__qualname__": qualname}, _outer(frame), frame.namespace)
    inner = Frame(world, body, frame.function, frame.receiver)
    world.frames.append(inner)
    try:
        block(node.body, inner)
    finally:
        world.frames.pop()
    attrs = {k: v for k, v in body.vars.items() if k not in ("__class_body__", "__qualname__")}
    cls = Class(node.name, f"{frame.namespace.name}.{qualname}", tuple(bases), attrs)
    cls.node, cls.namespace = node, frame.namespace
    cls.mro = linearise(cls)
    cls.metaclass = metaclass or cls.metaclass
    cls.is_module = any(base.is_module for base in cls.mro[1:])
    if unknown is not None:
        cls.unknown_base = unknown
    if frame.namespace.file is not None:
        cls.site = Site(frame.namespace.file.path, *node.name_at)
    for value in attrs.values():
        _own(value, cls)
    attrs.setdefault("__annotations__", {})
    host_constructors.complete(world, cls, frame, settings)
    _announce(world, cls, settings)
    return cls


def _outer(frame: Frame) -> Environment | None:
    scope: Environment | None = frame.env
    while scope is not None and "__class_body__" in scope.vars:
        scope = scope.parent
    return scope


def _own(value: Any, cls: Class) -> None:
    """Tell functions of a class body which class they stand in: what super() without arguments needs."""
    if isinstance(value, Function):
        if value.owner is None:
            value.owner = cls
        wrapped = value.wrapped
        if isinstance(wrapped, Function) and wrapped.owner is None:
            wrapped.owner = cls
        if value.closure is not None:
            for held in list(value.closure.vars.values()):
                if isinstance(held, Function) and held.owner is None and held.node is not value.node:
                    if held.qualname.startswith(cls.name + "."):
                        held.owner = cls
    elif isinstance(value, Property):
        _own(value.getter, cls)
        _own(value.setter, cls)
    elif isinstance(value, (StaticMethod, ClassMethod)):
        _own(value.function, cls)


def as_base(value: Any) -> Class | None:
    if isinstance(value, Class):
        return value
    if isinstance(value, External):
        return host_classes.base_of(value.qualname)
    if isinstance(value, Builtin):
        return host_classes.base_of(value.name)
    return None


# Mixins and markers that add neither layers nor parameters nor a forward.
_HARMLESS = (
    "typing.",
    "abc.",
    "typing_extensions.",
    "collections.abc.",
    "huggingface_hub.PyTorchModelHubMixin",
    "huggingface_hub.ModelHubMixin",
)


def _is_harmless(value: Any) -> bool:
    """Bases that add nothing: Generic[T], Protocol, ABC, object."""
    if isinstance(value, External):
        return value.qualname.startswith(_HARMLESS)
    if isinstance(value, tuple):
        return all(_is_harmless(v) for v in value)
    return False


def _base_why(value: Any) -> str:
    return f"its base class {getattr(value, 'qualname', 'is an expression that')} is not known"


def linearise(cls: Class) -> tuple[Class, ...]:
    """The method resolution order (C3). Where no consistent one exists: depth first, each class once."""
    sequences = [list(base.mro) for base in cls.bases] + [list(cls.bases)]
    result: list[Class] = [cls]
    while any(sequences):
        for sequence in sequences:
            if sequence and not any(sequence[0] in other[1:] for other in sequences):
                head = sequence[0]
                break
        else:
            rest = [c for sequence in sequences for c in sequence]
            return tuple(dict.fromkeys([*result, *rest]))
        result.append(head)
        sequences = [[c for c in sequence if c is not head] for sequence in sequences]
    return tuple(result)


def _announce(world: World, cls: Class, settings: dict[str, Any]) -> None:
    """__set_name__ is not modelled; __init_subclass__ of a base written in the program is called."""
    for base in cls.mro[1:]:
        hook = base.attrs.get("__init_subclass__")
        if isinstance(hook, ClassMethod):
            hook = hook.function
        if isinstance(hook, Function):
            calls.call(world, hook, (cls,), settings)
            return


# ---- instances


def instantiate(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`cls(*args, **keywords)`."""
    world.step()
    if cls.metaclass is not None:
        made = _by_metaclass(world, cls, args, keywords)
        if made is not MISSING:
            return made
    if cls.is_module:
        from shapelint.interp import modules

        return modules.build(world, cls, args, keywords)
    constructor = host_constructors.constructor(cls)
    if constructor is not None and cls.node is None:
        return constructor(world, cls, args, keywords)
    maker = _found(cls, "__new__")
    if isinstance(maker, (Function, StaticMethod)):
        function = maker.function if isinstance(maker, StaticMethod) else maker
        made = calls.call(world, function, (cls, *args), keywords)
        if not (isinstance(made, Instance) and made.cls.is_subclass(cls)):
            return made
    elif constructor is not None:
        made = constructor(world, cls, args, keywords)
        if not isinstance(made, Instance):
            return made
    else:
        made = Instance(cls)
    initialise(world, made, args, keywords)
    return made


def initialise(world: World, made: Instance, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    init = _found(made.cls, "__init__")
    if init is not None and init is not MISSING:
        calls.call(world, init, (made, *args), keywords)
    elif made.cls.unknown_base is None and (args or keywords) and made.payload is None and not made.attrs:
        raise ProgramRaises("TypeError", f"{made.cls.name}() takes no arguments")


def _found(cls: Class, name: str) -> Any:
    try:
        return cls.find(name)
    except KeyError:
        return None


def _by_metaclass(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    assert cls.metaclass is not None
    hook = _found(cls.metaclass, "__call__")
    if isinstance(hook, Function):
        depth = sum(1 for f in world.frames if f.function is hook)
        if depth == 0:
            return calls.call(world, hook, (cls, *args), keywords)
    return MISSING


# ---- isinstance, exceptions


def is_instance(world: World, value: Any, cls: Any) -> Any:
    """`isinstance(value, cls)`: a bool or an Unknown condition."""
    if isinstance(cls, tuple):
        unknown: Unknown | None = None
        for option in cls:
            found = is_instance(world, value, option)
            if found is True:
                return True
            if isinstance(found, Unknown):
                unknown = found
        return False if unknown is None else unknown
    if isinstance(value, Unknown):
        if value.tensor is not None:
            value = value.tensor
        else:
            return condition(value, ("isinstance", id(cls)), value.why)
    if isinstance(value, Either):
        answers = [is_instance(world, option, cls) for option in value.options]
        if all(a is True for a in answers):
            return True
        if all(a is False for a in answers):
            return False
        return condition(value, ("isinstance", id(cls)), value.why)
    if isinstance(cls, External):
        found = host_classes.base_of(cls.qualname)
        if found is None:
            return type_tests.external_instance(value, cls.qualname)
        cls = found
    if isinstance(cls, Class):
        answer = type_tests.is_instance(value, cls)
        if answer is False and isinstance(value, Instance) and value.cls.unknown_base is not None:
            return condition(value.cls.unknown_base, ("isinstance", id(cls)), "a base class is not known")
        if answer is False and isinstance(value, (External, Stream)):
            return Unknown("a library value")
        return answer
    if isinstance(cls, Unknown):
        return condition(cls, ("instances", id(value)), cls.why)
    if cls is None:
        return value is None
    if isinstance(cls, Builtin):
        if cls.name == packed.QUALNAME and not isinstance(value, (Instance, External, Stream)):
            return packed.is_packed(value)
        base = host_classes.base_of(cls.name)
        return type_tests.is_instance(value, base) if base is not None else Unknown(f"{cls.name} as a class")
    return Unknown("a class that is not known")


def is_subclass(world: World, cls: Any, other: Any) -> Any:
    if isinstance(other, tuple):
        return any(is_subclass(world, cls, o) is True for o in other)
    if isinstance(other, External):
        other = host_classes.base_of(other.qualname) or other
    if isinstance(cls, Class) and isinstance(other, Class):
        if cls.is_subclass(other) or other.name == "object":
            return True
        return False if cls.unknown_base is None else Unknown("a base class is not known")
    if not isinstance(cls, (Class, Unknown, External, Either)):
        raise ProgramRaises("TypeError", "issubclass() arg 1 must be a class")
    return Unknown("a class that is not known")


def exception(kind: str, message: str = "") -> Instance:
    """An exception value of a built-in class, for what shapelint itself raises in the program's name."""
    cls = host_classes.EXCEPTIONS.get(kind) or host_classes.EXCEPTIONS["Exception"]
    made = Instance(cls)
    made.attrs["args"] = (_unquoted(message) if kind == "KeyError" else message,) if message else ()
    return made


def _unquoted(message: str) -> Any:
    """The key of a KeyError, whose message is its repr."""
    try:
        return ast.literal_eval(message)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return message


def catches(world: World, handler: Any, problem: ProgramRaises) -> bool:
    """Whether `except handler` catches what was raised; classes that are not known are taken to."""
    if isinstance(handler, tuple):
        return any(catches(world, h, problem) for h in handler)
    if isinstance(handler, List):
        return any(catches(world, h, problem) for h in handler.items)
    if not isinstance(handler, Class):
        return True
    raised = (
        problem.value.cls
        if isinstance(problem.value, Instance)
        else host_classes.EXCEPTIONS.get(problem.kind)
    )
    if raised is None:
        return True
    return raised.is_subclass(handler)


# ---- what every object has


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
        from shapelint.interp import builtins

        return builtins.method(world, receiver.payload, name, receiver=receiver)
    if name in ("__eq__", "__hash__", "__repr__", "__str__", "__reduce__", "__dir__", "__getstate__"):
        return Builtin(f"object.{name}", lambda w, args, keywords: Unknown(f"object.{name} is not modelled"))
    if isinstance(receiver, Module):
        from shapelint.interp import modules

        found = modules.extra(world, receiver, name)
        if found is not modules.MISSING:
            return found
    raise ProgramRaises("AttributeError", f"'super' object has no attribute '{name}'")


def _host_init(world: World, owner: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    receiver = owner.receiver
    if isinstance(receiver, Instance) and receiver.payload is not None:
        host_constructors.refill(world, receiver, args, keywords)
    elif isinstance(receiver, Instance) and receiver.cls.kind == "exception":
        receiver.attrs["args"] = args


def _host_new(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    cls = args[0] if args else None
    if not isinstance(cls, Class):
        return Unknown("object.__new__ of a class that is not known")
    if cls.is_module:
        return Module(cls)
    constructor = host_constructors.constructor(cls)
    return constructor(world, cls, args[1:], keywords) if constructor is not None else Instance(cls)


def _raw_set(world: World, receiver: Any, name: Any, value: Any) -> None:
    if isinstance(receiver, Instance) and isinstance(name, str):
        if isinstance(receiver, Module):
            from shapelint.interp import registration

            registration.set_attribute(world, receiver, name, value)
            return
        world.journal.touch(receiver.attrs)
        receiver.attrs[name] = value


def _raw_get(world: World, receiver: Any, name: Any) -> Any:
    if isinstance(receiver, Instance) and isinstance(name, str) and name in receiver.attrs:
        return receiver.attrs[name]
    if isinstance(receiver, Instance) and isinstance(name, str):
        try:
            held = receiver.cls.find(name)
        except KeyError:
            raise ProgramRaises("AttributeError", name) from None
        from shapelint.interp import attributes

        return attributes.bound(held, receiver, receiver.cls)
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
