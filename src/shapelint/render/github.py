"""GitHub workflow commands: annotations on the lines of a pull request, without uploading anything."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.render.places import from_here
from shapelint.report import CheckReport, Severity

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}
_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


def commands(report: CheckReport) -> Iterator[str]:
    """The worst first: GitHub shows ten errors and ten warnings a step, and drops the rest."""
    for failure in report.failures:
        where = {"title": "shapelint", "file": from_here(failure.path)}
        if failure.line is not None:
            where["line"] = str(failure.line)
        yield _command("error", where, f"cannot be checked: {failure.message}")
    for d in sorted(report.diagnostics, key=lambda d: _RANK[d.severity]):
        where = {"title": f"shapelint ({d.code})", "file": from_here(d.path), "line": str(d.line)}
        if d.end_line == d.line:  # columns are refused on a span of several lines
            where |= {"col": str(d.column), "endLine": str(d.end_line), "endColumn": str(d.end_column)}
        else:
            where["endLine"] = str(d.end_line)
        message = "\n".join([f"{d.code} {d.message}", *(f"fits: {remedy}" for remedy in d.fits)])
        yield _command(_COMMANDS[d.severity], where, message)


def _command(name: str, properties: dict[str, str], message: str) -> str:
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {listed}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
