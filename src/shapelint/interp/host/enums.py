"""Enum classes: their members, and `Color(1)`."""

from __future__ import annotations

from typing import Any

from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Class,
    ClassMethod,
    Function,
    Instance,
    Iterator,
    List,
    Property,
    StaticMethod,
    Undetermined,
    Unknown,
    Valued,
)


def enum_member(cls: Class, args: tuple[Any, ...]) -> Any:
    wanted = args[0] if args else None
    for value in cls.attrs.values():
        if isinstance(value, Instance) and value.cls is cls:
            held = value.attrs.get("value")
            if value is wanted or (type(held) is type(wanted) and held == wanted):
                return value
    if isinstance(wanted, Unknown):
        return Unknown(wanted.why, wanted.site)
    hook = next((c.attrs["_missing_"] for c in cls.mro if "_missing_" in c.attrs), None)
    if hook is not None:
        raise Undetermined("_missing_ of an enum")
    raise ProgramRaises("ValueError", f"{wanted!r} is not a valid {cls.name}")


def members(cls: Class) -> list[Any]:
    """The members in order; an alias is no member of its own."""
    found = (v for v in cls.attrs.values() if isinstance(v, Instance) and v.cls is cls)
    return list({id(v): v for v in found}.values())


def named(cls: Class, name: Any) -> Any:
    """`Color["RED"]`."""
    if isinstance(name, Unknown):
        return Unknown(name.why, name.site)
    found = cls.attrs.get(name) if isinstance(name, str) else None
    if not isinstance(found, Instance) or found.cls is not cls:
        raise ProgramRaises("KeyError", repr(name))
    return found


# What a metaclass of the program reaches by super().
_METHODS = {
    "__getitem__": lambda world, args, keywords: named(args[0], args[1]),
    "__iter__": lambda world, args, keywords: Iterator(members(args[0])),
    "__len__": lambda world, args, keywords: len(members(args[0])),
}
for _name, _law in _METHODS.items():
    host_classes.ENUM_META.attrs[_name] = Builtin(f"method {_name}", _law)


def construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return enum_member(cls, args)


def complete(world: World, cls: Class) -> None:
    number = 0
    seen: list[Any] = []
    for name, value in list(cls.attrs.items()):
        if name.startswith("_") or isinstance(
            value, (Function, Property, StaticMethod, ClassMethod, Builtin, Class)
        ):
            continue
        if isinstance(value, Instance) and value.cls.qualname == "enum.auto":
            value = _next_value(world, cls, name, number, seen)
        seen.append(value)
        if isinstance(value, int):
            number = value
        alias = next(
            (m for m in cls.attrs.values() if isinstance(m, Instance) and m.cls is cls and m.attrs["value"] == value
             and type(m.attrs["value"]) is type(value)), None
        )  # fmt: skip
        if alias is not None:
            cls.attrs[name] = alias
            continue
        mixed = any(
            cls.is_subclass(base)
            for base in (host_classes.INT, host_classes.STR, host_classes.FLOAT, host_classes.TUPLE)
        )
        member = Valued(cls) if mixed else Instance(cls)
        member.payload = value if mixed else None
        cls.attrs[name] = member
        member.attrs["name"] = member.attrs["_name_"] = name
        member.attrs["value"] = member.attrs["_value_"] = value
        init = next((c.attrs["__init__"] for c in cls.mro if "__init__" in c.attrs), None)
        if isinstance(init, Function):
            from shapelint.interp import calls

            calls.call(world, init, (member, *(value if isinstance(value, tuple) else (value,))), {})


def _next_value(world: World, cls: Class, name: str, number: int, seen: list[Any]) -> Any:
    """What auto() stands for: one more than the last number, the name of a StrEnum, the next bit of a Flag."""
    own = next(
        (c.attrs["_generate_next_value_"] for c in cls.mro if "_generate_next_value_" in c.attrs), None
    )
    if own is not None:
        from shapelint.interp import calls

        return calls.call(world, own, (name, 1, len(seen), List(list(seen))), {})
    if cls.is_subclass(host_classes.STRENUM):
        return name.lower()
    return 1 << number.bit_length() if cls.is_subclass(host_classes.FLAG) else number + 1
