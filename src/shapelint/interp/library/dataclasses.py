"""dataclasses: fields read off class annotations, and the constructor they make."""

from __future__ import annotations

from dataclasses import dataclass as host_dataclass
from typing import Any

from shapelint import ir
from shapelint.interp import attributes, calls
from shapelint.interp.control import ProgramRaises
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Dict, External, Instance, List, Unknown

FIELD = Class("Field", "dataclasses.Field")
constant("dataclasses.Field", FIELD)
constant("dataclasses.MISSING", External("dataclasses.MISSING"))
constant("dataclasses.KW_ONLY", External("dataclasses.KW_ONLY"))
constant("dataclasses.InitVar", External("dataclasses.InitVar"))
_KEY = "__dataclass_fields__"


@host_dataclass(slots=True)
class Field:
    """A field of a dataclass: `default` and `factory` are ABSENT where there is none."""

    name: str
    default: Any
    factory: Any
    init: bool = True
    keyword_only: bool = False
    init_only: bool = False  # an InitVar: handed to __post_init__, not kept


ABSENT: Any = object()


@function("dataclasses.field")
def field(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = Instance(FIELD)
    made.attrs.update(keywords)
    return made


@function("dataclasses.dataclass")
def dataclass(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`@dataclass` and `@dataclass(…)`."""
    if args and isinstance(args[0], Class):
        return equip(args[0], keywords)
    return Builtin("dataclass", lambda w, given, _: equip(given[0], keywords) if isinstance(given[0], Class) else given[0])


def equip(cls: Class, options: dict[str, Any]) -> Class:
    """Give a class the fields and the constructor that its annotations ask for."""
    own = _own_fields(cls, options.get("kw_only") is True)
    held: dict[str, Field] = {}
    for ancestor in reversed(cls.mro[1:]):
        inherited = ancestor.attrs.get(_KEY)
        if isinstance(inherited, Dict):
            held.update(inherited.items)
    held.update(own)
    cls.attrs[_KEY] = Dict(held)
    for f in own.values():
        if f.default is not ABSENT:
            cls.attrs[f.name] = f.default
        elif isinstance(cls.attrs.get(f.name), Instance) and cls.attrs[f.name].cls is FIELD:
            del cls.attrs[f.name]
    if options.get("init") is not False and "__init__" not in cls.attrs:
        cls.attrs["__init__"] = Builtin("method __init__", lambda w, a, k: _initialise(w, held, a, k))
    if options.get("eq") is not False and "__eq__" not in cls.attrs:
        cls.attrs["__eq__"] = Builtin("method __eq__", _equal)
    return cls


def _own_fields(cls: Class, keyword_only: bool) -> dict[str, Field]:
    annotations = cls.attrs.get("__annotations__")
    found: dict[str, Field] = {}
    for name, annotation in (annotations if isinstance(annotations, dict) else {}).items():
        word = _outermost(annotation)
        if word == "ClassVar":
            continue
        if word == "KW_ONLY":
            keyword_only = True
            continue
        value = cls.attrs.get(name, ABSENT)
        if isinstance(value, Instance) and value.cls is FIELD:
            given = value.attrs
            found[name] = Field(
                name,
                given.get("default", ABSENT),
                given.get("default_factory", ABSENT),
                given.get("init") is not False,
                given.get("kw_only", keyword_only) is True,
                word == "InitVar",
            )
        else:
            found[name] = Field(name, value, ABSENT, True, keyword_only, word == "InitVar")
    return found


def _outermost(annotation: Any) -> str:
    """The last word of an annotation's head: ClassVar of `typing.ClassVar[int]`, also when it is written as a string."""
    if isinstance(annotation, ir.Subscript):
        return _outermost(annotation.value)
    if isinstance(annotation, ir.Attribute):
        return annotation.attr
    if isinstance(annotation, ir.Name):
        return annotation.id
    if isinstance(annotation, ir.Const) and isinstance(annotation.value, str):
        return annotation.value.partition("[")[0].rpartition(".")[2]
    return ""


def _initialise(world: World, fields: dict[str, Field], args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    receiver, *given = args
    assert isinstance(receiver, Instance)
    named = dict(keywords)
    world.journal.touch(receiver.attrs)
    extra: list[Any] = []
    rest = list(given)
    for f in fields.values():
        if not f.init:
            value = _default(world, f)
            if value is ABSENT:
                continue
        elif rest and not f.keyword_only:
            value = rest.pop(0)
        elif f.name in named:
            value = named.pop(f.name)
        else:
            value = _default(world, f)
            if value is ABSENT:
                raise ProgramRaises("TypeError", f"{receiver.cls.name}.__init__() is missing required argument: '{f.name}'")
        if f.init_only:
            extra.append(value)
        else:
            attributes.set(world, receiver, f.name, value)
    if rest or named:
        raise ProgramRaises("TypeError", f"{receiver.cls.name}.__init__() got unexpected arguments")
    post = calls.special(receiver, "__post_init__")
    if post is not None:
        calls.call(world, post, (receiver, *extra), {})


def _default(world: World, f: Field) -> Any:
    if f.factory is not ABSENT:
        return calls.call(world, f.factory, (), {})
    return f.default


def _equal(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import compare

    a, b = args
    if not isinstance(a, Instance) or not isinstance(b, Instance) or a.cls is not b.cls:
        return a is b
    names = list(a.cls.find(_KEY).items)
    return compare.equal(
        world, tuple(a.attrs.get(n) for n in names), tuple(b.attrs.get(n) for n in names)
    )


def _fields_of(value: Any) -> dict[str, Field]:
    cls = value if isinstance(value, Class) else value.cls if isinstance(value, Instance) else None
    try:
        found = cls.find(_KEY) if cls is not None else None
    except KeyError:
        found = None
    if not isinstance(found, Dict):
        raise ProgramRaises("TypeError", "must be called with a dataclass type or instance")
    return found.items


@function("dataclasses.fields")
def fields(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = []
    for f in _fields_of(args[0]).values():
        if f.init_only:
            continue
        entry = Instance(FIELD)
        missing = External("dataclasses.MISSING")
        entry.attrs.update(
            name=f.name,
            default=missing if f.default is ABSENT else f.default,
            default_factory=missing if f.factory is ABSENT else f.factory,
            init=f.init,
            metadata=Dict({}),
            type=Unknown("the type of a field is not modelled", plain=True),
        )
        made.append(entry)
    return tuple(made)


@function("dataclasses.is_dataclass")
def is_dataclass(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    cls = args[0] if isinstance(args[0], Class) else args[0].cls if isinstance(args[0], Instance) else None
    if isinstance(args[0], Unknown):
        return Unknown(args[0].why)
    return cls is not None and any(_KEY in c.attrs for c in cls.mro)


@function("dataclasses.replace")
def replace(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    source = args[0]
    if isinstance(source, Unknown):
        return Unknown(source.why)
    given = {f.name: source.attrs[f.name] for f in _fields_of(source).values() if f.init and f.name in source.attrs}
    return calls.call(world, source.cls, (), {**given, **keywords})


@function("dataclasses.asdict")
def asdict(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return _plain(args[0])


@function("dataclasses.astuple")
def astuple(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return tuple(_plain(args[0]).items.values())


def _plain(value: Any) -> Any:
    if isinstance(value, Instance) and any(_KEY in c.attrs for c in value.cls.mro):
        return Dict({n: _plain(value.attrs[n]) for n in _fields_of(value) if n in value.attrs})
    if isinstance(value, List) and value.open is None:
        return List([_plain(v) for v in value.items])
    if type(value) is tuple:
        return tuple(_plain(v) for v in value)
    if isinstance(value, Dict) and value.open is None:
        return Dict({k: _plain(v) for k, v in value.items.items()})
    return value


