"""One file in, facts and diagnostics out: a pure function of its text and of the files it leads to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache

from shapelint import dims
from shapelint.engine.frames import in_one_piece
from shapelint.engine.garbage import before_the_next, seldom_collected
from shapelint.engine.ir_cache import lowered
from shapelint.engine.judge import judge
from shapelint.engine.reader import Reader, reader_around
from shapelint.engine.unanalysed import not_analysed
from shapelint.evidence.entries import evaluate_file
from shapelint.fixes.registry import with_fixes
from shapelint.interp import notes, yielding
from shapelint.interp.world import World
from shapelint.records import dataclass
from shapelint.report import Diagnostic, NotAnalysed
from shapelint.rules.base import Context
from shapelint.rules.registry import wanted_ops
from shapelint.source.locate import project_root
from shapelint.source.text import SourceFile, SourceProblem, read


@dataclass(slots=True)
class Analysis:
    """What evaluating one file gave."""

    diagnostics: list[Diagnostic]
    not_analysed: list[NotAnalysed]
    reader: Reader


def make_world(path: str | None, reader: Reader | None = None) -> World:
    """A world that reads modules around `path`, and wants findings in the files of its project."""
    reader = reader or reader_around(path)
    world = World(load=reader.load, checked=own_files(path), listen=wanted_ops(), imported=reader.imported)
    world.mentions, world.holders = reader.mentions, reader.holders
    world.installed, world.version = reader.installed, reader.version
    world.file_text, world.file_names = reader.files.text, reader.files.entries
    return world


def own_files(path: str | None) -> Callable[[str], bool]:
    """Whether a file belongs to the project of `path` (not to an installed package)."""
    if path is None or path == "stdin":
        return lambda other: "site-packages" not in other
    own = os.path.abspath(path)
    root = project_root(own) + os.sep
    installed = "site-packages" in own

    @cache  # asked wherever something is recorded
    def checked(other: str) -> bool:
        absolute = os.path.abspath(other)
        if absolute == own:
            return True
        return absolute.startswith(root) and (installed or "site-packages" not in absolute)

    return checked


@in_one_piece
@seldom_collected()
def analyse(file: SourceFile) -> Analysis:
    """Evaluate a file and judge what was seen. Raises SourceProblem when it cannot be parsed."""
    dims.forget()
    program = lowered(file)
    path = file.path if os.path.exists(file.path) else None
    reader = reader_around(path)
    world = make_world(path, reader)
    if path is None:
        world.checked = lambda other: other == file.path
    world.goes_on = True
    with world.visit():
        outcome = evaluate_file(world, file, program)
        sources = sources_of(file)
        found = with_fixes(judge(world.facts, sources), world.facts, Context(sources))
        analysis = Analysis(found, not_analysed(world, outcome, found, file), reader)
    before_the_next(world.let_go)
    notes.forget()
    yielding.forget()
    return analysis


def sources_of(file: SourceFile) -> Callable[[str], SourceFile | None]:
    """The text of files by path; the one being analysed may be an unsaved buffer."""
    held: dict[str, SourceFile | None] = {file.path: file}

    def source(path: str) -> SourceFile | None:
        if path not in held:
            try:
                held[path] = read(path)
            except SourceProblem:
                held[path] = None
        return held[path]

    return source


def merged(groups: Iterable[list[Diagnostic]]) -> list[Diagnostic]:
    """Findings of several analyses, each once."""
    found = {(d.code, d.path, d.line, d.column): d for group in groups for d in group}
    return sorted(found.values(), key=lambda d: d.order)
