"""reviewdog's Diagnostic Format. Its columns count UTF-8 bytes, so the lines themselves are needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shapelint.render.json import dump
from shapelint.render.places import from_here
from shapelint.render.sources import Sources
from shapelint.report import CheckReport, Diagnostic, Severity

_SEVERITIES: dict[Severity, str] = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def document(report: CheckReport, sources: Sources) -> Iterator[str]:
    yield dump(
        {
            "source": {"name": "shapelint"},
            "diagnostics": [_diagnostic(d, sources) for d in report.diagnostics],
        }
    )


def _diagnostic(d: Diagnostic, sources: Sources) -> dict[str, Any]:
    row: dict[str, Any] = {
        "message": "\n".join([d.message, *(f"fits: {remedy}" for remedy in d.fits)]),
        "location": _location(sources, d.path, (d.line, d.column), (d.end_line, d.end_column)),
        "severity": _SEVERITIES[d.severity],
        "source": {"name": "shapelint"},
        "code": {"value": d.code},
    }
    if d.fix is not None:
        row["suggestions"] = [
            {
                "range": _range(sources, e.path, (e.line, e.column), (e.end_line, e.end_column)),
                "text": e.text,
            }
            for e in d.fix.edits
            if e.path == d.path
        ]
    if d.trail:
        row["related_locations"] = [
            {"message": step.text, "location": _location(sources, step.path, (step.line, step.column), None)}
            for step in d.trail
        ]
    return row


Place = tuple[int, int]


def _location(sources: Sources, path: str, start: Place, end: Place | None) -> dict[str, Any]:
    return {"path": from_here(path), "range": _range(sources, path, start, end)}


def _range(sources: Sources, path: str, start: Place, end: Place | None) -> dict[str, Any]:
    value = {"start": _position(sources, path, start)}
    if end is not None:
        value["end"] = _position(sources, path, end)
    return value


def _position(sources: Sources, path: str, place: Place) -> dict[str, int]:
    line, column = place
    text = sources.line(path, line)
    if text is not None and not text.isascii():
        inside = text[: column - 1]
        column += len(inside.encode("utf-8", "surrogatepass")) - len(inside)
    return {"line": line, "column": column}
