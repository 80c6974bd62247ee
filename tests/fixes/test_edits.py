"""Edits: the least that changes, line ends and encodings kept, overlaps seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapelint.engine.config import Settings
from shapelint.engine.fix import diff_of, fix_file, fix_paths, save
from shapelint.fixes.edits import apply, conflicts, moved, trimmed
from shapelint.report import Edit
from shapelint.source.text import read
from shapelint.values import Site

PROGRAM = (
    "import torch\nfrom torch import nn\nname = 'é'\n"
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 2)\n"
    "    def forward(self, x):\n        out = self.fc(x)\n\nNet()(torch.randn(4, 8))"
)


@pytest.mark.parametrize(
    ("old", "new", "edit"),
    [
        ("Linear(32 * 8 * 8, 4)", "Linear(32 * 56 * 56, 4)", Edit("a", 3, 17, 3, 22, "56 * 56")),
        ("F.dropout(x)", "F.dropout(x, p=1)", Edit("a", 3, 16, 3, 16, ", p=1")),
        ("f(\n  1,\n  18)", "f(\n  1,\n  19)", Edit("a", 5, 3, 5, 5, "19")),
        ("nn.Softmax(1)", "nn.LogSoftmax(1)", Edit("a", 3, 8, 3, 15, "LogSoftmax")),
    ],
)
def test_the_least_edit(old: str, new: str, edit: Edit) -> None:
    lines = old.split("\n")
    end = len(lines[-1]) + (5 if len(lines) == 1 else 1)
    assert trimmed(Site("a", 3, 5, 2 + len(lines), end), old, new) == edit
    text = f"1\n2\n----{old}\n"
    assert apply(text, [edit]) == f"1\n2\n----{new}\n"


def test_edits_are_applied_together() -> None:
    edits = [Edit("a", 2, 1, 2, 2, "B"), Edit("a", 1, 1, 1, 1, "x"), Edit("a", 1, 1, 1, 1, "x")]
    assert apply("a\r\nb\r\n", edits) == "xa\r\nB\r\n"
    with pytest.raises(ValueError, match="overlap"):
        apply("abc", [Edit("a", 1, 1, 1, 3, ""), Edit("a", 1, 2, 1, 3, "x")])


def test_the_same_edit_twice_is_no_conflict() -> None:
    one, other = Edit("a", 1, 1, 1, 3, "x"), Edit("a", 1, 2, 1, 4, "y")
    assert conflicts([one], [other])
    assert not conflicts([one], [one])
    assert not conflicts([one], [Edit("b", 1, 1, 1, 3, "y")])


def test_lines_move_with_what_is_inserted_above() -> None:
    where = moved([Edit("a", 3, 9, 3, 9, "first()\n        "), Edit("a", 7, 1, 9, 1, "")])
    assert [where(n) for n in (1, 2, 4, 6, 10)] == [1, 2, 5, 7, 9]


@pytest.mark.parametrize(
    ("newline", "encoding"),
    [("\n", "utf-8"), ("\r\n", "utf-8"), ("\r", "utf-8"), ("\r\n", "utf-8-sig"), ("\r\n", "latin-1")],
)
def test_a_file_keeps_its_line_ends_and_its_encoding(tmp_path: Path, newline: str, encoding: str) -> None:
    path = tmp_path / "net.py"
    text = PROGRAM if encoding != "latin-1" else "# -*- coding: latin-1 -*-\n" + PROGRAM
    path.write_bytes(text.replace("\n", newline).encode(encoding))
    (done,) = fix_paths([str(path)], Settings(), False)
    save(done)
    after = text.replace("self.fc(x)\n", "self.fc(x)\n        return out\n").replace("\n", newline)
    assert path.read_bytes() == after.encode(encoding)


def test_a_diff_can_be_read_by_patch(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(PROGRAM)
    diff = diff_of(fix_file(read(str(path)), Settings(), False))
    assert f"--- {path}\n+++ {path}\n@@ " in diff
    assert "+        return out\n" in diff
    assert diff.endswith("\n\\ No newline at end of file\n")
    assert path.read_text() == PROGRAM
