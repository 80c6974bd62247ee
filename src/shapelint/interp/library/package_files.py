"""Files that lie in a package: what they hold and which there are is known, as the package's source is. All others are outside.

A file that was opened for reading is an instance whose payload is its Content. Its text is given once: what is read of it after
that is not followed. Only UTF-8 is read.
"""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import Any

from shapelint.interp.host import host_constructors
from shapelint.interp.host.host_calls import host, method, takes
from shapelint.interp.library import function
from shapelint.interp.library.outside import stable
from shapelint.interp.world import World
from shapelint.values import Class, Instance, Iterator, List, Namespace, Undetermined, Unknown

_WHY = "what a file holds"
_ENCODINGS = ("utf-8", "utf8", "utf_8", "ascii", "us-ascii")
_FOR_READING = ("r", "rt", "tr", "rb", "br")
_MOST_FOLDERS = 1_000  # that one search walks


class Content:
    """What an open file holds: its text, or its bytes. `unread` is journalled as a slot."""

    __slots__ = ("held", "unread")

    def __init__(self, held: str | bytes) -> None:
        self.held = held
        self.unread = True


# ---- files


def _construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Unknown(_WHY, world.site(), plain=True)


FILE = host_constructors.supply("TextIOWrapper", "io.TextIOWrapper", _construct)


def path_of(world: World, path: Any) -> str | None:
    """The text of a path that is known to lie somewhere definite."""
    try:
        text = host(world, path)
    except Undetermined:
        return None
    return posixpath.normpath(text) if isinstance(text, str) and text.startswith("/") else None


def text_at(world: World, path: Any, encoding: Any = None) -> str | None:
    """The text that the file at a path holds; None where it is outside, or to be read as another encoding has it."""
    if encoding is not None and not (isinstance(encoding, str) and encoding.lower() in _ENCODINGS):
        return None
    text = _as_it_is(world, path)
    return None if text is None else text.replace("\r\n", "\n").replace("\r", "\n")


def bytes_at(world: World, path: Any) -> bytes | None:
    """The bytes that the file at a path holds; None where it is outside."""
    text = _as_it_is(world, path)
    return None if text is None else text.encode()


def _as_it_is(world: World, path: Any) -> str | None:
    where = path_of(world, path)
    text = world.file_text(where) if where is not None else None
    if text is not None:
        world.spend(len(text) >> 4)
    return text


@function("io.open")
@takes(
    "file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None",
    plain=True,
)
def opened(
    world: World, file: Any, mode: Any, encoding: Any, newline: Any, opener: Any, **_: Any
) -> Instance | Unknown:
    """An open file; not known but where it lies in a package."""
    held: str | bytes | None = None
    if mode in _FOR_READING and newline is None and opener is None:
        held = bytes_at(world, file) if "b" in mode else text_at(world, file, encoding)
    if held is None:
        return Unknown(_WHY, world.site(), plain=True)
    made = Instance(FILE)
    made.payload = Content(held)
    return made


def contents(world: World, file: Any) -> str | bytes | None:
    """What is read of an open file to its end; None of what is no such file."""
    content = file.payload if isinstance(file, Instance) else None
    if not isinstance(content, Content):
        return None
    if not content.unread:
        raise Undetermined("what is left of a file")
    world.journal.touch_slot(content, "unread")
    content.unread = False
    return content.held


def _read(world: World, self: Instance, size: Any) -> Any:
    if size not in (None, -1):
        raise Undetermined("a part of a file")
    return contents(world, self)


def _lines(world: World, self: Instance) -> list[Any]:
    held = contents(world, self)
    if held is None:
        raise Undetermined(_WHY)
    lines = held.splitlines(keepends=True)
    world.spend(16 * len(lines))
    return list(lines)


def _seek(world: World, self: Instance, offset: Any, whence: Any) -> Any:
    if (offset, whence) != (0, 0):
        raise Undetermined("a place in a file")
    world.journal.touch_slot(self.payload, "unread")
    self.payload.unread = True
    return 0


method(FILE, "read", "size=-1", _read, plain=True)
method(FILE, "readlines", "hint=-1", lambda world, self, hint: List(_lines(world, self)), plain=True)
method(FILE, "__iter__", "", lambda world, self: Iterator(_lines(world, self)))
method(FILE, "seek", "offset, whence=0", _seek, plain=True)
method(FILE, "__enter__", "", lambda world, self: self)
method(FILE, "__exit__", "*args", lambda world, self, args: None)
method(FILE, "close", "", lambda world, self: None)
for _name in ("readline", "tell", "fileno", "__next__"):
    method(FILE, _name, "*args", lambda world, self, args: Unknown(_WHY, world.site(), plain=True))


# ---- where packages lie


def folder_of(world: World, package: Any) -> str:
    """The folder of a package, or of the package that a module is in."""
    from shapelint.interp import imports

    found = imports.import_module(world, package, None) if isinstance(package, str) else package
    if not isinstance(found, Namespace) or found.file is None:
        raise Undetermined("where a package lies")
    return posixpath.dirname(str(found.file.path))


@function("pkg_resources.resource_filename")
@takes("package_or_requirement, resource_name", plain=True)
def resource_filename(world: World, package_or_requirement: Any, resource_name: Any) -> str:
    return posixpath.join(folder_of(world, package_or_requirement), host(world, resource_name))


# ---- what there is


def lies(world: World, path: Any, wanted: str) -> bool | Unknown:
    """Whether something lies at a path: "exists", "is_file", "is_dir". What is not there may come to be; of what lies in a package it
    is known that it is."""
    where = path_of(world, path)
    if where is not None:
        if world.file_names(where) is not None:
            return wanted != "is_file"
        names = world.file_names(posixpath.dirname(where))
        is_folder = (names or {}).get(posixpath.basename(where))
        if is_folder is not None:
            return wanted == "exists" or is_folder == (wanted == "is_dir")
    return stable(world, f"{wanted} of {host(world, path)!r}")


def names_in(world: World, path: Any) -> list[str] | None:
    """The names in a folder, in order; None where it is outside."""
    where = path_of(world, path)
    names = world.file_names(where) if where is not None else None
    if names is None:
        return None
    world.spend(16 * len(names))
    return list(names)


def matching(world: World, folder: Any, pattern: Any, everywhere: bool = False) -> list[str] | None:
    """The paths below a folder that a pattern means; None where the folder is outside or the pattern is not followed."""
    where = path_of(world, folder)
    names = world.file_names(where) if where is not None else None
    if where is None or names is None or not isinstance(pattern, str) or "[" in pattern:
        return None
    parts = pattern.split("/")
    if everywhere:
        parts = ["**", *parts]
    found: dict[str, None] = {}
    folders = [0]

    def walk(at: str, rest: list[str]) -> None:
        listed = world.file_names(at) or {}
        folders[0] += 1
        world.spend(16 * len(listed))
        if folders[0] > _MOST_FOLDERS:
            raise Undetermined("too many folders")
        first, *others = rest
        if first == "**":
            if others:
                walk(at, others)
            for name, is_folder in listed.items():
                if is_folder:
                    walk(posixpath.join(at, name), rest)
                    if not others:
                        found[posixpath.join(at, name)] = None
            return
        for name, is_folder in listed.items():
            if fnmatchcase(name, first):
                if not others:
                    found[posixpath.join(at, name)] = None
                elif is_folder:
                    walk(posixpath.join(at, name), others)

    if any(not part or part in (".", "..") for part in parts):
        return None
    walk(where, parts)
    return list(found)
