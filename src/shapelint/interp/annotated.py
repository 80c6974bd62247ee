"""What a class body annotates: the fields of dataclasses and named tuples, by name, as they were written."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp.world import Frame
from shapelint.values import Class, Function, Undetermined, Unknown

_NAME = "__annotations__"


def note(frame: Frame, name: str, annotation: Any) -> None:
    """In a class body, a name is annotated: perhaps only, under a condition that nobody decides."""
    names = frame.env.vars
    held = names.setdefault(_NAME, {})
    if isinstance(held, dict):  # not where sides of a condition have made several of it
        decided = names["__class_body__"] == frame.world.journal.innermost
        held[name] = annotation if decided else Unknown("whether it is annotated is not known")


def of(cls: Class) -> dict[str, Any]:
    """The annotations of a class's own body, in their order. Raises Undetermined where a condition that is not decided
    says which there are."""
    held = cls.attrs.get(_NAME, {})
    if not isinstance(held, dict) or not all(isinstance(node, ir.Node) for node in held.values()):
        raise Undetermined(f"which fields {cls.name} has hangs on what is not known")
    return held


def unsettle(cls: Class, why: str) -> None:
    """Which fields a class has is not known: neither is what its constructor takes, nor what stands in its instances."""
    held = cls.attrs.get(_NAME, {})
    cls.unknown_base = Unknown(why)
    for name, value in cls.attrs.items():
        if name != _NAME and not isinstance(value, Function) and (not isinstance(held, dict) or name in held):
            cls.attrs[name] = Unknown(why)
