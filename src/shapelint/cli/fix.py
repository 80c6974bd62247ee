"""`shapelint check --fix` and `--diff`: mending files, or showing what mending them would change."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from shapelint.cli import FAILED, FOUND, OK
from shapelint.cli.output import Progress, say, write
from shapelint.engine.config import Settings
from shapelint.engine.fix import Fixed, diff_of, fix_file, fix_paths, save
from shapelint.source.text import SourceProblem, from_bytes


def run(
    options: argparse.Namespace, settings: Settings, paths: Sequence[str] | None, name: str
) -> int | None:
    """The exit status; None where the files are mended and what is left is to be reported. `paths` is None for stdin."""
    if paths is None:
        return _stdin(options, settings, name)
    with Progress("mending ...", options.quiet):
        done = fix_paths(paths, settings, options.unsafe_fixes)
    if options.diff:
        write(diff_of(fixed) for fixed in done if fixed.changed)
        _tell(done, "would be fixed", options.quiet)
        return FOUND if any(fixed.changed for fixed in done) and not options.exit_zero else OK
    for fixed in done:
        if fixed.changed:
            save(fixed)
    _tell(done, "fixed", options.quiet)
    return None


def _stdin(options: argparse.Namespace, settings: Settings, name: str) -> int:
    """The mended text goes to stdout, as an editor wants it; what is left is told on stderr."""
    try:
        raw = sys.stdin.buffer.read()
        file = from_bytes(name, raw)
        done = fix_file(file, settings, options.unsafe_fixes)
    except (OSError, ValueError, AttributeError) as problem:
        say(f"stdin cannot be read: {getattr(problem, 'strerror', None) or 'it is closed'}")
        return FAILED
    except SourceProblem as problem:
        say(str(problem))
        return FAILED
    write([diff_of(done) if options.diff else done.text])
    _tell([done], "would be fixed" if options.diff else "fixed", options.quiet)
    if options.diff:
        return FOUND if done.changed and not options.exit_zero else OK
    from shapelint.engine.check import check_text

    report = check_text(name, done.text, settings)
    for d in report.diagnostics:
        say(f"{d.path}:{d.line}:{d.column}: {d.code} {d.message}")
    left = any(d.severity != "info" for d in report.diagnostics)
    return FAILED if report.failures else FOUND if left and not options.exit_zero else OK


def _tell(done: Sequence[Fixed], verb: str, quiet: bool) -> None:
    """What was mended, and what was not although it has a fix."""
    for fixed in done:
        for refusal in fixed.refused:
            d = refusal.diagnostic
            say(f"{d.path}:{d.line}: {d.code} is not {verb}: {refusal.why}")
    count = sum(len(fixed.applied) for fixed in done)
    if not quiet:
        files = sum(fixed.changed for fixed in done)
        say(
            f"{count:,} problem{'' if count == 1 else 's'} {verb} in {files:,} file{'' if files == 1 else 's'}"
        )
