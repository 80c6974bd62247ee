"""`shapelint check`."""

from __future__ import annotations

import argparse
import os
import sys
import time

from shapelint import records
from shapelint.cli import FAILED, FOUND, OK
from shapelint.cli.output import Progress, say, style_for, write
from shapelint.cli.settings import settings_of
from shapelint.engine.config import ConfigProblem, Settings, start_of
from shapelint.render import CHECK_FORMATS, TEXT_FORMATS, CheckFormat, render_check
from shapelint.render.sources import Sources
from shapelint.report import CheckReport, Failure

STDIN = "stdin"
"""The path of a text that has none."""


def run(options: argparse.Namespace) -> int:
    paths: list[str] = options.paths
    from_stdin = "-" in paths or (options.stdin_filename is not None and not paths)
    if from_stdin and paths not in (["-"], []):
        options.usage_error("- (stdin) cannot be checked together with files")
    if not from_stdin and options.stdin_filename is not None:
        options.usage_error("--stdin-filename goes with - (stdin)")
    name = options.stdin_filename or STDIN
    paths = paths or ["."]
    form = _format(options)
    try:
        settings = settings_of(options, start_of([name] if from_stdin else paths))
    except ConfigProblem as problem:
        say(str(problem))
        return FAILED
    known = settings.baseline
    if options.update_baseline:
        if known is None or from_stdin or options.fix or options.diff:
            options.usage_error("--update-baseline takes files, and wants --baseline FILE")
        settings = records.replace(settings, baseline=None)
    elif known is not None:
        from shapelint.engine.baseline import load

        try:
            load(known)
        except ConfigProblem as problem:
            say(str(problem))
            return FAILED
    if options.verbose:
        say(f"settings for {settings.project_root}: {settings.key()}")
    started = time.perf_counter()
    sources = Sources()
    if options.fix or options.diff:
        from shapelint.cli.fix import run as fix

        status = fix(options, settings, None if from_stdin else paths, name)
        if status is not None:
            return status
    if options.confirm and (from_stdin or options.fix or options.diff):
        options.usage_error("--confirm runs files as they lie on the disk: it takes neither stdin nor --fix")
    if from_stdin:
        report, sources = _stdin(name, settings)
    else:
        with Progress("checking ...", options.quiet):
            checked = _checked(paths, settings, options)
        if checked is None:
            return FAILED
        report = checked
    if options.confirm and not options.update_baseline:
        from shapelint.cli.confirm import confirmed

        verdicts = confirmed(report, settings, options)
        if verdicts is None:
            return FAILED
        report = verdicts
    if options.verbose:
        say(f"checked {report.files:,} file(s) in {time.perf_counter() - started:.2f} s")
    if options.update_baseline and known is not None:
        return _update(report, known, paths, settings)
    style = style_for(options.color, sys.stdout)
    if form in TEXT_FORMATS:
        from shapelint.render import text

        if options.statistics:
            write(text.statistics(report, style))
        else:
            write(render_check(report, form, sources, style))
        if form == "full" and not options.quiet:
            write([text.closing(report, style) + "\n"])
            more = text.fixable(report, options.unsafe_fixes)
            if more is not None:
                write([more + "\n"])
            write(text.unseen(report, style, options.why))
    else:
        write(render_check(report, form, sources, style))
        if options.statistics:
            say("--statistics goes with the text formats; it is left out here")
    for failure in report.failures:
        say(_failure(failure))
    for note in report.notes:
        say(note)
    for entry in report.stale:
        say(f"no longer found, but still in the baseline: {entry}")
    if report.stale:
        say("--update-baseline takes these out of the baseline")
    return _status(report, options.exit_zero)


def _checked(paths: list[str], settings: Settings, options: argparse.Namespace) -> CheckReport | None:
    """The report, of this process and those that help it; None where those cannot be had, which is said."""
    from shapelint.engine.check import check_paths

    if options.executor is None:
        return check_paths(paths, settings, jobs=options.jobs)
    from shapelint.engine.executors import ExecutorProblem, executor_of

    try:
        with executor_of(options.executor, options.jobs) as (executor, workers):
            return check_paths(paths, settings, jobs=workers, executor=executor)
    except ExecutorProblem as problem:
        say(str(problem))
        return None


def _update(report: CheckReport, known: str, paths: list[str], settings: Settings) -> int:
    """Write what was found to the baseline."""
    from shapelint.engine.baseline import save, updated
    from shapelint.engine.files import discover

    for failure in report.failures:
        say(_failure(failure))
    if report.failures:
        say(f"{known} is left as it is")
        return FAILED
    entries = updated(report.diagnostics, known, discover(paths, settings)[0])
    save(known, entries)
    count = sum(entries.values())
    say(f"{known} knows {count:,} finding{'' if count == 1 else 's'} now")
    return OK


def _format(options: argparse.Namespace) -> CheckFormat:
    wanted = options.output_format or os.environ.get("SHAPELINT_OUTPUT_FORMAT") or "full"
    for form in CHECK_FORMATS:
        if form == wanted:
            return form
    options.usage_error(f"SHAPELINT_OUTPUT_FORMAT: there is no format `{wanted}`")
    raise AssertionError


def _status(report: CheckReport, exit_zero: bool) -> int:
    if report.failures:
        return FAILED
    found = any(d.severity != "info" for d in report.diagnostics)
    return FOUND if found and not exit_zero else OK


def _failure(failure: Failure) -> str:
    place = failure.path if failure.line is None else f"{failure.path}:{failure.line}"
    what = "internal error (a bug of shapelint; please report it): " if failure.internal else ""
    return f"{place}: {what}{failure.message}"


def _stdin(name: str, settings: Settings) -> tuple[CheckReport, Sources]:
    if settings.force_exclude and name != STDIN and settings.excludes(name):
        return CheckReport((), 0), Sources()
    try:
        raw = sys.stdin.buffer.read()
    except (OSError, ValueError, AttributeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is closed"
        return CheckReport((), 0, (Failure(name, f"stdin cannot be read: {reason}"),)), Sources()
    if b"torch" not in raw:  # nothing to import an engine for
        return CheckReport((), 1), Sources()
    from shapelint.engine.check import check_text
    from shapelint.source.text import SourceProblem, from_bytes

    try:
        text = from_bytes(name, raw).text
    except SourceProblem as problem:
        return CheckReport((), 1, (Failure(name, problem.message, problem.line),)), Sources()
    return check_text(name, text, settings), Sources({name: text})
