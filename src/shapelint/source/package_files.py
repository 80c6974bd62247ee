"""Files that lie in a package beside its modules (configurations, lists of names): as certain as its source, and part of it.

Only text that is meant to be read, of a moderate length, below a directory that is a package. Whatever else lies on a disk is not
looked at: it comes and goes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from shapelint.source.locate import Stamp, stamp_of

KINDS = (".json", ".yaml", ".yml", ".toml", ".txt", ".csv", ".tsv", ".cfg", ".ini")
MOST = 1_000_000
"""Bytes of a file that is read; longer ones hold data, not how a network is made."""


class PackageFiles:
    """The files of packages below some directories. `listing` gives the names in a directory, each with whether it is one itself;
    `read` keeps what was looked at, with its stamp."""

    def __init__(
        self, below: Sequence[str], listing: Callable[[str], dict[str, bool]], read: dict[str, Stamp]
    ) -> None:
        self.below = tuple(os.path.abspath(directory) for directory in below)
        self.listing = listing
        self.read = read
        self.texts: dict[str, str | None] = {}
        self.packages: dict[str, bool] = {}

    def entries(self, path: str) -> dict[str, bool] | None:
        """The names in a directory that lies in a package; None of any other path."""
        if not self._in_package(path):
            return None
        parent, name = os.path.split(path)
        if path not in self.packages and self.listing(parent).get(name) is not True:
            return None
        return {name: is_one for name, is_one in sorted(self.listing(path).items()) if name != "__pycache__"}

    def text(self, path: str) -> str | None:
        """What a file holds, its line ends as they are; None where it is not to be read."""
        if path not in self.texts:
            self.texts[path] = self._read(path)
        return self.texts[path]

    def _read(self, path: str) -> str | None:
        parent, name = os.path.split(path)
        if (
            not path.endswith(KINDS)
            or not self._in_package(parent)
            or self.listing(parent).get(name) is not False
        ):
            return None
        if not os.path.isfile(path):  # a pipe would be waited for
            return None
        stamp = self.read[path] = stamp_of(path)  # (one that is not to be read may be later)
        if stamp[1] > MOST:
            return None
        try:
            with open(path, encoding="utf-8", newline="") as file:
                return file.read()
        except (OSError, UnicodeError):
            return None

    def _in_package(self, directory: str) -> bool:
        """Whether a directory is a package, or lies within one."""
        if not os.path.isabs(directory) or os.path.normpath(directory) != directory:
            return False
        for base in self.below:
            if directory.startswith(base + os.sep):
                first = os.path.join(base, directory[len(base) + 1 :].split(os.sep)[0])
                known = self.packages.get(first)
                if known is None:
                    known = self.packages[first] = "__init__.py" in self.listing(first)
                if known:
                    return True
        return False
