"""A kept result is what an analysis would say now: it answers only while nothing the file leads to has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

import shapelint
from shapelint.engine import analyse as analysis
from shapelint.engine import check, one_file, reader, results, store
from shapelint.engine.config import Settings

NET = """import torch
from torch import nn
from settings import WIDTH

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, WIDTH)
        self.b = nn.Linear(8, 2)

    def forward(self, x):
        return self.b(self.a(x))

Net()(torch.zeros(3, 4))
"""


class Run:
    """Checks a project, and counts the files that were analysed for it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.analysed = 0
        (root / "pyproject.toml").touch()
        (root / "net.py").write_text(NET)
        self.write("settings.py", "WIDTH = 7\n")
        real = analysis.analyse

        def counted(file: Any) -> Any:
            self.analysed += 1
            return real(file)

        monkeypatch.setattr(analysis, "analyse", counted)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.write_text(text)
        old = os.stat(path).st_mtime_ns - 10_000_000_000 + len(text)
        os.utime(path, ns=(old, old))

    def __call__(self, **overrides: Any) -> tuple[list[Any], int]:
        self.analysed = 0
        found = shapelint.check([str(self.root / "net.py")], **overrides)
        return [d.to_json() for d in found], self.analysed


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SHAPELINT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "project").mkdir()
    return Run(tmp_path / "project", monkeypatch)


def test_nothing_has_changed(run: Run) -> None:
    first, analysed = run()
    assert [(d["code"], d["line"]) for d in first] == [("SHP101", 12)] and analysed == 1
    assert run() == (first, 0)


def test_a_module_that_is_imported_has_changed(run: Run) -> None:
    run()
    run.write("settings.py", "WIDTH = 8\n")
    assert run() == ([], 1)
    assert run() == ([], 0)


def test_a_module_is_touched_and_is_the_same(run: Run) -> None:
    first, _ = run()
    os.utime(run.root / "settings.py")
    assert run() == (first, 0)


def test_a_module_has_gone(run: Run) -> None:
    run()
    (run.root / "settings.py").unlink()
    assert run() == ([], 1)


def test_another_module_hides_the_one_that_was_followed(run: Run) -> None:
    run()
    (run.root / "settings").mkdir()
    (run.root / "settings" / "__init__.py").write_text("WIDTH = 8\n")
    assert run() == ([], 1)


def test_the_file_itself_has_changed(run: Run) -> None:
    run()
    (run.root / "net.py").write_text(NET.replace("Linear(8", "Linear(7"))
    assert run() == ([], 1)


def test_what_is_selected_is_decided_anew(run: Run) -> None:
    first, _ = run()
    assert run(ignore=["SHP101"]) == ([], 0)
    assert run() == (first, 0)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"followed": "x"}', b'{"followed": 3, "diagnostics": 4}']
)
def test_an_entry_that_makes_no_sense_is_a_miss(run: Run, content: bytes) -> None:
    first, _ = run()
    for path in (store._directory or Path()).rglob("results/*/*"):
        name = path.parent.name + path.name
        store.put("results", name, content)
    assert run() == (first, 1)


def test_two_runs_at_once(run: Run, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "shapelint", "check", "--output-format", "json", "net.py"]
    environment = {**os.environ, "SHAPELINT_CACHE_DIR": str(tmp_path / "shared")}
    started = [
        subprocess.Popen(command, cwd=run.root, env=environment, stdout=subprocess.PIPE) for _ in range(4)
    ]
    said = [process.communicate()[0] for process in started]
    assert len({json.dumps(json.loads(text)["diagnostics"]) for text in said}) == 1
    assert json.loads(said[0])["diagnostics"][0]["code"] == "SHP101"


def test_a_file_that_changes_while_it_is_read_is_not_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = one_file.keep_results

    def late() -> list[str]:
        run.write("settings.py", "WIDTH = 80\n")
        return keep()

    monkeypatch.setattr(check, "keep_results", late)
    run()
    monkeypatch.setattr(check, "keep_results", keep)
    found, analysed = run()
    assert analysed == 1 and "80" in found[0]["message"]


def test_without_a_cache_nothing_is_kept(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAPELINT_NO_CACHE", "1")
    first, _ = run()
    assert run() == (first, 1)
    assert not (tmp_path / "cache").exists()


def test_findings_come_back_whole() -> None:
    text = "import torch\nfrom torch import nn\nnn.Linear(3, 4)(torch.zeros(2, 5))\n"
    for diagnostic in shapelint.check(text):
        row = json.loads(json.dumps(asdict(diagnostic)))
        assert results._diagnostic(row) == diagnostic


def test_a_reader_that_was_left_is_not_held_until_the_end(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one reader has read of a large package is let go when another takes its place, and its results are kept."""
    run()
    monkeypatch.setattr(reader, "MOST_TEXT", 0)
    monkeypatch.setattr(reader, "_largest", 0)
    names = [f"net{number}.py" for number in range(6)]
    for name in names:
        run.write(
            name, "import torch\nfrom settings import WIDTH\ntorch.zeros(3, WIDTH) @ torch.zeros(5, 2)\n"
        )
    held: list[int] = []
    remember = results.remember

    def counted(*arguments: Any) -> None:
        remember(*arguments)
        held.append(len(results._pending))

    monkeypatch.setattr(results, "remember", counted)
    settings = Settings(project_root=str(run.root))
    paths = [str(run.root / name) for name in names]
    first = check.check_paths(paths, settings)
    assert len(held) == len(names) and max(held) <= 2
    again = check.check_paths(paths, settings)
    assert len(held) == len(names) and again.diagnostics == first.diagnostics != ()
