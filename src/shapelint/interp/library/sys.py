"""sys: the version is that of the Python that reads; the command line is not known."""

from __future__ import annotations

import sys
from typing import Any

from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_classes, host_constructors
from shapelint.interp.library import constant, function
from shapelint.interp.library.outside import nothing
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Instance, Record, Unknown

constant(
    "sys.version_info",
    Record(tuple(sys.version_info), ("major", "minor", "micro", "releaselevel", "serial"), "version_info"),
)
constant("sys.version", sys.version)
constant("sys.maxsize", 2**63 - 1)
constant("sys.platform", "linux")
constant("sys.byteorder", "little")
constant("sys.float_info.max", sys.float_info.max)
constant("sys.float_info.min", sys.float_info.min)
constant("sys.float_info.epsilon", sys.float_info.epsilon)
constant("sys.argv", Unknown("the command line", plain=True))
constant("sys.executable", Unknown("the Python that runs it", plain=True))
nothing(
    "sys.setrecursionlimit",
    "sys.stdout.flush",
    "sys.stderr.flush",
    "sys.stdout.write",
    "sys.stderr.write",
    "sys.path.append",
)
nothing("sys.path.insert", "sys.path.extend", "sys.path.remove")


@function("sys.exit", "os._exit", "os.abort")
def leave(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = host_constructors.make_exception(host_classes.EXCEPTIONS["SystemExit"], args)
    raise ProgramRaises("SystemExit", value=made)


# ---- sys.modules: what has been read so far


def _module(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    key = args[1]
    found = world.namespaces.get(key) if isinstance(key, str) else None
    if found is not None:
        return found
    return Unknown(f"sys.modules[{key!r}]" if isinstance(key, str) else "an entry of sys.modules", plain=True)


def _has_module(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    if isinstance(args[1], str) and args[1] in world.namespaces:
        return True
    return Unknown("whether a module has been imported", plain=True)


_MODULES = Class("modules", "sys.modules")
_MODULES.attrs["__getitem__"] = Builtin("method __getitem__", _module)
_MODULES.attrs["get"] = Builtin("method get", _module)
_MODULES.attrs["__contains__"] = Builtin("method __contains__", _has_module)
_MODULES.attrs["__setitem__"] = Builtin("method __setitem__", lambda world, args, keywords: None)
constant("sys.modules", Instance(_MODULES))
