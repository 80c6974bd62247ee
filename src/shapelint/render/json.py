"""JSON: the reports' own `to_json`, which is the contract. ASCII only, so that no pipe can spoil it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from shapelint.report import CheckReport, ModelSummary


def dump(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"


def document(report: CheckReport) -> Iterator[str]:
    yield dump(report.to_json())


def lines(report: CheckReport) -> Iterator[str]:
    """One object a line, one line a finding."""
    for diagnostic in report.diagnostics:
        yield json.dumps(diagnostic.to_json()) + "\n"


def summaries(models: Sequence[ModelSummary], failures: Sequence[tuple[str, str]] = ()) -> Iterator[str]:
    """The models' summaries; `failures` (target, message) stands beside them only where there are some."""
    value: dict[str, Any] = {"version": 1, "models": [m.to_json() for m in models]}
    if failures:
        value["failures"] = [{"target": target, "message": message} for target, message in failures]
    yield dump(value)
