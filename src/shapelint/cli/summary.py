"""`shapelint summary`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from shapelint.cli import FAILED, FOUND, OK
from shapelint.cli.output import Progress, columns_of, say, style_for, write
from shapelint.cli.settings import settings_of
from shapelint.engine import TargetProblem
from shapelint.engine.config import ConfigProblem, file_of
from shapelint.report import ModelSummary

if TYPE_CHECKING:
    from shapelint.engine.memory import Request


def request_of(options: argparse.Namespace) -> Request | None:
    """What is to be told of memory: of a training step, or, where only a batch or a size is given, of an inference."""
    training = options.training or options.optimizer is not None
    if not training and options.batch is None and options.fits is None:
        return None
    from shapelint.engine.memory import Request
    from shapelint.memory.replay import Setting

    return Request(Setting(training, options.optimizer or "sgd"), options.batch, options.fits)


def run(options: argparse.Namespace) -> int:
    from shapelint.engine.summarize import summarize

    models: list[ModelSummary] = []
    failures: list[tuple[str, str]] = []
    with Progress("reading ...", False):
        for target in options.targets:
            try:
                settings = settings_of(options, file_of(target))
                asked = request_of(options)
                more = () if asked is None else (asked,)
                models += summarize(target, options.inputs, settings, *more)
            except ConfigProblem as problem:
                say(str(problem))
                return FAILED
            except TargetProblem as problem:
                failures.append((target, str(problem)))
    if options.output_format == "json":
        from shapelint.render import json

        write(json.summaries(models, failures))
    elif models:
        from shapelint.render import summary

        columns = columns_of(sys.stdout, summary.UNSEEN_WIDTH)
        write(summary.summaries(models, options.depth, style_for(options.color, sys.stdout), columns))
    for target, message in failures:
        say(f"{target}: {message}")
    if failures:
        return FAILED
    if any(m.peak is not None and m.peak.fits is False for m in models):
        return FOUND
    return FOUND if any(d.severity != "info" for m in models for d in m.problems) else OK
