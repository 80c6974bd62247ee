"""Where a module's source lies, found by reading directories and importing nothing.

Knows the layout of packages, namespace packages, stubs, compiled modules and `.pth` files. Knows nothing of what is
inside the files.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

from shapelint.records import dataclass

__all__ = ["Found", "Locator", "Missing", "absolute_name", "module_name_of", "project_root", "roots_of"]

_COMPILED = (".so", ".pyd", ".pyc")
_ROOT_MARKS = ("pyproject.toml", "setup.cfg", "setup.py", ".git")


@dataclass(frozen=True, slots=True)
class Found:
    """A module's source. `path` is None for a namespace package, which is directories and no file."""

    path: str | None
    is_package: bool
    directories: tuple[str, ...] = ()  # where a package's submodules are looked for


@dataclass(frozen=True, slots=True)
class Missing:
    """Why there is no source to read. `kind` is "absent", "compiled", "stub" or "stdlib"."""

    why: str
    kind: str = "absent"


class Locator:
    """Finds modules in the project's directories first, then in the search path. Directories are listed once."""

    def __init__(
        self, roots: Sequence[str] = (), search_path: Sequence[str] = (), site_dirs: Sequence[str] = ()
    ) -> None:
        self._roots = _directories(roots)
        editable = [line for site in site_dirs for line in _pth_directories(site)]
        self._search_path = _directories([*search_path, *site_dirs, *editable])
        self._listings: dict[str, dict[str, bool]] = {}
        self._answers: dict[str, Found | Missing] = {}
        self.written: dict[str, int] = {}  # when each listed directory was last written

    def find(self, name: str) -> Found | Missing:
        """The source of the module with this absolute dotted name."""
        answer = self._answers.get(name)
        if answer is None:
            answer = self._answers[name] = self._find(name)
        return answer

    @property
    def directories(self) -> tuple[str, ...]:
        """Where packages are looked for."""
        return (*self._roots, *self._search_path)

    def listing(self, directory: str) -> dict[str, bool]:
        """The names in a directory, each with whether it is a directory itself."""
        return self._list(directory)

    def is_fresh(self) -> bool:
        """Whether no directory that was listed has changed since: the answers so far still hold."""
        return all(stamp_of(directory)[0] == then for directory, then in self.written.items())

    def version(self, distribution: str) -> str | None:
        """The version of a distribution: its folder is `name-version.dist-info`. None when there is none."""
        wanted = _normal(distribution)
        for directory in self._search_path:
            for name in self._list(directory):
                if name.endswith((".dist-info", ".egg-info")):
                    found, _, version = name.rpartition(".")[0].partition("-")
                    if version and _normal(found) == wanted:
                        return version
        return None

    def _find(self, name: str) -> Found | Missing:
        package, _, last = name.rpartition(".")
        if not last.isidentifier():
            return Missing(f"{name!r} is not a module's name")
        if not package:
            own = self._in(self._roots, name, name)
            if isinstance(own, Found) and own.path is not None:
                return own
            if name in sys.stdlib_module_names:
                return Missing(f"{name} is a standard library module", "stdlib")
            rest = self._in(self._search_path, name, name)
            if isinstance(own, Found) and isinstance(rest, Found) and rest.path is None:
                return Found(None, True, own.directories + rest.directories)
            # A regular package anywhere wins over a namespace package before it.
            return rest if isinstance(own, Missing) or (isinstance(rest, Found) and rest.path) else own
        parent = self.find(package)
        if isinstance(parent, Missing):
            return parent
        if not parent.is_package:
            return Missing(f"{package} is a module, not a package")
        return self._in(parent.directories, last, name)

    def _in(self, directories: tuple[str, ...], part: str, name: str) -> Found | Missing:
        portions = []
        reason: Missing | None = None
        for directory in directories:
            listing = self._list(directory)
            if listing.get(part):
                inside = os.path.join(directory, part)
                if "__init__.py" in self._list(inside):
                    return Found(os.path.join(inside, "__init__.py"), True, (inside,))
                if "__init__.pyi" in self._list(inside) or self._is_compiled(inside, "__init__"):
                    reason = reason or Missing(
                        f"{name} is a compiled module (or a stub), without source", "compiled"
                    )
                else:
                    portions.append(inside)
            if listing.get(f"{part}.py") is False:
                return Found(os.path.join(directory, f"{part}.py"), False)
            if self._is_compiled(directory, part):
                reason = reason or Missing(f"{name} is a compiled module, without source", "compiled")
            elif listing.get(f"{part}.pyi") is False:
                reason = reason or Missing(f"{name} is a stub (.pyi) without source", "stub")
        if reason is not None:
            return reason
        if portions:
            return Found(None, True, tuple(portions))
        return Missing(f"no module named {name} among the project and the installed packages")

    def _is_compiled(self, directory: str, part: str) -> bool:
        prefix = f"{part}."
        return any(name.startswith(prefix) and name.endswith(_COMPILED) for name in self._list(directory))

    def _list(self, directory: str) -> dict[str, bool]:
        """Names in a directory, each with whether it is a directory; exact in case on every system."""
        listing = self._listings.get(directory)
        if listing is None:
            self.written[directory] = stamp_of(directory)[0]
            listing = self._listings[directory] = listing_of(directory)
        return listing


def listing_of(directory: str) -> dict[str, bool]:
    """Names in a directory, each with whether it is a directory; nothing of one that cannot be listed."""
    listing: dict[str, bool] = {}
    try:
        with os.scandir(directory or ".") as entries:
            for entry in entries:
                try:
                    listing[entry.name] = entry.is_dir()
                except OSError:
                    continue
    except (OSError, ValueError):
        pass
    return listing


def may_be_module(name: str) -> bool:
    """Whether a name in a directory can matter to what is found there."""
    return name != "__pycache__" and not name.startswith(".")


def _normal(distribution: str) -> str:
    """A distribution's name in normal form: case and the kind of separator do not count."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def absolute_name(importer: str, importer_is_package: bool, level: int, module: str) -> str | None:
    """The absolute name of `from ..module import …` inside `importer`; None when it climbs out of the package."""
    if level == 0:
        return module
    parts = importer.split(".") if importer else []
    climb = level - 1 if importer_is_package else level
    if climb > len(parts) or (climb == len(parts) and not module):
        return None
    base = parts[: len(parts) - climb]
    if not base:
        return None
    return ".".join([*base, module] if module else base)


def module_name_of(path: str) -> str:
    """The dotted name of a file: its packages are the directories above it that hold an `__init__.py`."""
    directory, file = os.path.split(os.path.abspath(path))
    stem = os.path.splitext(file)[0]
    parts = [] if stem == "__init__" else [stem]
    while os.path.isfile(os.path.join(directory, "__init__.py")):
        directory, package = os.path.split(directory)
        if not package:
            break
        parts.append(package)
    return ".".join(reversed(parts)) or stem


def project_root(path: str) -> str:
    """The nearest directory at or above `path` that is marked as a project; without a mark, the file's own."""
    start = os.path.abspath(path)
    if not os.path.isdir(start):
        start = os.path.dirname(start)
    directory = start
    while True:
        if any(os.path.exists(os.path.join(directory, mark)) for mark in _ROOT_MARKS):
            return directory
        above = os.path.dirname(directory)
        if above == directory:
            return start
        directory = above


def roots_of(path: str) -> tuple[str, ...]:
    """Where a file's own imports start: beside it or above its package, then the project's root and its `src`."""
    top = os.path.dirname(os.path.abspath(path))
    while os.path.isfile(os.path.join(top, "__init__.py")) and os.path.dirname(top) != top:
        top = os.path.dirname(top)
    root = project_root(path)
    return tuple(dict.fromkeys([top, root, *(d for d in [os.path.join(root, "src")] if os.path.isdir(d))]))


def _directories(paths: Sequence[str]) -> tuple[str, ...]:
    """Absolute, each once, in order; "" is the working directory, as in sys.path."""
    return tuple(dict.fromkeys(os.path.abspath(path) for path in paths))


def _pth_directories(site: str) -> list[str]:
    """The plain directory lines of a site directory's .pth files; lines that would run code are left alone."""
    found: list[str] = []
    try:
        names = sorted(name for name in os.listdir(site) if name.endswith(".pth"))
    except OSError:
        return found
    for name in names:
        try:
            with open(os.path.join(site, name), encoding="utf-8", errors="replace") as stream:
                lines = stream.read(64 * 1024).splitlines()
        except OSError:
            continue
        for line in lines:
            line = line.strip()
            if line and not line.startswith(("#", "import ", "import\t")):
                directory = os.path.join(site, line)
                if os.path.isdir(directory):
                    found.append(directory)
    return found


Stamp = tuple[int, int]  # when a file or directory was last written, in nanoseconds, and its size in bytes
# What can be set back, the time of its content, does not count alone: the time of any change to it cannot.


def stamp_of(path: str) -> Stamp:
    """The stamp of what lies there now; one that nothing else has where nothing can be looked at."""
    try:
        found = os.stat(path or ".")
    except OSError:
        return (-1, -1)
    return (max(found.st_mtime_ns, found.st_ctime_ns), found.st_size)
