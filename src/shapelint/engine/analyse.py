"""One file in, facts and diagnostics out: a pure function of its text and of the files it leads to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache

from shapelint import dims, facts
from shapelint.engine.garbage import seldom_collected
from shapelint.engine.ir_cache import lowered
from shapelint.engine.reader import Reader, reader_around
from shapelint.engine.unanalysed import not_analysed
from shapelint.evidence.entries import evaluate_file
from shapelint.fixes.registry import with_fixes
from shapelint.interp import notes, yielding
from shapelint.interp.world import World
from shapelint.records import dataclass
from shapelint.report import Diagnostic, NotAnalysed
from shapelint.rules.base import Context
from shapelint.rules.registry import all_rules
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
    listen = frozenset(op for rule in all_rules() for op in rule.ops)
    world = World(load=reader.load, checked=own_files(path), listen=listen, imported=reader.imported)
    world.mentions, world.holders = reader.mentions, reader.holders
    world.installed, world.version = reader.installed, reader.version
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
    with world.visit():
        outcome = evaluate_file(world, file, program)
        sources = sources_of(file)
        found = with_fixes(judge(world.facts, sources), world.facts, Context(sources))
        analysis = Analysis(found, not_analysed(world, outcome, found, file), reader)
    world.let_go()
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


def judge(said: list[facts.Fact], sources: Callable[[str], SourceFile | None]) -> list[Diagnostic]:
    """All rules over all facts; one finding a rule and place."""
    context = Context(sources)
    said = _roots(said)
    kinds: dict[type[facts.Fact], list[facts.Fact]] = {}
    for fact in said:
        kinds.setdefault(fact.__class__, []).append(fact)
    found: dict[tuple[object, ...], Diagnostic] = {}
    for rule in all_rules():
        heard = {kind for kind in kinds if issubclass(kind, rule.listens)}
        if len(heard) > 1:  # in the order they were recorded
            mine = [f for f in said if f.__class__ in heard]
        else:
            mine = kinds[heard.pop()] if heard else []
        for diagnostic in rule.check(mine, context):
            key = (diagnostic.code, diagnostic.path, diagnostic.line, diagnostic.column)
            held = found.get(key)
            if held is None or _weight(diagnostic) > _weight(held):
                found[key] = diagnostic
    return sorted(found.values(), key=lambda d: d.order)


def _roots(said: list[facts.Fact]) -> list[facts.Fact]:
    """One cause, one finding: a model that has failed would not be called again, so the same offence met at another place by a
    later call of the same class follows from the first."""
    first: dict[tuple[object, str], tuple[object, object]] = {}
    kept = []
    for fact in said:
        if isinstance(fact, facts.NeedFailed) and fact.model_call is not None:
            key = (fact.model_call.module.cls, fact.rule)
            record, site = first.setdefault(key, (fact.model_call, fact.site))
            if record is not fact.model_call and site != fact.site:
                continue
        kept.append(fact)
    return kept


def _weight(diagnostic: Diagnostic) -> int:
    return ("info", "warning", "error").index(diagnostic.severity)


def merged(groups: Iterable[list[Diagnostic]]) -> list[Diagnostic]:
    """Findings of several analyses, each once."""
    found = {(d.code, d.path, d.line, d.column): d for group in groups for d in group}
    return sorted(found.values(), key=lambda d: d.order)
