"""Classes that change after they were made: `cls.__bases__ = …`, and objects that are given another class."""

from __future__ import annotations

from typing import Any

from shapelint.interp import class_definitions, iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import World
from shapelint.values import Class, Either, External, Function, Instance, Undetermined, Unknown


def set_bases(world: World, cls: Class, value: Any) -> None:
    """`cls.__bases__ = value`: what the class inherits from here on. Of classes that inherit from it already
    it is only known that they do (`is_behind`)."""
    _seen(world)
    if world.uncertain or world.tries or world.repeating:  # perhaps it keeps those that it has
        world.journal.touch_slot(cls, "unknown_base")
        cls.unknown_base = Unknown(f"which bases {cls.name} is given is not known", world.site())
        return
    for slot in ("bases", "mro", "is_module", "intercepts", "unknown_base"):
        world.journal.touch_slot(cls, slot)
    try:
        bases = [class_definitions.as_base(base) for base in iterate.known_items(world, value)]
    except Undetermined as problem:
        cls.unknown_base = Unknown(problem.why, world.site())
        return
    known = [base for base in bases if base is not None]
    cls.bases = tuple(known)
    cls.mro = class_definitions.linearise(cls)
    cls.is_module = any(base.is_module for base in cls.mro[1:])
    cls.intercepts = any(isinstance(c.attrs.get("__getattribute__"), Function) for c in cls.mro)
    unknown = [base.unknown_base for base in known if base.unknown_base is not None]
    if len(known) < len(bases):
        unknown.append(Unknown(f"{cls.name}.__bases__ is set to classes that are not known", world.site()))
    if unknown and cls.unknown_base is None:
        cls.unknown_base = unknown[0]


def is_behind(cls: Class) -> bool:
    """Whether a class that this one inherits from was given other bases since."""
    return any(c.written and class_definitions.linearise(c) != c.mro for c in cls.mro)


def set_class(world: World, owner: Instance, value: Any) -> None:
    """`x.__class__ = value`."""
    if world.repeating or isinstance(value, (Unknown, External, Either)):
        value = not_known(owner.cls, Unknown("which class it was given is not known", world.site()))
    if not isinstance(value, Class):
        raise ProgramRaises(
            "TypeError", f"__class__ must be set to a class, not '{iterate.type_name(value)}' object"
        )
    _seen(world)
    world.journal.touch_slot(owner, "cls")
    owner.cls = value


def not_known(before: Class, why: Unknown) -> Class:
    """A class of which nothing is known but whether it is that of a module."""
    host = tuple(cls for cls in before.mro if not cls.written) if before.is_module else ()
    made = Class(before.name, before.qualname, host[:1])
    made.mro = (made, *host)
    made.unknown_base = why
    return made


def _seen(world: World) -> None:
    """What is recorded of a construction or a call knows nothing of classes that change."""
    if world.recording is not None:
        world.recording.spoilt = True
    world.journal.renamed += 1
