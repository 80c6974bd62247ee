"""What every named tuple has beside its fields: _make, _replace, _asdict, and its text."""

from __future__ import annotations

from typing import Any

from shapelint.interp import classes, host_classes, iterate, text
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, ClassMethod, Dict, Undetermined


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


def _make(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return classes.instantiate(world, args[0], tuple(iterate.known_items(world, args[1])), {})


def _replace(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    held = args[0]
    names = fields(held.cls)
    wrong = next((k for k in keywords if k not in names), None)
    if wrong is not None:
        raise ProgramRaises("ValueError", f"Got unexpected field names: ['{wrong}']")
    return classes.instantiate(world, held.cls, (), {n: keywords.get(n, held.attrs[n]) for n in names})


def _asdict(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Dict({n: args[0].attrs[n] for n in fields(args[0].cls)})


def _repr(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    inner = ", ".join(f"{n}={text.string(world, args[0].attrs[n], quoted=True)}" for n in fields(args[0].cls))
    return f"{args[0].cls.name}({inner})"


host_classes.NAMEDTUPLE.attrs.update(
    {
        "_make": ClassMethod(Builtin("_make", _make)),
        "_replace": Builtin("method _replace", _replace),
        "_asdict": Builtin("method _asdict", _asdict),
        "__repr__": Builtin("method __repr__", _repr),
    }
)
