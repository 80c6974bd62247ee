"""Making classes: the class statement, metaclasses, the order of bases, and what is told of a new class."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import calls, iterate, library
from shapelint.interp.blocks import block
from shapelint.interp.control import ProgramRaises
from shapelint.interp.evaluation import evaluate
from shapelint.interp.host import host_classes, host_constructors, type_tests
from shapelint.interp.world import Frame, World
from shapelint.values import (
    Builtin,
    Class,
    ClassCell,
    ClassMethod,
    Dict,
    Environment,
    External,
    Function,
    Instance,
    Property,
    Site,
    StaticMethod,
    Undetermined,
    Unknown,
)
from shapelint.values.unknown import either


class Statement:
    """A class statement that is being executed: what `type.__new__` is not told."""

    __slots__ = ("cell", "frame", "node", "qualname", "unknown")

    def __init__(self, node: ir.ClassDef, frame: Frame, qualname: str, unknown: Any) -> None:
        self.node = node
        self.frame = frame
        self.qualname = qualname
        self.unknown = unknown  # why a base, or the metaclass, is not known
        self.cell = ClassCell()


def define(node: ir.ClassDef, frame: Frame) -> Any:
    """Execute a class statement (decorators aside): the Class, or what its metaclass makes of it."""
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
    metaclass: Any = None
    settings: dict[str, Any] = {}
    for key, expression in node.keywords:
        value = evaluate(expression, frame)
        if key == "metaclass":
            metaclass = as_base(value) or value
        elif key is not None:
            settings[key] = value
    metaclass = _winner(metaclass, bases)
    if isinstance(metaclass, Unknown):
        unknown, metaclass = either(unknown, Unknown("its metaclass is not known", metaclass.site)), None
    outer = frame.env.vars.get("__qualname__") if "__class_body__" in frame.env.vars else None
    qualname = f"{outer}.{node.name}" if outer else node.name
    statement = Statement(node, frame, qualname, unknown)
    names = _prepared(world, metaclass, node.name, tuple(bases), settings)
    attrs = _body(node, frame, qualname, names, statement.cell)
    world.class_statements.append(statement)
    try:
        return made_by(world, metaclass, node.name, tuple(bases), attrs, settings)
    finally:
        world.class_statements.pop()


def _winner(metaclass: Any, bases: list[Class]) -> Any:
    """The metaclass of a new class: the most derived of what is written and those of the bases; None is `type`."""
    for base in bases:
        if base.metaclass is not None and (
            metaclass is None or (isinstance(metaclass, Class) and base.metaclass.is_subclass(metaclass))
        ):
            metaclass = base.metaclass
    return metaclass if isinstance(metaclass, (Class, Function, Unknown)) else None


def _prepared(
    world: World, metaclass: Any, name: str, bases: tuple[Class, ...], settings: dict[str, Any]
) -> dict[str, Any]:
    """The names that a class body begins with: what the metaclass's __prepare__ gives."""
    hook = _own_method(metaclass, "__prepare__")
    if hook is None:
        return {}
    found = calls.call(world, hook, (metaclass, name, bases), settings)
    if isinstance(found, Dict):
        return {k: v for k, v in found.items.items() if isinstance(k, str)}
    return {}


def _body(
    node: ir.ClassDef, frame: Frame, qualname: str, names: dict[str, Any], cell: ClassCell
) -> dict[str, Any]:
    """Execute a class body: the names it leaves."""
    world = frame.world
    hidden = {"__class_body__": world.journal.innermost, "__classcell__": cell}
    hidden |= {"__qualname__": qualname, "__module__": frame.namespace.name}
    body = Environment({**hidden, **names}, _outer(frame), frame.namespace)
    world.frames.append(inner := Frame(world, body, frame.function, frame.receiver))
    try:
        block(node.body, inner)
    finally:
        world.frames.pop()
    attrs = {k: v for k, v in body.vars.items() if k not in hidden}
    home = f"{frame.namespace.name}.{qualname}"
    for name in library.held_by(home):  # of a library that is followed otherwise
        if name in attrs:
            attrs[name] = library.find(f"{home}.{name}")
    return attrs


def _outer(frame: Frame) -> Environment | None:
    scope: Environment | None = frame.env
    while scope is not None and "__class_body__" in scope.vars:
        scope = scope.parent
    return scope


# ---- metaclasses


def _own_method(metaclass: Any, name: str) -> Any:
    """A method that a metaclass of the program has: never one of `type` itself."""
    if not isinstance(metaclass, Class):
        return None
    for cls in metaclass.mro:
        if cls.node is not None and name in cls.attrs:
            held = cls.attrs[name]
            return held.function if isinstance(held, (StaticMethod, ClassMethod)) else held
    return None


def made_by(
    world: World,
    metaclass: Any,
    name: str,
    bases: tuple[Class, ...],
    attrs: dict[str, Any],
    settings: dict[str, Any],
) -> Any:
    """`metaclass(name, bases, attrs, **settings)`."""
    if isinstance(metaclass, Function):  # any callable will do
        return calls.call(world, metaclass, (name, bases, Dict(attrs)), settings)
    maker = _own_method(metaclass, "__new__")
    if maker is None:
        made: Any = make(world, metaclass, name, bases, attrs, settings)
    else:
        made = calls.call(world, maker, (metaclass, name, bases, Dict(attrs)), settings)
        if not isinstance(made, Class) or made.metaclass is None or not made.metaclass.is_subclass(metaclass):
            return made
    starter = _own_method(metaclass, "__init__")
    if starter is not None:
        calls.call(world, starter, (made, name, bases, Dict(attrs)), settings)
    return made


def make(
    world: World,
    metaclass: Class | None,
    name: str,
    bases: tuple[Class, ...],
    attrs: dict[str, Any],
    settings: dict[str, Any],
) -> Class:
    """`type.__new__`: a class out of what its body left."""
    if world.recording is not None:
        world.recording.spoilt = True
    statement = world.class_statements[-1] if world.class_statements else None
    if statement is not None and statement.node.name != name:
        statement = None
    namespace = world.frames[-1].namespace if statement is None and world.frames else None
    if statement is not None:
        namespace = statement.frame.namespace
    qualname = name if statement is None else statement.qualname
    cls = Class(name, f"{namespace.name}.{qualname}" if namespace is not None else name, bases, attrs)
    attrs = cls.attrs
    cls.namespace = namespace
    cls.mro = linearise(cls)
    cls.metaclass = metaclass or cls.metaclass
    cls.is_module = any(base.is_module for base in cls.mro[1:])
    cls.intercepts = any(isinstance(c.attrs.get("__getattribute__"), Function) for c in cls.mro)
    cls.slots = _slots(cls)
    if statement is not None:
        cls.node = statement.node
        statement.cell.cls = cls
        if statement.unknown is not None:
            cls.unknown_base = statement.unknown
        if statement.frame.namespace.file is not None:
            cls.site = Site(statement.frame.namespace.file.path, *statement.node.name_at)
    for value in attrs.values():
        _own(value, cls)
    attrs.setdefault("__annotations__", {})
    if statement is not None:
        host_constructors.complete(world, cls, statement.frame, settings)
    elif cls.kind in ("enum", "namedtuple") and world.frames:
        host_constructors.complete(world, cls, world.frames[-1], settings)
    _name_attributes(world, cls)
    _announce(world, cls, settings)
    return cls


def by_call(world: World, metaclass: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`type(value)`, `type(name, bases, attrs)`, `Meta(name, bases, attrs)`."""
    if len(args) == 1 and metaclass is host_classes.TYPE:
        return type_tests.class_of(args[0])
    if len(args) != 3 and _own_method(metaclass, "__new__") is None:
        raise ProgramRaises("TypeError", "type() takes 1 or 3 arguments")
    name, bases, attrs = parts(world, args[:3])
    own = None if metaclass is host_classes.TYPE else metaclass
    return made_by(world, _winner(own, list(bases)), name, bases, attrs, keywords)


def parts(world: World, args: tuple[Any, ...]) -> tuple[str, tuple[Class, ...], dict[str, Any]]:
    """The three arguments that make a class; Undetermined where they are not known."""
    if len(args) != 3:
        raise ProgramRaises("TypeError", f"type.__new__() takes exactly 3 arguments ({len(args)} given)")
    name, bases, attrs = args
    if isinstance(attrs, Instance):
        attrs = attrs.payload
    found = [as_base(base) for base in iterate.known_items(world, bases)]
    if not isinstance(name, str) or not isinstance(attrs, Dict) or attrs.open is not None:
        raise Undetermined("a class that is made of something unknown")
    if any(base is None for base in found):
        raise Undetermined("a class with a base that is not known")
    return name, tuple(b for b in found if b is not None), dict(attrs.items)


# ---- what a class is told, and tells


def _own(value: Any, cls: Class) -> None:
    """Tell what stands in a class but was made elsewhere, as wrappers are, which class it is a method of."""
    if isinstance(value, Function):
        if value.cell is None:
            value.cell = ClassCell(cls)
        elif value.cell.cls is None:  # a metaclass has made a class of another name out of the body
            value.cell.cls = cls
    elif isinstance(value, Property):
        _own(value.getter, cls)
        _own(value.setter, cls)
        _own(value.deleter, cls)
    elif isinstance(value, (StaticMethod, ClassMethod)):
        _own(value.function, cls)


def _slots(cls: Class) -> frozenset[str] | None:
    """The only attributes that instances can have; None where they have a __dict__."""
    names: set[str] = set()
    for ancestor in cls.mro:
        if ancestor.unknown_base is not None:
            return None
        if not ancestor.written:
            if ancestor is not host_classes.OBJECT:
                return None
            continue
        held = ancestor.attrs.get("__slots__")
        found = (
            [held]
            if isinstance(held, str)
            else held
            if isinstance(held, tuple)
            else getattr(held, "items", None)
        )
        if (
            found is None
            or getattr(held, "open", None) is not None
            or not all(isinstance(n, str) for n in found)
        ):
            return None
        names.update(found)
    return None if "__dict__" in names else frozenset(names)


def _name_attributes(world: World, cls: Class) -> None:
    """Tell each object of a class body under which name it stands there."""
    for name, value in list(cls.attrs.items()):
        if isinstance(value, Instance) and value.cls.node is not None and value.cls is not cls:
            hook = next((c.attrs["__set_name__"] for c in value.cls.mro if "__set_name__" in c.attrs), None)
            if hook is not None:
                calls.call(world, hook, (value, cls, name), {})


def _announce(world: World, cls: Class, settings: dict[str, Any]) -> None:
    """Call the first `__init_subclass__` that a base has."""
    for base in cls.mro[1:]:
        hook = base.attrs.get("__init_subclass__")
        if isinstance(hook, ClassMethod):
            hook = hook.function
        if isinstance(hook, Function):
            calls.call(world, hook, (cls,), settings)
            return


# ---- bases


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
    if len(cls.bases) == 1:
        return (cls, *cls.bases[0].mro)
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
