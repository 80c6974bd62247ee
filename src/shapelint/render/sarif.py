"""SARIF 2.1.0, as GitHub code scanning reads it. The trail becomes a code flow, which GitHub lets readers step through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from shapelint import __version__
from shapelint.render.json import dump
from shapelint.render.places import fingerprints, uri
from shapelint.report import CheckReport, Diagnostic, Severity

if TYPE_CHECKING:
    from shapelint.rules.base import Rule

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEM: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "recommendation"}
_PRECISION: dict[Severity, str] = {"error": "very-high", "warning": "high", "info": "medium"}
_LONGEST = 1024
_STEPS = 1000


def document(report: CheckReport) -> Iterator[str]:
    used = sorted({(d.code, d.rule) for d in report.diagnostics})
    index = {code: n for n, (code, _) in enumerate(used)}
    worst: dict[str, Severity] = {}
    for d in report.diagnostics:
        worst.setdefault(d.code, d.severity)
    names = fingerprints(report.diagnostics)
    run = {
        "tool": {
            "driver": {
                "name": "shapelint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(code, name, worst[code]) for code, name in used],
            }
        },
        "automationDetails": {"id": "shapelint/check/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [
            _result(d, index[d.code], name) for d, name in zip(report.diagnostics, names, strict=True)
        ],
    }
    yield dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str, name: str, severity: Severity) -> dict[str, Any]:
    known = _documented(code)
    summary = known.summary if known else name.replace("-", " ")
    doc = known.doc.strip() if known else summary
    level = known.severity if known else severity
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": _cut(summary)},
        "fullDescription": {"text": _cut(doc.split("\n\n")[0])},
        "help": {"text": doc, "markdown": doc},
        "defaultConfiguration": {"level": _LEVELS[level]},
        "properties": {
            "precision": _PRECISION[level],
            "problem.severity": _PROBLEM[level],
            "tags": ["pytorch", "shapes"],
        },
    }


def _documented(code: str) -> Rule | None:
    try:
        from shapelint.rules import registry

        return registry.find(code)
    except (ImportError, LookupError):
        return None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _result(d: Diagnostic, rule_index: int, fingerprint: str) -> dict[str, Any]:
    text = "\n".join([d.message, *(f"Fits: {remedy}" for remedy in d.fits)])
    row: dict[str, Any] = {
        "ruleId": d.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[d.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": _physical(d.path, d.line, d.column, d.end_line, d.end_column)}],
        "partialFingerprints": {"shapelint/v1": fingerprint},
    }
    if d.trail:
        row["codeFlows"] = [{"threadFlows": [{"locations": _flow(d)}]}]
    if d.fix is not None and d.fix.edits:
        row["fixes"] = [_fix(d)]
    if d.verdict is not None:
        row["properties"] = {"verdict": d.verdict}
    return row


def _flow(d: Diagnostic) -> list[dict[str, Any]]:
    """The trail's steps, ending at the finding itself."""
    steps = [(s.path, s.line, s.column, None, None, s.text) for s in d.trail[-_STEPS + 1 :]]
    end = (d.path, d.line, d.column, d.end_line, d.end_column, d.message)
    return [
        {
            "location": {
                "physicalLocation": _physical(path, line, column, to_line, to_column),
                "message": {"text": text},
            }
        }
        for path, line, column, to_line, to_column, text in [*steps, end]
    ]


def _physical(
    path: str, line: int, column: int, end_line: int | None, end_column: int | None
) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": column}
    if end_line is not None and end_column is not None:
        region |= {"endLine": end_line, "endColumn": end_column}
    return {"artifactLocation": {"uri": uri(path)}, "region": region}


def _fix(d: Diagnostic) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for e in d.fix.edits if d.fix else ():
        region = _physical(e.path, e.line, e.column, e.end_line, e.end_column)["region"]
        changes.setdefault(e.path, []).append({"deletedRegion": region, "insertedContent": {"text": e.text}})
    return {
        "artifactChanges": [
            {"artifactLocation": {"uri": uri(path)}, "replacements": replacements}
            for path, replacements in changes.items()
        ]
    }


def _invocation(report: CheckReport) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": not report.failures}
    if report.failures:
        invocation["toolExecutionNotifications"] = [
            {
                "level": "error",
                "message": {"text": f"{f.path} could not be checked: {f.message}"},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": uri(f.path)},
                            **({"region": {"startLine": f.line}} if f.line else {}),
                        }
                    }
                ],
            }
            for f in report.failures
        ]
    return invocation
