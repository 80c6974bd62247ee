"""Every Python file of the installed packages and of the standard library with its tests, as it is; and those that do not mention
torch once more with the gate open, so that they are evaluated too."""

from __future__ import annotations

import functools
import os
import sysconfig
from random import Random

from tests.fuzz.program import OPENING, Program

_MOST_BYTES = 8_000_000  # what is larger is refused by its size alone


@functools.cache
def files(folder: str, without: str = "") -> tuple[str, ...]:
    """The Python files below a folder in the order of their names, without those below another."""
    found = []
    for inner, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if os.path.join(inner, name) != without)
        found += [os.path.join(inner, name) for name in sorted(names) if name.endswith(".py")]
    return tuple(found)


def packages() -> tuple[str, ...]:
    return files(sysconfig.get_path("purelib"))


def library() -> tuple[str, ...]:
    return files(sysconfig.get_path("stdlib"), os.path.join(sysconfig.get_path("stdlib"), "site-packages"))


def of_packages(number: int, rng: Random) -> Program | None:
    return _nth(packages(), number)


def of_library(number: int, rng: Random) -> Program | None:
    return _nth(library(), number)


def _nth(paths: tuple[str, ...], number: int) -> Program | None:
    opened, index = divmod(number, len(paths))
    path = paths[index]
    try:
        with open(path, "rb") as stream:
            data = stream.read(_MOST_BYTES)
    except OSError:
        return None
    if not opened:
        return Program(path, data)
    return None if b"torch" in data else Program(path, data + OPENING)
