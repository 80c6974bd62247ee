"""summary, explain, rules, version, help."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import shapelint
from shapelint.engine.config import file_of
from tests.cli.conftest import Engine, Shell
from tests.render.reports import FORMULA, INFO, MODEL, VIEW


def test_summary(shell: Shell, engine: Engine) -> None:
    engine.models = [MODEL]
    done = shell("summary", "net.py:Net(1, n=2)", "--input", "B,3", "--input", "ids=2,128:int64")
    assert done.status == 0 and "136,970" in done.out and done.err == ""
    assert engine.calls[0][:3] == ("summary", "net.py:Net(1, n=2)", ["B,3", "ids=2,128:int64"])
    assert "block.0" in done.out
    assert "block.0" not in shell("summary", "net.py", "--depth", "1").out


def test_summary_json_of_several_targets(shell: Shell, engine: Engine) -> None:
    engine.models = [MODEL, FORMULA]
    done = shell("summary", "a.py", "gone.py", "b.py", "--output-format", "json")
    document = json.loads(done.out)
    assert done.status == 2 and len(document["models"]) == 4
    assert document["failures"] == [{"target": "gone.py", "message": "there is no such file"}]
    assert done.err == "shapelint: gone.py: there is no such file\n"


def test_summary_status(shell: Shell, engine: Engine) -> None:
    engine.models = [replace(MODEL, problems=(VIEW,))]
    assert shell("summary", "a.py").status == 1
    engine.models = [replace(MODEL, problems=(INFO,))]
    assert shell("summary", "a.py").status == 0
    assert shell("summary", "gone.py").status == 2


@pytest.mark.parametrize(
    "arguments", [[], ["a.py", "--depth", "0"], ["a.py", "--depth", "x"], ["a.py", "--inputs", "3"]]
)
def test_summary_usage(shell: Shell, arguments: list[str]) -> None:
    done = shell("summary", *arguments)
    assert done.status == 2 and "usage: shapelint summary" in done.err


def test_width_follows_columns(shell: Shell, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.models = [MODEL]
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, shell("summary", "a.py").out.splitlines())) <= 60


@pytest.mark.parametrize(
    ("target", "file"),
    [
        ("a/net.py", "a/net.py"),
        ("a/net.py:Net(f='x.py:y')", "a/net.py"),
        ("C:\\x\\net.py:Net", "C:\\x\\net.py"),
        ("torchvision.models:resnet50()", "."),
        ("timm:create_model('x.py:')", "."),
    ],
)
def test_the_file_of_a_target(target: str, file: str) -> None:
    assert file_of(target) == file


def test_rules(shell: Shell) -> None:
    assert shell("rules").out.splitlines()[0] == "SHP201  error    view-folds-batch  a view folds the image"
    rows = json.loads(shell("rules", "--output-format", "json").out)["rules"]
    assert (
        rows[1]["code"] == "SHP301" and rows[1]["rule"] == "not-registered" and rows[1]["doc"] == "Why lists"
    )


def test_explain(shell: Shell) -> None:
    for name in ("SHP201", "shp201", "view-folds-batch"):
        done = shell("explain", name)
        assert done.status == 0 and done.out == "SHP201 view-folds-batch (error)\n\nWhy\n\nBad\n\nGood\n"
    done = shell("explain", "SHP301", "view-fold-batch")
    assert done.status == 2 and "Why lists" in done.out
    assert done.err == "shapelint: there is no rule `view-fold-batch`; did you mean `view-folds-batch`?\n"


def test_version(shell: Shell) -> None:
    for arguments in (["version"], ["--version"], ["-V"]):
        done = shell(*arguments)
        assert (done.status, done.out) == (0, f"shapelint {shapelint.__version__}\n")


@pytest.mark.parametrize("arguments", [["--help"], ["help"], ["help", "check"], ["check", "--help"], ["-h"]])
def test_help(shell: Shell, arguments: list[str]) -> None:
    done = shell(*arguments)
    assert done.status == 0 and done.out.startswith("usage: shapelint") and done.out.isascii()


def test_nothing_asked_and_near_misses(shell: Shell, engine: Engine) -> None:
    assert shell().status == 2
    done = shell("sumary", "net.py")
    assert done.status == 2 and "did you mean `summary`?" in done.err
    shell("src")
    assert engine.calls[-1][:2] == ("paths", ["src"])
