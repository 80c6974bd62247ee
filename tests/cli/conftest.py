"""An engine and rules made by hand, so that the command line is tested for what it does itself."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from shapelint.cli import main
from shapelint.engine import TargetProblem
from shapelint.engine.config import Settings
from shapelint.engine.files import discover
from shapelint.report import CheckReport, ModelSummary


@dataclass
class FakeRule:
    code: str
    name: str
    severity: str
    summary: str
    doc: str


RULES = [
    FakeRule("SHP201", "view-folds-batch", "error", "a view folds the image", "Why\n\nBad\n\nGood\n"),
    FakeRule("SHP301", "not-registered", "warning", "a layer in a list", "Why lists"),
    FakeRule("SHP401", "told", "info", "by the way", "Why told"),
]


@dataclass
class Engine:
    """What the engine will answer, and what it was asked."""

    report: CheckReport = field(default_factory=lambda: CheckReport((), 1))
    models: list[ModelSummary] = field(default_factory=list)
    fails: BaseException | None = None
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    discovers: bool = False

    def check_paths(self, paths: Sequence[str], settings: Settings, **_: object) -> CheckReport:
        self.calls.append(("paths", list(paths), settings))
        if self.fails:
            raise self.fails
        if self.discovers:
            files, failures = discover(paths, settings)
            return CheckReport(self.report.diagnostics, len(files), tuple(failures))
        return self.report

    def check_text(self, path: str, text: str, settings: Settings) -> CheckReport:
        self.calls.append(("text", path, text, settings))
        if self.fails:
            raise self.fails
        return self.report

    def summarize(self, target: str, inputs: Sequence[str], settings: Settings) -> list[ModelSummary]:
        self.calls.append(("summary", target, list(inputs), settings))
        if self.fails:
            raise self.fails
        if target.startswith("gone"):
            raise TargetProblem("there is no such file")
        return self.models

    @property
    def settings(self) -> Settings:
        settings = self.calls[-1][-1]
        assert isinstance(settings, Settings)
        return settings


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine()
    check, summarize, registry = ModuleType("check"), ModuleType("summarize"), ModuleType("registry")
    check.__dict__.update(check_paths=made.check_paths, check_text=made.check_text)
    summarize.__dict__.update(summarize=made.summarize)
    registry.__dict__.update(
        all_rules=lambda: RULES,
        listeners=lambda: RULES,
        find=lambda w: next(r for r in RULES if w == r.code),
    )
    monkeypatch.setitem(sys.modules, "shapelint.engine.check", check)
    monkeypatch.setitem(sys.modules, "shapelint.engine.summarize", summarize)
    monkeypatch.setitem(sys.modules, "shapelint.rules.registry", registry)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "SHAPELINT_OUTPUT_FORMAT", "SHAPELINT_NO_CACHE"):
        monkeypatch.delenv(name, raising=False)
    return made


@dataclass
class Outcome:
    status: int
    out: str
    err: str


Shell = Callable[..., Outcome]


@pytest.fixture
def shell(
    engine: Engine,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Shell:
    """Runs the command line in an empty folder: `shell("check", "a.py", stdin=b"...")`."""
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))

    def run(*arguments: str, stdin: bytes | None = None) -> Outcome:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            status = main(arguments)
        except SystemExit as leave:
            status = leave.code if isinstance(leave.code, int) else 1
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run
