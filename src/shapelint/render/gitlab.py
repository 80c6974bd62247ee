"""GitLab's Code Quality report: a list of issues with fingerprints."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.render.json import dump
from shapelint.render.places import fingerprints, from_here
from shapelint.report import CheckReport, Severity

_SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}


def document(report: CheckReport) -> Iterator[str]:
    names = fingerprints(report.diagnostics)
    yield dump(
        [
            {
                "check_name": d.code,
                "description": f"{d.code}: {d.message}",
                "severity": _SEVERITIES[d.severity],
                "fingerprint": name,
                "location": {
                    "path": from_here(d.path),
                    "positions": {
                        "begin": {"line": d.line, "column": d.column},
                        "end": {"line": d.end_line, "column": d.end_column},
                    },
                },
            }
            for d, name in zip(report.diagnostics, names, strict=True)
        ]
    )
