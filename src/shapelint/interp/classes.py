"""Instances of classes: making them, isinstance, issubclass, what a handler catches."""

from __future__ import annotations

import ast
from typing import Any

from shapelint.interp import calls, class_definitions
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes, host_constructors, type_tests
from shapelint.interp.host.endless import Endless
from shapelint.interp.tensors import arrays
from shapelint.interp.truth import Itself, condition, truth
from shapelint.interp.world import World
from shapelint.specs import packed
from shapelint.values import (
    Builtin,
    Class,
    Either,
    External,
    Function,
    Instance,
    List,
    StaticMethod,
    Stream,
    Tensor,
    Unknown,
)

MISSING: Any = object()


def instantiate(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`cls(*args, **keywords)`."""
    world.step()
    if cls.metaclass is not None:
        hook = _found(cls.metaclass, "__call__")
        if isinstance(hook, Function):
            return calls.call(world, hook, (cls, *args), keywords)
    return make(world, cls, args, keywords)


def make(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`type.__call__`: an instance, made by __new__ and begun by __init__."""
    if cls.is_module:
        from shapelint.interp.nets.modules import build

        return build(world, cls, args, keywords)
    if cls.is_subclass(host_classes.TYPE):
        return class_definitions.by_call(world, cls, args, keywords)
    constructor = host_constructors.constructor(cls)
    if constructor is not None and not cls.written:
        return _noted(world, constructor(world, cls, args, keywords))
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
    initialise(world, _noted(world, made), args, keywords)
    return made


def _noted(world: World, made: Any) -> Any:
    """A new instance, which is the work of the constructor that is watched."""
    if world.recording is not None:
        world.recording.instances[id(made)] = made
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


# ---- isinstance, exceptions


def is_instance(world: World, value: Any, cls: Any) -> Any:
    """`isinstance(value, cls)`: a bool or an Unknown condition."""
    answer = _is_instance(world, value, cls)
    if answer is False and not isinstance(cls, tuple) and _may_be_other(value, cls):
        return Unknown("it may be no tensor")
    return answer


def _may_be_other(value: Any, cls: Any) -> bool:
    """Whether something that is only presumed to be a tensor is asked whether it is what a library or the program defines."""
    if isinstance(value, Unknown):
        value = value.tensor
    if not isinstance(value, Tensor):
        return False
    from shapelint.interp.tensors import tensor_arguments

    if not tensor_arguments.is_presumed(value):
        return False
    return isinstance(cls, External) or (
        isinstance(cls, Class) and (cls.node is not None or cls.qualname.startswith("numpy."))
    )


def _names_number(cls: Any) -> bool:
    """Whether a class is one of numpy's, or one of the kinds of numbers, which numpy's derive from or are registered for."""
    name = cls.name if isinstance(cls, Builtin) else getattr(cls, "qualname", "")
    return name in ("float", "int", "complex", "bool") or name.startswith(("numpy.", "numbers.", "builtins."))


def _is_instance(world: World, value: Any, cls: Any) -> Any:
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
            return condition(value, ("isinstance", Itself(cls)), value.why)
    if isinstance(value, Either):
        answers = [is_instance(world, option, cls) for option in value.options]
        if all(a is True for a in answers):
            return True
        if all(a is False for a in answers):
            return False
        return condition(value, ("isinstance", Itself(cls)), value.why)
    if isinstance(cls, Either):  # one of several classes
        answers = [is_instance(world, value, option) for option in cls.options]
        if all(answer is answers[0] for answer in answers) and isinstance(answers[0], bool):
            return answers[0]
        return condition(cls, ("instances", Itself(value)), cls.why)
    if arrays.may_be_number(value) and _names_number(cls):
        return Unknown("whether it is an array or a number of numpy's", plain=True)
    if isinstance(cls, External):
        found = host_classes.base_of(cls.qualname)
        if found is None:
            return type_tests.external_instance(value, cls.qualname)
        cls = found
    if isinstance(cls, Class):
        hook = calls.special(cls, "__instancecheck__")
        if hook is not None:
            if world.recording is not None:  # it may look at more than the class
                world.recording.spoilt = True
            return truth(world, calls.call(world, hook, (cls, value), {}))
        answer = type_tests.is_instance(value, cls)
        if answer is False and isinstance(value, Instance) and value.cls.unknown_base is not None:
            return condition(value.cls.unknown_base, ("isinstance", Itself(cls)), "a base class is not known")
        if answer is False and isinstance(value, (External, Stream)) and not isinstance(value, Endless):
            return Unknown("a library value")
        return answer
    if isinstance(cls, Unknown):
        return condition(cls, ("instances", Itself(value)), cls.why)
    if cls is None:
        return value is None
    if isinstance(cls, Builtin):
        if cls.name == packed.QUALNAME and not isinstance(value, (Instance, External, Stream)):
            return packed.is_packed(value)
        base = host_classes.base_of(cls.name)
        return type_tests.is_instance(value, base) if base is not None else Unknown(f"{cls.name} as a class")
    return Unknown("a class that is not known")


def _class(value: Any) -> Any:
    """The supplied class that a name of a library stands for."""
    if isinstance(value, External):
        return host_classes.base_of(value.qualname) or value
    return host_classes.meant(value)


def is_subclass(world: World, cls: Any, other: Any) -> Any:
    if isinstance(other, tuple):
        answers = [is_subclass(world, cls, o) for o in other]
        unknown = next((a for a in answers if isinstance(a, Unknown)), False)
        return True if any(a is True for a in answers) else unknown
    cls, other = _class(cls), _class(other)
    if isinstance(cls, Class) and isinstance(other, Class):
        hook = calls.special(other, "__subclasscheck__")
        if hook is not None:
            return truth(world, calls.call(world, hook, (other, cls), {}))
        if cls.is_subclass(other) or other.name == "object":
            return True
        if other.qualname.startswith("collections.abc."):
            return Unknown("which classes are registered with an abstract one is not known")
        return False if cls.unknown_base is None else Unknown("a base class is not known")
    if not isinstance(cls, (Class, Unknown, External, Either, Builtin)):
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
