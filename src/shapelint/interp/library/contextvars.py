"""contextvars: a program that is read runs in one context, where a ContextVar is a variable with a memory."""

from __future__ import annotations

from typing import Any

from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_constructors
from shapelint.interp.host.host_calls import ABSENT, method, takes
from shapelint.interp.library import constant
from shapelint.interp.world import World
from shapelint.values import Class, External, Instance, Undetermined

_MISSING = External("contextvars.Token.MISSING")


def _made(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return _variable(world, (cls, *args), keywords)


@takes("cls, name, *, default=...")
def _variable(world: World, cls: Class, name: Any, default: Any) -> Instance:
    made = Instance(cls)
    made.attrs.update({"name": name, "_default": default, "_value": _MISSING})
    return made


def _token(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    raise ProgramRaises("RuntimeError", "Tokens can only be created by ContextVars")


VARIABLE = host_constructors.supply("ContextVar", "contextvars.ContextVar", _made)
TOKEN = host_constructors.supply("Token", "contextvars.Token", _token)
TOKEN.attrs["MISSING"] = _MISSING
constant("contextvars.Token.MISSING", _MISSING)


def _get(world: World, self: Instance, default: Any) -> Any:
    value = self.attrs["_value"]
    if value is not _MISSING:
        return value
    for other in (default, self.attrs["_default"]):
        if other is not ABSENT:
            return other
    raise ProgramRaises("LookupError", "the context variable has no value")


def _set(world: World, self: Instance, value: Any) -> Instance:
    token = Instance(TOKEN)
    token.attrs.update({"var": self, "old_value": self.attrs["_value"], "_used": False})
    world.journal.touch(self.attrs)
    self.attrs["_value"] = value
    return token


def _reset(world: World, self: Instance, token: Any) -> None:
    if not isinstance(token, Instance) or token.cls is not TOKEN:
        raise Undetermined("which value a context variable gets back is not known")
    if token.attrs["_used"] is True:
        raise ProgramRaises("RuntimeError", "Token has already been used once")
    if token.attrs["var"] is not self:
        raise ProgramRaises("ValueError", "Token was created by a different ContextVar")
    world.journal.touch(token.attrs)
    world.journal.touch(self.attrs)
    token.attrs["_used"] = True
    self.attrs["_value"] = token.attrs["old_value"]


method(VARIABLE, "get", "default=...", _get)
method(VARIABLE, "set", "value", _set)
method(VARIABLE, "reset", "token", _reset)
