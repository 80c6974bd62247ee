"""`send`, `throw` and `close` of the program's generators."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.control import ProgramRaises
from shapelint.interp.generators import Generator
from shapelint.interp.host import lazy, open_lists
from shapelint.interp.host.lazy import END
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Instance, Stream, Unknown


def method(world: World, value: Generator, name: str) -> Any:
    """`generator.send`, `.throw`, `.close`; None for anything else."""
    if name == "send":
        return Builtin("send", lambda w, args, keywords: _send(w, value, args))
    if name == "throw":
        return Builtin("throw", lambda w, args, keywords: _throw(w, value, args))
    if name == "close":
        return Builtin("close", lambda w, args, keywords: close(w, value))
    return None


def _send(world: World, value: Generator, args: tuple[Any, ...]) -> Any:
    if len(args) != 1:
        raise ProgramRaises("TypeError", f"generator.send() takes exactly one argument ({len(args)} given)")
    if not value.started and args[0] is not None:
        raise ProgramRaises("TypeError", "can't send non-None value to a just-started generator")
    return _taken(world, value, value.resume(world, args[0]))


def _taken(world: World, value: Generator, found: Any) -> Any:
    if found is END:
        return lazy.stepped(world, value)
    return open_lists.another(found.element) if isinstance(found, Stream) else found


def _throw(world: World, value: Generator, args: tuple[Any, ...]) -> Any:
    given = args[0] if args else None
    if isinstance(given, Class):
        given = calls.call(world, given, args[1:2], {})
    if not isinstance(given, Instance):
        return Unknown("what is thrown into a generator")
    return _taken(world, value, value.resume(world, None, ProgramRaises(given.cls.name, "", given)))


def close(world: World, value: Generator) -> None:
    """Leave it where it stands: `finally` and `with` in it are come by."""
    if not value.started:
        world.journal.touch_slot(value, "state")
        value.state = None
        return
    try:
        found = value.resume(world, None, ProgramRaises("GeneratorExit"))
    except ProgramRaises as problem:
        if problem.kind not in ("GeneratorExit", "StopIteration"):
            raise
        return
    if found is not END and not isinstance(found, Stream):
        raise ProgramRaises("RuntimeError", "generator ignored GeneratorExit")
