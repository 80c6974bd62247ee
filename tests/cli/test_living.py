"""Living with it, with the real engine: fixes, the baseline, and what was not analysed."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from shapelint.cli import main

BROKEN = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        out = self.fc(x)


Net()(torch.randn(4, 8))
"""
WRONG = "import torch\nfrom torch import nn\n\nnn.Linear(16, 2)(torch.randn(4, 8))\n"
LOST = """\
import torch
from torch import nn
from elsewhere import helper


class Net(nn.Module):
    def forward(self, x):
        return helper(x)


Net()(torch.randn(4, 8))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.shapelint]\n")
    (tmp_path / "net.py").write_text(BROKEN)
    (tmp_path / "wrong.py").write_text(WRONG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_text_says_how_many_can_be_fixed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "."]) == 1
    assert capsys.readouterr().out.endswith(
        "Found 2 errors in 2 files.\n1 can be fixed with --fix, 1 more with --unsafe-fixes.\n"
    )


def test_diff_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--diff", "."]) == 1
    done = capsys.readouterr()
    assert "+        return out\n" in done.out
    assert "Linear(8" not in done.out.replace(" ", "").replace("nn.Linear(8,2)", "")
    assert done.err == "shapelint: 1 problem would be fixed in 1 file\n"
    assert (project / "net.py").read_text() == BROKEN
    (project / "net.py").unlink()
    assert main(["check", "--diff", "."]) == 0
    assert capsys.readouterr().out == ""


def test_fix_mends_what_is_safe(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--fix", "--output-format", "json", "."]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [d["rule"] for d in report["diagnostics"]] == ["linear-size-mismatch"]
    (edit,) = report["diagnostics"][0]["fix"]["edits"]
    assert (edit["line"], edit["column"], edit["end_column"], edit["text"]) == (4, 11, 13, "8")
    assert (project / "net.py").read_text() == BROKEN.replace(
        "self.fc(x)\n", "self.fc(x)\n        return out\n"
    )
    assert (project / "wrong.py").read_text() == WRONG


def test_unsafe_fixes_are_asked_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--fix", "--unsafe-fixes", "."]) == 0
    assert (project / "wrong.py").read_text() == WRONG.replace("16", "8")
    assert capsys.readouterr().err == "shapelint: 2 problems fixed in 2 files\n"


def test_stdin_is_mended_to_stdout(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BROKEN.encode())))
    assert main(["check", "--fix", "-"]) == 0
    assert capsys.readouterr().out == BROKEN.replace("self.fc(x)\n", "self.fc(x)\n        return out\n")


def test_a_baseline_silences_what_is_known(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", ".", "--baseline", "known.json", "--update-baseline"]) == 0
    written = (project / "known.json").read_text()
    assert [row["where"] for row in json.loads(written)["findings"]] == ["Net.forward", ""]
    assert main(["check", ".", "--baseline", "known.json"]) == 0
    capsys.readouterr()
    (project / "wrong.py").write_text("# moved\n\n" + WRONG)
    assert main(["check", ".", "--baseline", "known.json"]) == 0
    (project / "other.py").write_text(WRONG)
    capsys.readouterr()
    assert main(["check", ".", "--baseline", "known.json", "--output-format", "concise"]) == 1
    assert capsys.readouterr().out.startswith("other.py:4:1: SHP101")


def test_the_baseline_is_stable_and_keeps_other_files(project: Path) -> None:
    def update(*paths: str) -> str:
        assert main(["check", *paths, "--baseline", "known.json", "--update-baseline"]) == 0
        return (project / "known.json").read_text()

    first = update(".")
    assert update("wrong.py") == first
    assert update("net.py", "wrong.py") == first
    (project / "net.py").unlink()
    assert "net.py" not in update("wrong.py")


def test_stale_entries_are_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", ".", "--baseline", "known.json", "--update-baseline"])
    (project / "wrong.py").write_text(WRONG.replace("16", "8"))
    capsys.readouterr()
    assert main(["check", ".", "--baseline", "known.json"]) == 0
    assert "no longer found, but still in the baseline: wrong.py: SHP101" in capsys.readouterr().err
    assert main(["check", "net.py", "--baseline", "known.json"]) == 0
    assert "no longer found" not in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "findings": []}', '{"version": 1}', "\xff"])
def test_what_is_no_baseline_is_refused(project: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "known.json").write_bytes(text.encode("latin-1"))
    assert main(["check", ".", "--baseline", "known.json"]) == 2
    assert "known.json" in capsys.readouterr().err


def test_a_missing_baseline_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", ".", "--baseline", "known.json"]) == 2
    assert "--update-baseline writes it" in capsys.readouterr().err


def test_a_baseline_in_the_configuration(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.shapelint]\nbaseline = "known.json"\n')
    assert main(["check", ".", "--update-baseline"]) == 0
    assert main(["check", "."]) == 0
    assert main(["check", ".", "--isolated"]) == 1


def test_what_was_not_analysed_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "lost.py").write_text(LOST)
    assert main(["check", "lost.py"]) == 0
    out = capsys.readouterr().out
    assert "Not analysed: the output of 1 model in 1 file.\n" in out
    assert main(["check", "--why", "lost.py"]) == 0
    assert "lost.py:11: not analysed: the output of Net, because" in capsys.readouterr().out
    assert main(["check", "--output-format", "json", "lost.py"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["not_analysed"]
    assert (row["path"], row["line"], row["what"]) == ("lost.py", 11, "the output of Net")
    assert "elsewhere" in row["why"]


def test_nothing_is_said_where_all_was_analysed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "wrong.py"])
    assert "Not analysed" not in capsys.readouterr().out
    main(["check", "-q", "lost.py"])
    assert "Not analysed" not in capsys.readouterr().out


def test_statistics_and_exit_zero(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", ".", "--statistics", "--exit-zero"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1  SHP101  linear-size-mismatch\n1  SHP301  forward-returns-nothing\n")
    assert main(["check", ".", "--diff", "--exit-zero"]) == 0
    assert main(["check", ".", "--fix", "--exit-zero"]) == 0
    main(["check", ".", "--baseline", "known.json", "--update-baseline"])
    capsys.readouterr()
    assert main(["check", ".", "--statistics", "--baseline", "known.json", "-q"]) == 0
    assert capsys.readouterr().out == ""
