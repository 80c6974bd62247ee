"""What every named tuple has beside its fields: _make, _replace, _asdict, and its text."""

from __future__ import annotations

from typing import Any

from shapelint.interp import annotated, classes, iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes, text
from shapelint.interp.host.host_calls import builtin, method
from shapelint.interp.world import Frame, World
from shapelint.values import Class, ClassMethod, Dict, Undetermined


def fields(cls: Class) -> tuple[str, ...]:
    try:
        found = cls.find("_fields")
    except KeyError:
        return ()
    return found if isinstance(found, tuple) else ()


def make_class(name: str, names: tuple[str, ...], defaults: dict[str, Any]) -> Class:
    """`collections.namedtuple(name, names, defaults=…)`."""
    cls = Class(name, name, (host_classes.NAMEDTUPLE,))
    cls.mro = (cls, *host_classes.NAMEDTUPLE.mro)
    cls.attrs.update({"_fields": names, "_field_defaults": Dict(dict(defaults)), "__annotations__": {}})
    return cls


def functional(world: World, args: tuple[Any, ...]) -> Class:
    """`typing.NamedTuple(name, [(field, type), …])`."""
    if len(args) != 2 or not isinstance(args[0], str):
        raise Undetermined("a named tuple that is not known")
    pairs = [iterate.known_items(world, pair) for pair in iterate.known_items(world, args[1])]
    return make_class(args[0], tuple(str(pair[0]) for pair in pairs), {})


def _make(world: World, cls: Any, iterable: Any) -> Any:
    return classes.instantiate(world, cls, tuple(iterate.known_items(world, iterable)), {})


def _replace(world: World, self: Any, values: dict[str, Any]) -> Any:
    held = _fields_of(self)
    wrong = next((name for name in values if name not in held), None)
    if wrong is not None:
        raise ProgramRaises("ValueError", f"Got unexpected field names: ['{wrong}']")
    return classes.instantiate(world, self.cls, (), {**held, **values})


def _asdict(world: World, self: Any) -> Dict:
    return Dict(_fields_of(self))


def _repr(world: World, self: Any) -> str:
    inner = ", ".join(f"{n}={text.string(world, v, quoted=True)}" for n, v in _fields_of(self).items())
    return f"{self.cls.name}({inner})"


def _fields_of(value: Any) -> dict[str, Any]:
    return {name: value.attrs[name] for name in fields(value.cls) if name in value.attrs}


def complete(cls: Class, frame: Frame) -> None:
    try:
        own = tuple(annotated.of(cls))
    except Undetermined as problem:
        annotated.unsettle(cls, problem.why)
        return
    inherited = next((c.attrs["_fields"] for c in cls.mro[1:] if "_fields" in c.attrs), ())
    fields = inherited or own
    if fields:
        cls.attrs["_fields"] = fields
        cls.attrs.setdefault("_field_defaults", Dict({f: cls.attrs[f] for f in fields if f in cls.attrs}))


host_classes.NAMEDTUPLE.attrs["_make"] = ClassMethod(builtin("_make", "cls, iterable", _make))
method(host_classes.NAMEDTUPLE, "_replace", "**values", _replace)
method(host_classes.NAMEDTUPLE, "_asdict", "", _asdict)
method(host_classes.NAMEDTUPLE, "__repr__", "", _repr, plain=True)
