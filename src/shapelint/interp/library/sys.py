"""sys: the version is that of the Python that reads; the command line is not known."""

from __future__ import annotations

import sys
from typing import Any

from shapelint.interp.control import ProgramRaises
from shapelint.interp.library import constant, function
from shapelint.interp.library.outside import nothing
from shapelint.interp.world import World
from shapelint.values import Record, Unknown

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
    raise ProgramRaises("SystemExit")
