"""enum: auto, and decorators that check. Enum itself is a supplied class."""

from __future__ import annotations

from typing import Any

from shapelint.interp.host import host_constructors
from shapelint.interp.library import function
from shapelint.interp.library.functools import IDENTITY
from shapelint.interp.world import World
from shapelint.values import Class, Instance


def _auto(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    return Instance(cls)


host_constructors.supply("auto", "enum.auto", _auto)
function("enum.unique", "enum.global_enum", "enum.member", "enum.property")(IDENTITY.call)
function("enum.verify")(lambda world, args, keywords: IDENTITY)
