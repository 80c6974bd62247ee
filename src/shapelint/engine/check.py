"""Checking files: discovery, the gate, one analysis a file, and what the settings say about its findings."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence

from shapelint.engine.config import Settings
from shapelint.engine.files import discover
from shapelint.report import CheckReport, Diagnostic, Failure
from shapelint.source.text import SourceFile, SourceProblem, from_text, read


def check_paths(paths: Sequence[str], settings: Settings) -> CheckReport:
    """Check files and directories. Never raises for what is in them."""
    files, failures = discover(paths, settings)
    shown = {os.path.realpath(path): path for path in files}
    found: dict[tuple[object, ...], Diagnostic] = {}
    for path in files:
        try:
            file = read(path)
        except SourceProblem as problem:
            failures.append(Failure(path, problem.message, problem.line))
            continue
        diagnostics, failed = check_file(file, settings)
        failures += failed
        for d in diagnostics:
            display = shown.get(os.path.realpath(d.path))
            if display is not None:
                d = _shown_as(d, display)
                found.setdefault((d.code, d.path, d.line, d.column), d)
    ordered = sorted(found.values(), key=lambda d: d.order)
    return CheckReport(tuple(ordered), len(files), tuple(failures))


def check_text(path: str, text: str, settings: Settings) -> CheckReport:
    """Check a text that need not be what lies on disk (standard input, an editor's buffer)."""
    file = from_text(path, text)
    diagnostics, failures = check_file(file, settings)
    mine = tuple(d for d in diagnostics if d.path == path)
    return CheckReport(mine, 1, tuple(failures))


def check_file(file: SourceFile, settings: Settings) -> tuple[list[Diagnostic], list[Failure]]:
    """One file's findings as the settings want them, and why it could not be checked, if so."""
    if "torch" not in file.text:
        return [], []
    try:
        from shapelint.engine.analyse import analyse

        found = analyse(file).diagnostics
        if settings.budget:
            from shapelint.engine.budget import over_budget

            found = [*found, *over_budget(file, settings)]
    except SourceProblem as problem:
        return [], [Failure(file.path, problem.message, problem.line)]
    except RecursionError:
        return [], [Failure(file.path, "the code is nested too deeply to be followed")]
    except Exception as problem:  # a bug of ours: said, and the rest of the run goes on
        import traceback

        last = traceback.extract_tb(problem.__traceback__)[-1]
        where = f"{os.path.basename(last.filename)}:{last.lineno}"
        text = f"internal error, please report it: {type(problem).__name__}: {problem} ({where})"
        return [], [Failure(file.path, text, internal=True)]
    return wanted(found, file, settings), []


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
            kept.append(d if severity == d.severity else dataclasses.replace(d, severity=severity))
    return kept


def _shown_as(d: Diagnostic, path: str) -> Diagnostic:
    """The same finding under the path as the user gave it."""
    if d.path == path:
        return d
    trail = tuple(dataclasses.replace(t, path=path) if t.path == d.path else t for t in d.trail)
    return dataclasses.replace(d, path=path, trail=trail)
