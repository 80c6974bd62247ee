"""dataclasses: the decorator makes __init__, __repr__, __eq__ and the order of a class from its annotations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import ir
from shapelint.interp import annotated, attribute_writes, attributes, calls, classes, compare
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import text
from shapelint.interp.host.host_calls import ABSENT, builtin, method, takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.values import Class, Dict, External, Instance, List, Undetermined, Unknown

FIELD = Class("Field", "dataclasses.Field")
constant("dataclasses.Field", FIELD)
constant("dataclasses.MISSING", External("dataclasses.MISSING"))
constant("dataclasses.KW_ONLY", External("dataclasses.KW_ONLY"))
constant("dataclasses.InitVar", External("dataclasses.InitVar"))
_FIELDS = "__dataclass_fields__"
_MISSING = External("dataclasses.MISSING")


@function("dataclasses.field")
@takes(
    "*, default=..., default_factory=..., init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=..., "
    "doc=None"
)
def field(world: World, default: Any, default_factory: Any, **options: Any) -> Instance:
    made = Instance(FIELD)
    made.attrs.update(options)
    made.attrs["default"] = _MISSING if default is ABSENT else default
    made.attrs["default_factory"] = _MISSING if default_factory is ABSENT else default_factory
    if options["metadata"] is None:
        made.attrs["metadata"] = Dict({})
    return made


_OPTIONS = (
    "init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, "
    "slots=False, weakref_slot=False"
)


@function("dataclasses.dataclass")
@takes(f"cls=None, *, {_OPTIONS}")
def dataclass(world: World, cls: Any, **options: Any) -> Any:
    if cls is None:
        return builtin("dataclass", "cls", lambda w, cls: _equip(w, cls, options))
    return _equip(world, cls, options)


def _equip(world: World, cls: Any, options: dict[str, Any]) -> Any:
    if not isinstance(cls, Class):
        return cls
    try:
        fields = _collect(world, cls, options["kw_only"] is True)
    except Undetermined as problem:
        annotated.unsettle(cls, problem.why)
        return cls
    cls.attrs[_FIELDS] = Dict(dict(fields))
    cls.attrs["__dataclass_params__"] = Dict(dict(options))
    if options["init"] is not False:
        frozen = options["frozen"] is True
        _add(cls, "__init__", "*args, **keywords", _init(cls, fields, frozen=frozen))
    if options["repr"] is not False:
        _add(cls, "__repr__", "", _repr(fields))
    if options["eq"] is not False:
        _add(cls, "__eq__", "other", _compared("==", fields))
    if options["order"] is True:
        for name, op in {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}.items():
            _add(cls, name, "other", _compared(op, fields))
    if options["frozen"] is True:
        for name, signature in (("__setattr__", "name, value"), ("__delattr__", "name")):
            _add(cls, name, signature, _refuse)
    names = tuple(
        n for n, f in fields.items() if f.attrs["init"] is not False and f.attrs["kw_only"] is not True
    )
    cls.attrs.setdefault("__match_args__", names)
    return cls


def _refuse(world: World, self: Any, name: Any, value: Any = None) -> None:
    raise ProgramRaises("FrozenInstanceError", f"cannot assign to field {name!r}")


def _add(cls: Class, name: str, signature: str, law: Callable[..., Any]) -> None:
    if name not in cls.attrs:
        method(cls, name, signature, law)


# ---- fields


def _collect(world: World, cls: Class, kw_only: bool) -> dict[str, Instance]:
    """The fields of a class: those of its bases first, each at the place where it came first."""
    fields: dict[str, Instance] = {}
    for base in reversed(cls.mro[1:]):
        held = base.attrs.get(_FIELDS)
        if isinstance(held, Dict):
            fields.update(held.items)
    for name, annotation in annotated.of(cls).items():
        kind = _kind(annotation)
        if kind == "KW_ONLY":
            kw_only = True
        elif kind != "ClassVar":
            fields[name] = _own(world, cls, name, kind, kw_only)
    return fields


def _own(world: World, cls: Class, name: str, kind: str, kw_only: bool) -> Instance:
    """A field of this very class; the class attribute keeps its default only."""
    held = cls.attrs.get(name, _MISSING)
    if isinstance(held, Instance) and held.cls is FIELD:
        made = held
        del cls.attrs[name]
        if not _is_missing(made.attrs["default"]):
            cls.attrs[name] = made.attrs["default"]
    else:
        if isinstance(held, (List, Dict)):
            raise ProgramRaises(
                "ValueError", f"mutable default for field {name} is not allowed: use default_factory"
            )
        made = Instance(FIELD)
        made.attrs.update(
            {
                "init": True,
                "repr": True,
                "compare": True,
                "hash": None,
                "metadata": Dict({}),
                "kw_only": ABSENT,
            }
        )
        made.attrs.update({"default": held, "default_factory": _MISSING})
    made.attrs["name"] = name
    made.attrs["type"] = Unknown("the annotation of a field", plain=True)
    made.attrs["_kind"] = kind
    if made.attrs["kw_only"] is ABSENT:
        made.attrs["kw_only"] = kw_only
    return made


def _kind(annotation: Any) -> str:
    """What an annotation makes of a field: "ClassVar", "InitVar", "KW_ONLY" or "field"."""
    if isinstance(annotation, ir.Subscript):
        annotation = annotation.value
    if isinstance(annotation, ir.Const) and isinstance(annotation.value, str):
        name = annotation.value.partition("[")[0].rpartition(".")[2].strip()
    else:
        name = getattr(annotation, "attr", getattr(annotation, "id", ""))
    return name if name in ("ClassVar", "InitVar", "KW_ONLY") else "field"


def _is_missing(value: Any) -> bool:
    return isinstance(value, External) and value.qualname == "dataclasses.MISSING"


# ---- the methods it makes


def _init(cls: Class, fields: dict[str, Instance], *, frozen: bool) -> Callable[..., Any]:
    def init(world: World, made: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        values = _bound(world, cls, fields, list(args), dict(keywords))
        handed: list[Any] = []
        for name, entry in fields.items():
            if entry.attrs["_kind"] == "InitVar":
                handed.append(values[name])
            elif name in values:
                _assign(world, made, name, values[name], frozen)
        hook = attributes.find(world, made, "__post_init__")
        if hook is not attributes.MISSING and not isinstance(hook, Unknown):
            calls.call(world, hook, tuple(handed), {})

    return init


def _assign(world: World, made: Any, name: str, value: Any, frozen: bool) -> None:
    """`self.name = value`: a `__setattr__` that the program writes sees it, the one that keeps frozen fields does not."""
    if not frozen:
        attribute_writes.set(world, made, name, value)
    else:
        world.journal.touch(made.attrs)
        made.attrs[name] = value


def _bound(
    world: World, cls: Class, fields: dict[str, Instance], given: list[Any], keywords: dict[str, Any]
) -> dict[str, Any]:
    """The value of every field that __init__ sets; fields with a default that __init__ does not take are set too."""
    values: dict[str, Any] = {}
    missing: list[str] = []
    for name, entry in fields.items():
        taken = entry.attrs["init"] is not False
        if taken and entry.attrs["kw_only"] is not True and given:
            values[name] = given.pop(0)
            if name in keywords:
                raise ProgramRaises(
                    "TypeError", f"{cls.name}.__init__() got multiple values for argument '{name}'"
                )
        elif taken and name in keywords:
            values[name] = keywords.pop(name)
        elif not _is_missing(entry.attrs["default_factory"]):
            values[name] = calls.call(world, entry.attrs["default_factory"], (), {})
        elif not _is_missing(entry.attrs["default"]):
            if taken:
                values[name] = entry.attrs["default"]
        elif taken:
            missing.append(name)
    if cls.unknown_base is not None:
        values.update(dict.fromkeys(missing, Unknown("a base class is not known")))
        return values
    if missing:
        listed = ", ".join(f"'{m}'" for m in missing)
        raise ProgramRaises("TypeError", f"{cls.name}.__init__() missing required arguments: {listed}")
    if given:
        raise ProgramRaises(
            "TypeError", f"{cls.name}.__init__() takes fewer positional arguments than were given"
        )
    if keywords:
        raise ProgramRaises(
            "TypeError", f"{cls.name}.__init__() got an unexpected keyword argument '{next(iter(keywords))}'"
        )
    return values


def _shown(fields: dict[str, Instance], option: str) -> list[str]:
    return [n for n, f in fields.items() if f.attrs["_kind"] == "field" and f.attrs[option] is not False]


def _repr(fields: dict[str, Instance]) -> Callable[..., Any]:
    def law(world: World, self: Any) -> str:
        parts = (
            f"{n}={text.string(world, attributes.get(world, self, n), quoted=True)}"
            for n in _shown(fields, "repr")
        )
        return f"{self.cls.name}({', '.join(parts)})"

    return law


def _compared(op: str, fields: dict[str, Instance]) -> Callable[..., Any]:
    def law(world: World, mine: Any, other: Any) -> Any:
        if not isinstance(other, Instance) or other.cls is not mine.cls:
            return False if op == "==" else Unknown("values of different classes")
        names = _shown(fields, "compare")
        sides = [tuple(attributes.get(world, side, n) for n in names) for side in (mine, other)]
        return compare.compare(world, op, sides[0], sides[1])

    return law


# ---- functions about instances


def fields_of(value: Any) -> dict[str, Instance] | None:
    """The fields of a dataclass or of an instance of one."""
    cls = value.cls if isinstance(value, Instance) else value if isinstance(value, Class) else None
    if cls is None:
        return None
    for ancestor in cls.mro:
        held = ancestor.attrs.get(_FIELDS)
        if isinstance(held, Dict):
            return {n: f for n, f in held.items.items() if f.attrs["_kind"] == "field"}
    return None


def _known_fields(value: Any) -> dict[str, Instance]:
    found = fields_of(value)
    if found is None:
        if isinstance(value, Unknown):
            raise Undetermined(value.why, value)
        raise ProgramRaises("TypeError", "must be called with a dataclass type or instance")
    return found


@function("dataclasses.fields")
@takes("class_or_instance")
def fields(world: World, class_or_instance: Any) -> tuple[Instance, ...]:
    return tuple(_known_fields(class_or_instance).values())


@function("dataclasses.is_dataclass")
@takes("obj", plain=True)
def is_dataclass(world: World, obj: Any) -> bool:
    if isinstance(obj, Unknown):
        raise Undetermined(obj.why, obj)
    return fields_of(obj) is not None


@function("dataclasses.replace")
@takes("obj, **changes")
def replace(world: World, obj: Any, changes: dict[str, Any]) -> Any:
    given = dict(changes)
    if not isinstance(obj, Instance):
        raise ProgramRaises("TypeError", "replace() should be called on dataclass instances")
    for name, entry in _known_fields(obj).items():
        if entry.attrs["init"] is not False and name not in given:
            given[name] = attributes.get(world, obj, name)
    return classes.instantiate(world, obj.cls, (), given)


def _plain(world: World, value: Any, as_dict: bool) -> Any:
    """A value with the dataclasses in it, at any depth, turned into dicts or tuples."""
    found = fields_of(value) if isinstance(value, Instance) else None
    if found is not None:
        held = {n: _plain(world, attributes.get(world, value, n), as_dict) for n in found}
        return Dict(held) if as_dict else tuple(held.values())
    if isinstance(value, List):
        made = List([_plain(world, v, as_dict) for v in value.items], value.open)
        made.made_from = value.made_from
        return made
    if isinstance(value, Dict):
        inner = {k: _plain(world, v, as_dict) for k, v in value.items.items()}
        return Dict(inner, value.open, default=value.default, kind=value.kind)
    if type(value) is tuple:
        return tuple(_plain(world, v, as_dict) for v in value)
    from shapelint.interp.host import deep_copies

    return deep_copies.copy(world, value, {})


@function("dataclasses.asdict")
@takes("obj, *, dict_factory=None")
def asdict(world: World, obj: Any, dict_factory: Any) -> Any:
    _known_fields(obj)
    return _plain(world, obj, True)


@function("dataclasses.astuple")
@takes("obj, *, tuple_factory=None")
def astuple(world: World, obj: Any, tuple_factory: Any) -> Any:
    _known_fields(obj)
    return _plain(world, obj, False)
