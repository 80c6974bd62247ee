"""`shapelint confirm`, and the `--confirm` of `shapelint check`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from shapelint import records
from shapelint.cli import FAILED, FOUND, OK
from shapelint.cli.output import Progress, say, style_for, write
from shapelint.cli.settings import settings_of
from shapelint.confirm.compare import Comparison
from shapelint.confirm.process import Limits
from shapelint.confirm.sandbox import NoSandbox
from shapelint.engine import TargetProblem
from shapelint.engine import confirm as engine
from shapelint.engine.config import ConfigProblem, Settings, file_of
from shapelint.engine.targets import parse
from shapelint.render import text
from shapelint.render.sources import Sources
from shapelint.render.style import Style, safe
from shapelint.report import CheckReport, Diagnostic


def run(options: argparse.Namespace) -> int:
    how = options_of(options)
    models: list[Comparison] = []
    found: list[Diagnostic] = []
    failures: list[tuple[str, str]] = []
    with Progress("confirming ...", False):
        for target in options.targets:
            try:
                settings = settings_of(options, file_of(target))
                found += _findings(target, settings, how)
                models += engine.target(target, options.inputs, settings, how)
            except (engine.NoTorch, NoSandbox, ConfigProblem) as problem:
                say(str(problem))
                return FAILED
            except TargetProblem as problem:
                failures.append((target, str(problem)))
    if options.output_format == "json":
        from shapelint.render.json import dump

        rows = {"diagnostics": [d.to_json() for d in found], "models": [m.to_json() for m in models]}
        write([dump({"version": 1, **rows, "failures": [{"target": t, "message": m} for t, m in failures]})])
    else:
        style = style_for(options.color, sys.stdout)
        write(text.full(CheckReport(tuple(found), 1), Sources(), style))
        write(comparisons(models, style))
        if found:
            write([tally(found) + "\n"])
    for target, message in failures:
        say(f"{target}: {message}")
    if failures:
        return FAILED
    wrong = any(d.verdict == "confirmed" and d.severity != "info" for d in found)
    return FOUND if wrong or any(m.differences for m in models) else OK


def _findings(target: str, settings: Settings, how: engine.Options) -> list[Diagnostic]:
    """The findings of a target that is a file, with their verdicts."""
    wanted = parse(target)
    if not wanted.is_file or wanted.expression:
        return []
    from shapelint.engine.check import check_paths

    report = check_paths([wanted.place], settings)
    if report.failures:
        raise TargetProblem(report.failures[0].message)
    return engine.findings(report.diagnostics, settings, how)


def options_of(options: argparse.Namespace) -> engine.Options:
    limits = Limits(options.time_limit, options.memory_limit)
    return engine.Options(
        options.device, getattr(options, "backward", False), options.sandbox, limits, options.python
    )


def confirmed(report: CheckReport, settings: Settings, options: argparse.Namespace) -> CheckReport | None:
    """The report with verdicts; None where there is no torch or no sandbox (which has been said)."""
    try:
        with Progress("confirming ...", options.quiet):
            found = engine.findings(report.diagnostics, settings, options_of(options))
    except (engine.NoTorch, NoSandbox) as problem:
        say(str(problem))
        return None
    if not options.quiet and found:
        say(tally(found))
    return records.replace(report, diagnostics=tuple(found))


def tally(found: Sequence[Diagnostic]) -> str:
    counts = Counter(d.verdict for d in found)
    return ", ".join(f"{counts[v]:,} {v}" for v in ("confirmed", "refuted", "not-run") if counts[v]) + "."


def comparisons(models: Sequence[Comparison], style: Style) -> Iterator[str]:
    """Each model: what agrees with the summary, what differs, or why it was not measured."""
    for model in models:
        yield f"{style.paint(safe(model.target), 'bold')}{f'  (on {safe(model.device)})' if model.device else ''}\n"
        if model.why is not None:
            yield f"   not-run: {safe(model.why)}\n"
            continue
        if model.agreed:
            yield f"   {style.paint('agrees:', 'green')} {safe(', '.join(model.agreed))}\n"
        for difference in model.differences:
            yield f"   {style.paint('differs:', 'red')} {safe(difference)}\n"
        if model.peak_bytes is not None:
            replayed = f", replayed {model.replayed_bytes:,}" if model.replayed_bytes is not None else ""
            yield f"   peak memory: measured {model.peak_bytes:,} bytes{replayed}\n"
        if model.no_gradient:
            yield f"   no gradient reaches: {safe(', '.join(model.no_gradient))}\n"
