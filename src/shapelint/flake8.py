"""The flake8 plugin: findings as flake8 wants them, on saved files and unsaved buffers.

flake8 imports this on every save, so nothing is imported here, and nothing at all is done for a file that does not
mention torch. An exception would end the whole flake8 run, so none leaves: it becomes SHP900, which is off by default.
flake8's own `select`, `ignore` and `# noqa` decide what is shown.
"""

from __future__ import annotations

from shapelint import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence
    from typing import Any

    from shapelint.engine.config import Settings

    Report = tuple[int, int, str, type]

INTERNAL = "SHP900"


class Plugin:
    """One file's checker. The parameters' names are what flake8 goes by."""

    name = "shapelint"
    version = __version__

    _settings: dict[str, Settings] = {}

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        self._filename = filename
        self._lines = lines

    @staticmethod
    def add_options(parser: Any) -> None:
        parser.extend_default_ignore(["SHP9"])

    def run(self) -> Iterator[Report]:
        if not any("torch" in line for line in self._lines):
            return
        found: list[Report] = []
        try:
            found = list(self._findings())
        except Exception as problem:  # RecursionError and MemoryError are among them
            found = [(1, 0, f"{INTERNAL} shapelint failed: {_one_line(_said(problem))}", Plugin)]
        yield from found

    def _findings(self) -> Iterator[Report]:
        import os

        from shapelint.engine.check import check_text
        from shapelint.engine.config import ConfigProblem, Settings, load_settings

        path = self._filename
        if path in ("stdin", "-", "") or not os.path.isdir(os.path.dirname(path) or "."):
            path = "stdin"
        folder = os.path.abspath(os.path.dirname(path) if path != "stdin" else ".")
        settings = self._settings.get(folder)
        if settings is None:
            try:
                settings = load_settings(folder)
            except ConfigProblem as problem:
                yield 1, 0, f"{INTERNAL} settings: {_one_line(str(problem))}", Plugin
                settings = Settings(project_root=folder)
            self._settings[folder] = settings
        report = check_text(path, "".join(self._lines), settings)
        for d in report.diagnostics:
            if d.path == path:
                yield d.line, d.column - 1, f"{d.code} {_one_line(d.message)}", Plugin
        for failure in report.failures:
            yield failure.line or 1, 0, f"{INTERNAL} {_one_line(failure.message)}", Plugin


def _said(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}"


def _one_line(text: str) -> str:
    """One line, without `:1:2: ` inside, which editors take for a place."""
    import re

    return re.sub(r":(?=\d*:\d*: )", " ", " ".join(text.split()))
