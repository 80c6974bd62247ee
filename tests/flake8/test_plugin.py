"""The flake8 plugin: by itself with an engine made by hand, and inside the real flake8."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import shapelint
from shapelint.flake8 import Plugin
from shapelint.report import CheckReport, Failure
from tests.render.reports import VIEW

SRC = str(Path(__file__).parents[2] / "src")
TREE = ast.parse("")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    made = ModuleType("check")
    made.calls = []  # type: ignore[attr-defined]
    made.report = CheckReport((VIEW,), 1)  # type: ignore[attr-defined]

    def check_text(path: str, text: str, settings: Any) -> CheckReport:
        made.calls.append((path, text, settings))
        if isinstance(made.report, BaseException):
            raise made.report
        return made.report

    made.check_text = check_text  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shapelint.engine.check", made)
    monkeypatch.setattr(Plugin, "_settings", {})
    return made


def run(filename: str = "net.py", text: str = "import torch\n") -> list[tuple[int, int, str, type]]:
    return list(Plugin(TREE, filename, text.splitlines(keepends=True)).run())


def test_findings_as_flake8_wants_them(engine: ModuleType) -> None:
    assert run() == [(28, 12, f"SHP201 {VIEW.message}", Plugin)]
    assert engine.calls[0][:2] == ("net.py", "import torch\n")


def test_a_file_without_torch_costs_nothing(engine: ModuleType) -> None:
    assert run(text="import os\n") == []
    assert engine.calls == []


def test_buffers_without_a_path(engine: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shapelint.toml").write_text('ignore = ["SHP3"]\n')
    for name in ("stdin", "-", "", "no/such/folder/net.py"):
        run(name)
        assert engine.calls[-1][0] == "stdin"
        assert engine.calls[-1][2].ignore == ("SHP3",)
    run("unsaved.py")
    assert engine.calls[-1][0] == "unsaved.py"


def test_findings_in_other_files_are_left_to_those(engine: ModuleType) -> None:
    engine.report = CheckReport((replace(VIEW, path="other.py"),), 1)
    assert run() == []


@pytest.mark.parametrize("problem", [RuntimeError("a\nb"), RecursionError(), MemoryError(), KeyError("x")])
def test_no_exception_leaves(engine: ModuleType, problem: Exception) -> None:
    engine.report = problem
    ((line, column, text, _),) = run()
    assert (line, column) == (1, 0)
    assert text.startswith(f"SHP900 shapelint failed: {type(problem).__name__}") and "\n" not in text


def test_failures_and_bad_settings_are_shp900(
    engine: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shapelint.toml").write_text("wibble = 1\n")
    engine.report = CheckReport((), 1, (Failure("net.py", "odd:1:2: x", 7),))
    assert [r[:3] for r in run()] == [
        (1, 0, "SHP900 settings: shapelint.toml: unknown key `wibble`"),
        (7, 0, "SHP900 odd 1:2: x"),
    ]


def test_messages_are_one_line_that_editors_do_not_misread(engine: ModuleType) -> None:
    engine.report = CheckReport((replace(VIEW, message="a\n b:10:20: c\x0cd\u2028e"),), 1)
    ((_, _, text, _),) = run()
    assert text == "SHP201 a b 10:20: c d e"


# ---- the real flake8


def flake8(
    folder: Path, *arguments: str, stdin: str | None = None, **modules: str
) -> subprocess.CompletedProcess[str]:
    """flake8 in a folder of its own; registered by hand where shapelint is not installed."""
    config = "[flake8]\n"
    if not any(e.value == "shapelint.flake8:Plugin" for e in entry_points(group="flake8.extension")):
        config += "[flake8:local-plugins]\nextension =\n    SHP = shapelint.flake8:Plugin\n"
    (folder / ".flake8").write_text(config)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    return subprocess.run(
        [sys.executable, "-m", "flake8", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), SRC])},
        timeout=120,
    )


# Put in front of the plugin by flake8's own interpreter, so that the engine is made by hand there too.
FAKE = """
import sys, types
from shapelint.report import CheckReport, Diagnostic, Failure
def check_text(path, text, settings):
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        column = line.find("bad")
        if column >= 0:
            found.append(Diagnostic("SHP201", "r", "error", path, number, column + 1, number, column + 4, "in " + path))
    return CheckReport(tuple(found), 1, (Failure(path, "odd", 1),) if "bug" in text else ())
check = types.ModuleType("check")
check.check_text = check_text
sys.modules["shapelint.engine.check"] = check
"""


def test_in_flake8(tmp_path: Path) -> None:
    # sitecustomize is imported by every interpreter that has the folder on its path, workers included
    source = (
        "import torch  # noqa: F401\n"
        "x = '\U00010400é'; bad = 1  # noqa: E702\n"
        "bad = 2  # noqa: SHP201\n"
        "bad = 3  # noqa\n"
        "bug = 1\n"
    )
    done = flake8(tmp_path, "net.py", net=source, sitecustomize=FAKE)
    assert done.stderr == ""
    assert done.stdout == "net.py:2:11: SHP201 in net.py\n"
    assert done.returncode == 1
    assert flake8(tmp_path, "net.py", "--extend-ignore", "SHP2").stdout == ""
    assert "SHP900 odd" in flake8(tmp_path, "net.py", "--extend-select", "SHP9").stdout
    assert flake8(tmp_path, "net.py", "--select", "SHP").stdout.count("SHP201") == 1
    assert flake8(tmp_path, "net.py", "--disable-noqa", "--select", "SHP").stdout.count("SHP201") == 3


def test_in_flake8_from_stdin(tmp_path: Path) -> None:
    flake8(tmp_path, "--version", sitecustomize=FAKE)
    done = flake8(tmp_path, "-", stdin="import torch.nn\ntorch.bad\n")
    assert done.stdout == "stdin:2:7: SHP201 in stdin\n"
    name = str(tmp_path / "net.py")
    done = flake8(tmp_path, "-", "--stdin-display-name", name, stdin="import torch.nn\ntorch.bad\n")
    assert done.stdout == f"{name}:2:7: SHP201 in {name}\n"


def test_flake8_knows_the_plugin_and_it_imports_nothing(tmp_path: Path) -> None:
    assert f"shapelint: {shapelint.__version__}" in flake8(tmp_path, "--version").stdout
    probe = (
        "import json, sys, atexit\n"
        "atexit.register(lambda: open('modules.json', 'w').write(json.dumps(sorted(sys.modules))))\n"
    )
    done = flake8(tmp_path, "-j1", "net.py", net="x = 1\n", sitecustomize=probe)
    assert (done.stdout, done.stderr) == ("", "")
    loaded = set(json.loads((tmp_path / "modules.json").read_text()))
    assert "shapelint.flake8" in loaded
    assert loaded & {"torch", "numpy", "libcst", "rich", "shapelint.engine", "shapelint.report"} == set()
