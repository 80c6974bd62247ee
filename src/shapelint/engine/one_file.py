"""Checking one file: the gate, its analysis or what is known of it, and what the settings say about the findings."""

from __future__ import annotations

import os
import sys

from shapelint import records
from shapelint.engine.config import Settings
from shapelint.report import Diagnostic, Failure, NotAnalysed
from shapelint.source.text import SourceFile, SourceProblem, from_text, read

Checked = tuple[list[Diagnostic], list[Failure], list[NotAnalysed]]

FEWEST = 20
"""Files that need an analysis: fewer are done here before another process would have been started."""


def check_path(path: str, settings: Settings) -> Checked:
    """One file, as it lies on the disk now."""
    try:
        file = read(path)
    except SourceProblem as problem:
        return [], [Failure(path, problem.message, problem.line)], []
    return check_file(file, settings)


def settled(path: str, settings: Settings) -> Checked | None:
    """What is found in a file, where that can be told without an analysis."""
    try:
        file = read(path)
    except SourceProblem as problem:
        return [], [Failure(path, problem.message, problem.line)], []
    if "torch" not in file.text:
        return [], [], []
    if settings.budget or not settings.cache:
        return None
    from shapelint.engine import results, store

    store.use(settings.cache_dir, wanted=settings.cache)
    known = results.find(file)
    return None if known is None else (wanted(known[0], file, settings), [], known[1])


def check_file(file: SourceFile, settings: Settings) -> Checked:
    """One file's findings as the settings want them, why it could not be checked, if so, and what was not followed."""
    if "torch" not in file.text:
        return [], [], []
    try:
        found, missed = _known_or_found(file, settings)
        if settings.budget:
            from shapelint.engine.budget import over_budget

            found = [*found, *over_budget(file, settings)]
    except SourceProblem as problem:
        return [], [Failure(file.path, problem.message, problem.line)], []
    except RecursionError:
        return [], [Failure(file.path, "the code is nested too deeply to be followed")], []
    except Exception as problem:  # a bug of ours: said, and the rest of the run goes on
        import traceback

        last = traceback.extract_tb(problem.__traceback__)[-1]
        where = f"{os.path.basename(last.filename)}:{last.lineno}"
        text = f"internal error, please report it: {type(problem).__name__}: {problem} ({where})"
        return [], [Failure(file.path, text, internal=True)], []
    return wanted(found, file, settings), [], missed


def _known_or_found(file: SourceFile, settings: Settings) -> tuple[list[Diagnostic], list[NotAnalysed]]:
    """What a file's analysis says: from an earlier run where nothing it depends on has changed. Raises SourceProblem."""
    from shapelint.engine import results, store

    store.use(settings.cache_dir, wanted=settings.cache)
    known = results.find(file)
    if known is not None:
        return known
    from shapelint.engine.analyse import analyse

    analysis = analyse(file)
    results.remember(file, analysis.reader, (analysis.diagnostics, analysis.not_analysed))
    return analysis.diagnostics, analysis.not_analysed


def keep_results() -> list[str]:
    """At the end of a run: what was found is there for the next one. Why not, where it could not be kept."""
    results, store = (sys.modules.get(f"shapelint.engine.{name}") for name in ("results", "store"))
    if results is not None:
        results.keep()
    return [] if store is None else list(store.troubles())


def wanted(found: list[Diagnostic], file: SourceFile, settings: Settings) -> list[Diagnostic]:
    """Severities as configured; without what is not selected or is suppressed by a comment."""
    from shapelint.source.comments import Comments

    comments: dict[str, Comments] = {}
    kept = []
    for d in found:
        severity = settings.severity_of(d.code, d.rule, d.severity)
        if not settings.wants(d.path, d.code, d.rule, severity):
            continue
        if d.path not in comments:
            try:
                comments[d.path] = Comments(file if d.path == file.path else read(d.path))
            except SourceProblem:
                comments[d.path] = Comments(from_text(d.path, ""))
        if not comments[d.path].suppressed(d.line, d.end_line, d.code, d.rule):
            kept.append(d if severity == d.severity else records.replace(d, severity=severity))
    return kept
