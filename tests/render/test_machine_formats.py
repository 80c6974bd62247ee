"""What programs read: each format's own rules, checked by hand (the schemas themselves are not kept here)."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from shapelint.render import CHECK_FORMATS, CheckFormat, render_check
from shapelint.render.places import fingerprints, from_here, uri
from shapelint.render.sources import Sources
from shapelint.report import CheckReport, Diagnostic, TrailStep
from tests.render.reports import FIXED, NET, NOTHING, REPORT, VIEW, WARNING

JSON_FORMATS: tuple[CheckFormat, ...] = ("json", "gitlab", "sarif", "rdjson")


def text(report: CheckReport, form: CheckFormat, **sources: str) -> str:
    return "".join(render_check(report, form, Sources(sources)))


def document(report: CheckReport, form: CheckFormat, given: dict[str, str] | None = None) -> Any:
    return json.loads("".join(render_check(report, form, Sources(given))))


@pytest.mark.parametrize("form", CHECK_FORMATS)
def test_every_format_renders_everything_and_nothing(form: CheckFormat) -> None:
    assert "SHP201" in text(REPORT, form)
    text(NOTHING, form)


@pytest.mark.parametrize("form", JSON_FORMATS)
def test_json_formats_survive_any_pipe(form: CheckFormat) -> None:
    odd = Diagnostic("SHP101", "r", "error", "caf\udce9/\U0001f600.py", 1, 1, 1, 2, "\u2028 \U0001f600 ✗")
    assert text(CheckReport((odd,), 1), form).isascii()


def test_json_is_the_contract() -> None:
    assert document(REPORT, "json") == json.loads(json.dumps(REPORT.to_json()))


def test_json_lines() -> None:
    rows = [json.loads(line) for line in text(REPORT, "json-lines").splitlines()]
    assert rows == [json.loads(json.dumps(d.to_json())) for d in REPORT.diagnostics]


# ---- GitHub


def test_github_escapes_and_puts_the_worst_first() -> None:
    lines = text(REPORT, "github").splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        "::error",
        "::error",
        "::error",
        "::error",
        "::warning",
        "::notice",
    ]
    assert lines[4] == (
        "::warning title=shapelint (SHP301),file=sub/b.py,line=2,endLine=4::SHP301 100%25 lost: a, b%0Asecond line"
    )
    assert "col=13,endLine=28,endColumn=35::SHP201 view(-1" in lines[3]


def test_github_properties_escape_what_ends_them() -> None:
    d = Diagnostic("SHP101", "r", "error", "a,b:c%.py", 1, 1, 1, 2, "m\r\n")
    assert text(CheckReport((d,), 1), "github") == (
        "::error title=shapelint (SHP101),file=a%2Cb%3Ac%25.py,line=1,col=1,endLine=1,endColumn=2::SHP101 m%0D%0A\n"
    )


# ---- GitLab


def test_gitlab() -> None:
    issues = document(REPORT, "gitlab")
    assert [i["severity"] for i in issues] == ["major", "major", "info", "minor"]
    assert issues[1]["location"] == {
        "path": "net.py",
        "positions": {"begin": {"line": 28, "column": 13}, "end": {"line": 28, "column": 35}},
    }
    assert len({i["fingerprint"] for i in issues}) == len(issues)


def test_fingerprints_do_not_count_lines_and_tell_equal_findings_apart() -> None:
    moved = Diagnostic(**{**{f: getattr(VIEW, f) for f in VIEW.__slots__}, "line": 99, "end_line": 99})
    assert fingerprints([VIEW]) == fingerprints([moved])
    assert len(set(fingerprints([VIEW, moved, WARNING]))) == 3


# ---- SARIF


def test_sarif_has_what_github_requires() -> None:
    log = document(REPORT, "sarif")
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"]["id"].endswith("/")
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == sorted({d.code for d in REPORT.diagnostics})
    for rule in rules:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
        assert rule["properties"]["problem.severity"] in ("recommendation", "warning", "error")
    assert len(run["results"]) == len(REPORT.diagnostics)
    for result, d in zip(run["results"], REPORT.diagnostics, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == d.code
        assert result["level"] in ("note", "warning", "error")
        assert result["message"]["text"].startswith(d.message)
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (d.line, d.column)
        assert (region["endLine"], region["endColumn"]) == (d.end_line, d.end_column)
        assert not re.match("[/.]|[a-z]+:", location["physicalLocation"]["artifactLocation"]["uri"])
        assert set(result["partialFingerprints"]) == {"shapelint/v1"}


def test_sarif_tells_the_trail_as_a_code_flow_that_ends_at_the_finding() -> None:
    result = document(CheckReport((VIEW,), 1), "sarif")["runs"][0]["results"][0]
    (flow,) = result["codeFlows"]
    (thread,) = flow["threadFlows"]
    steps = [s["location"] for s in thread["locations"]]
    assert [s["message"]["text"] for s in steps] == ["x: [B, 32, 56, 56]", "x: [49*B, 2048]", VIEW.message]
    assert steps[-1]["physicalLocation"]["region"]["startLine"] == 28


def test_sarif_says_what_could_not_be_checked() -> None:
    (invocation,) = document(REPORT, "sarif")["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    notes = [n["message"]["text"] for n in invocation["toolExecutionNotifications"]]
    assert notes[0] == "gone.py could not be checked: no such file or folder"
    assert document(NOTHING, "sarif")["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def test_sarif_fixes_and_very_long_trails() -> None:
    result = document(CheckReport((FIXED,), 1), "sarif")["runs"][0]["results"][0]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "y"}
    steps = tuple(TrailStep("a.py", n + 1, 1, "x") for n in range(5000))
    long = Diagnostic("SHP101", "r", "error", "a.py", 1, 1, 1, 2, "m", steps)
    result = document(CheckReport((long,), 1), "sarif")["runs"][0]["results"][0]
    assert len(result["codeFlows"][0]["threadFlows"][0]["locations"]) == 1000


def test_uris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri("a b/é#%:.py") == "a%20b/%C3%A9%23%25%3A.py"
    assert uri(str(tmp_path / "sub" / "x.py")) == "sub/x.py"
    assert uri("/elsewhere/x y.py") == "file:///elsewhere/x%20y.py"
    assert from_here(os.path.join("sub", "x.py")) == "sub/x.py"


# ---- rdjson


def test_rdjson_counts_bytes() -> None:
    d = Diagnostic("SHP101", "r", "warning", "a.py", 1, 15, 1, 18, "m", (TrailStep("a.py", 1, 5, "s"),))
    result = document(CheckReport((d,), 1), "rdjson", {"a.py": 's = "\U00010400\u00e9"; y = bad\n'})
    (row,) = result["diagnostics"]
    assert row["location"]["range"] == {"start": {"line": 1, "column": 19}, "end": {"line": 1, "column": 22}}
    assert row["severity"] == "WARNING" and row["code"] == {"value": "SHP101"}
    assert row["related_locations"] == [
        {"message": "s", "location": {"path": "a.py", "range": {"start": {"line": 1, "column": 5}}}}
    ]


def test_rdjson_offers_fixes_in_the_file_as_suggestions() -> None:
    (row,) = document(CheckReport((FIXED,), 1), "rdjson", {"net.py": NET})["diagnostics"]
    assert row["suggestions"][0]["text"] == "y"
