"""What every exception has beside its arguments."""

from __future__ import annotations

from typing import Any

from shapelint.interp.host import host_classes
from shapelint.interp.host.host_calls import method
from shapelint.interp.world import World
from shapelint.values import Builtin, Instance, Property, Unknown

BASE = host_classes.EXCEPTIONS["BaseException"]
# Where an exception came from is not kept. These are defaults: a program may set its own.
for _name in ("__cause__", "__context__", "__traceback__"):
    BASE.attrs[_name] = Unknown("where an exception came from", plain=True)
BASE.attrs["__suppress_context__"] = False


def _argument(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`StopIteration.value`, `SystemExit.code`: the argument, or all of several."""
    given = args[0].attrs.get("args", ()) if args and isinstance(args[0], Instance) else ()
    if not isinstance(given, tuple):
        return Unknown("the arguments of an exception", plain=True)
    return given if len(given) > 1 else given[0] if given else None


host_classes.EXCEPTIONS["StopIteration"].attrs["value"] = Property(Builtin("value", _argument))
host_classes.EXCEPTIONS["SystemExit"].attrs["code"] = Property(Builtin("code", _argument))


def _with_traceback(world: World, self: Any, tb: Any) -> Any:
    return self


def _add_note(world: World, self: Any, note: Any) -> None:
    """Notes are only printed."""


method(BASE, "with_traceback", "tb", _with_traceback)
method(BASE, "add_note", "note", _add_note)
