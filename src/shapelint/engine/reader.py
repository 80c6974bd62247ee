"""Reading modules for the interpreter: finding their source, lowering it, and keeping both for the rest of the run."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from shapelint import ir
from shapelint.interp.run import Loaded
from shapelint.lower import lower
from shapelint.source.locate import Found, Locator, module_name_of, roots_of
from shapelint.source.text import SourceFile, SourceProblem, read

_programs: dict[str, tuple[SourceFile, ir.Program]] = {}


class Reader:
    """Finds and lowers modules by name: first in the project of the file that is analysed, then on the search path."""

    def __init__(self, path: str | None, search_path: Sequence[str] | None = None) -> None:
        roots = roots_of(path) if path is not None else ()
        self.locator = Locator(roots, sys.path if search_path is None else search_path)
        self.texts: dict[str, str] = {}

    def load(self, name: str) -> Loaded | str:
        """The module of that name, or why it cannot be read."""
        found = self.locator.find(name)
        if not isinstance(found, Found):
            return found.why
        if found.path is None or not str(found.path).endswith(".py"):
            return Loaded(None, None, is_package=True)
        try:
            file, program = program_of(str(found.path))
        except SourceProblem as problem:
            return str(problem)
        return Loaded(file, program, found.is_package)

    def mentions(self, name: str, word: str) -> bool:
        """Whether the text of a module (not of what it imports) holds a word."""
        found = self.locator.find(name)
        if not isinstance(found, Found) or not str(found.path).endswith(".py"):
            return False
        path = str(found.path)
        if path not in self.texts:
            try:
                self.texts[path] = _programs[path][0].text if path in _programs else read(path).text
            except SourceProblem:
                self.texts[path] = ""
        if word in self.texts[path]:
            return True
        return "import *" in self.texts[path]


def program_of(path: str) -> tuple[SourceFile, ir.Program]:
    """A file and its IR. Raises SourceProblem."""
    if path not in _programs:
        file = read(path)
        _programs[path] = (file, lower(file))
    return _programs[path]


def forget() -> None:
    _programs.clear()


def own_name(path: str) -> str:
    return module_name_of(path)
