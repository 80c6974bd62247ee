"""What depends on the machine a program runs on: never asked. The same question has the same answer in a run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.values import Unknown, some_number

Host = Callable[[World, tuple[Any, ...], dict[str, Any]], Any]


def stable(world: World, name: str) -> Unknown:
    """A plain unknown that is the same whenever it is asked for."""
    key = ("outside", name)
    if key not in world.library:
        world.library[key] = Unknown(f"{name} depends on the machine", plain=True)
    found = world.library[key]
    assert isinstance(found, Unknown)
    return found


def same(*names: str) -> None:
    """Functions whose result depends on the machine and does not change."""
    for name in names:
        function(name)(lambda world, args, keywords, name=name: stable(world, f"{name}()"))


def fresh(*names: str) -> None:
    """Functions that may give something else at each call."""
    for name in names:
        function(name)(
            lambda world, args, keywords, name=name: Unknown(
                f"{name}() depends on the machine", world.site(), plain=True
            )
        )


def numbers(kind: str, *names: str) -> None:
    """Functions that give a number, "int" or "float", that may be another one at each call."""
    for name in names:
        function(name)(
            lambda world, args, keywords, name=name: some_number(
                kind, f"{name}() depends on the machine", world.site()
            )
        )


def nothing(*names: str) -> None:
    """Functions that are called for what they do outside: they give None."""
    for name in names:
        function(name)(lambda world, args, keywords: None)


same(
    "os.cpu_count",
    "os.getcwd",
    "platform.system",
    "platform.machine",
    "platform.python_version",
    "socket.gethostname",
)
fresh("time.strftime", "time.ctime", "uuid.uuid4")
numbers("float", "time.time", "time.perf_counter", "time.monotonic", "time.process_time")
numbers("int", "os.getpid")
nothing(
    "time.sleep",
    "os.makedirs",
    "os.mkdir",
    "os.remove",
    "os.chdir",
    "os.rename",
    "os.putenv",
    "atexit.register",
    "gc.collect",
)
nothing(
    "shutil.copyfile",
    "shutil.copy",
    "shutil.rmtree",
    "signal.signal",
    "faulthandler.enable",
    "locale.setlocale",
)
nothing("warnings.warn", "warnings.filterwarnings", "warnings.simplefilter", "warnings.resetwarnings")
