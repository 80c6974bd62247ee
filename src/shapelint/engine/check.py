"""Checking files: which there are, each of them here or by workers, and the report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shapelint import records
from shapelint.engine.config import Settings
from shapelint.engine.files import discover
from shapelint.engine.one_file import FEWEST, Checked, check_file, check_path, keep_results
from shapelint.report import CheckReport, Diagnostic, NotAnalysed
from shapelint.source.text import from_text

if TYPE_CHECKING:
    from concurrent.futures import Executor


def check_paths(
    paths: Sequence[str], settings: Settings, *, jobs: int | None = 1, executor: Executor | None = None
) -> CheckReport:
    """Check files and directories, with `jobs` processes (None: as many as is sensible) or the workers of an executor. Never
    raises for what is in them."""
    files, failures = discover(paths, settings)
    shown = {os.path.realpath(path): path for path in files}
    found: dict[tuple[object, ...], Diagnostic] = {}
    missed: list[NotAnalysed] = []
    notes: list[str] = []
    if executor is None and (jobs == 1 or len(files) < FEWEST):
        checked: Iterator[Checked] = (check_path(path, settings) for path in files)
    else:
        from shapelint.engine.many import Many

        many = Many(settings, jobs=jobs, executor=executor)
        checked, notes = many.check(files), many.notes
    for diagnostics, failed, unseen in checked:
        failures += failed
        missed += unseen
        for d in diagnostics:
            display = shown.get(os.path.realpath(d.path))
            if display is not None:
                d = _shown_as(d, display)
                found.setdefault((d.code, d.path, d.line, d.column), d)
    notes = list(dict.fromkeys([*notes, *keep_results()]))  # a full disk is met by each process
    ordered = sorted(found.values(), key=lambda d: d.order)
    report = CheckReport(tuple(ordered), len(files), tuple(failures), tuple(missed), notes=tuple(notes))
    return without_known(report, settings, files)


def check_text(path: str, text: str, settings: Settings) -> CheckReport:
    """Check a text that need not be what lies on disk (standard input, an editor's buffer)."""
    file = from_text(path, text)
    diagnostics, failures, missed = check_file(file, settings)
    keep_results()
    mine = tuple(d for d in diagnostics if d.path == path)
    report = CheckReport(mine, 1, tuple(failures), tuple(missed))
    return without_known(report, settings, [path], {path: file.text})


def without_known(
    report: CheckReport, settings: Settings, files: Sequence[str], texts: dict[str, str] | None = None
) -> CheckReport:
    """The report without what the baseline knows, if there is one. Raises ConfigProblem."""
    if settings.baseline is None:
        return report
    from shapelint.engine.baseline import unknown

    new, stale = unknown(report.diagnostics, settings.baseline, files, texts)
    return records.replace(report, diagnostics=tuple(new), stale=tuple(map(str, stale)))


def _shown_as(d: Diagnostic, path: str) -> Diagnostic:
    """The same finding under the path as the user gave it."""
    if d.path == path:
        return d
    trail = tuple(records.replace(t, path=path) if t.path == d.path else t for t in d.trail)
    return records.replace(d, path=path, trail=trail)
