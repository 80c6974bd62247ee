"""Descriptors written in the program: class attributes whose own class has `__get__`, `__set__` or `__delete__`."""

from __future__ import annotations

from typing import Any

from shapelint.interp.world import World
from shapelint.values import Class, Instance


def law(held: Any, name: str) -> Any:
    """The method `name` of the class of a class attribute, or None: most class attributes are no descriptors."""
    if not isinstance(held, Instance):
        return None
    for cls in held.cls.mro:
        if name in cls.attrs:
            return cls.attrs[name]
    return None


def is_data(held: Any) -> bool:
    """Whether a descriptor goes before what the instance itself holds."""
    return law(held, "__set__") is not None or law(held, "__delete__") is not None


def read(world: World, held: Any, receiver: Any, cls: Class) -> Any:
    """What a class attribute gives; `receiver` is None where it is asked of the class."""
    getter = law(held, "__get__")
    if getter is None:
        return held
    from shapelint.interp import calls

    return calls.call(world, getter, (held, receiver, cls), {})


def write(world: World, held: Any, receiver: Any, value: Any) -> bool:
    """Whether the class attribute itself is told of an assignment."""
    setter = law(held, "__set__")
    if setter is None:
        return False
    from shapelint.interp import calls

    calls.call(world, setter, (held, receiver, value), {})
    return True


def delete(world: World, held: Any, receiver: Any) -> bool:
    """Whether the class attribute itself is told of a deletion."""
    deleter = law(held, "__delete__")
    if deleter is None:
        return False
    from shapelint.interp import calls

    calls.call(world, deleter, (held, receiver), {})
    return True
