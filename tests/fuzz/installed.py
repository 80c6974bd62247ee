"""Every Python file of the installed packages and of the standard library with its tests, as it is; and those that do not mention
torch with the gate open, so that they are evaluated too."""

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


@functools.cache
def _by_torch(mentioned: bool) -> tuple[str, ...]:
    """The packages' files that mention torch, or the others."""
    return tuple(path for path in packages() if (b"torch" in _read(path)) is mentioned)


def plain() -> tuple[str, ...]:
    """What the gate lets pass unread: read as it is, this costs hardly anything."""
    return (*_by_torch(False), *library())


def about_torch() -> tuple[str, ...]:
    return _by_torch(True)


def of_plain(number: int, rng: Random) -> Program:
    return Program(plain()[number], _read(plain()[number]))


def of_opened(number: int, rng: Random) -> Program:
    """A file that does not mention torch, evaluated all the same."""
    return Program(plain()[number], _read(plain()[number]) + OPENING)


def of_torch(number: int, rng: Random) -> Program:
    return Program(about_torch()[number], _read(about_torch()[number]))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(_MOST_BYTES)
    except OSError:
        return b""
