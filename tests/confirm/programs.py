"""Confirming a text, as a test does it."""

from __future__ import annotations

from pathlib import Path

from shapelint.confirm.process import Limits
from shapelint.engine import confirm
from shapelint.engine.check import check_paths
from shapelint.engine.config import Settings
from shapelint.report import Diagnostic

SETTINGS = Settings()


def options(seconds: float = 40, memory: int = 3 << 30) -> confirm.Options:
    return confirm.Options(device="cpu", limits=Limits(seconds, memory))


def confirmed(folder: Path, source: str, seconds: float = 40, memory: int = 3 << 30) -> list[Diagnostic]:
    """The findings of a program, with their verdicts."""
    path = folder / "program.py"
    path.write_text(source)
    report = check_paths([str(path)], SETTINGS)
    assert report.diagnostics, "the program has no findings to be confirmed"
    return confirm.findings(report.diagnostics, SETTINGS, options(seconds, memory))


def claim(path: Path, rule: str, line: int) -> Diagnostic:
    """A finding made by hand, over the whole of a line."""
    text = path.read_text().splitlines()[line - 1]
    start = len(text) - len(text.lstrip()) + 1
    return Diagnostic("SHP101", rule, "error", str(path), line, start, line, len(text) + 1, "")


def one(folder: Path, source: str, seconds: float = 40, memory: int = 3 << 30) -> tuple[str | None, str]:
    """(verdict, note) of a program's only finding."""
    (found,) = confirmed(folder, source, seconds, memory)
    return found.verdict, found.verdict_note or ""
