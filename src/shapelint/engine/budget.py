"""Budgets of the settings: the networks of a file are summarised, and what each may have stands beside what it has."""

from __future__ import annotations

import os
from collections.abc import Iterator

from shapelint import facts
from shapelint.engine import TargetProblem
from shapelint.engine.config import Settings
from shapelint.report import Diagnostic, ModelSummary
from shapelint.rules.base import Context
from shapelint.rules.over_budget import OverBudget
from shapelint.source.text import SourceFile
from shapelint.values import Site


def over_budget(file: SourceFile, settings: Settings) -> list[Diagnostic]:
    """Findings about networks of a file that lie over their budget."""
    if not settings.budget or not os.path.isfile(file.path):
        return []
    from shapelint.engine.summarize import summarize

    try:
        models = summarize(file.path, (), settings)
    except TargetProblem:
        return []
    said = [fact for model in models for fact in _measured(model, file, settings)]
    return list(OverBudget().check(said, Context(lambda path: file if path == file.path else None)))


def _measured(model: ModelSummary, file: SourceFile, settings: Settings) -> Iterator[facts.Fact]:
    line = model.line if model.line is not None and model.path in (None, file.path) else 1
    text = file.line(line)
    site = Site(file.path, line, len(text) - len(text.lstrip()) + 1, line, len(text) + 1)
    parts = (model.memory.input_bytes, model.memory.param_bytes, model.memory.activation_bytes)
    values = {
        "params": model.params.total,
        "macs": model.macs,
        "flops": model.flops,
        "memory": None if any(p is None for p in parts) else sum(p for p in parts if p is not None),
    }
    for name, limits in settings.budget.items():
        if not _means(name, model, file.path):
            continue
        for measure, limit in limits.items():
            value = values.get(measure)
            if value is not None:
                yield facts.Measured(
                    site, (), True, model=model.class_name, measure=measure, value=value, limit=limit
                )


def _means(name: str, model: ModelSummary, path: str) -> bool:
    """Whether a budget's name ("*", "Net", "net.py:Net", "pkg/net.py:Net()") means a model."""
    if name in ("*", model.class_name, model.target):
        return True
    where, colon, what = name.rpartition(":")
    same_file = os.path.normpath(path).endswith(os.path.normpath(where)) if colon else False
    return same_file and what.partition("(")[0] == model.class_name
