"""The baseline: what a finding is known by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from shapelint.engine.baseline import keys, load, save, unknown, updated
from shapelint.report import Diagnostic

TEXT = "import torch\n\n\nclass Net:\n    x = 1\n\n    def forward(self):\n        def inner():\n            pass\n        return 1\n"
D = Diagnostic("SHP101", "linear-size-mismatch", "error", "net.py", 9, 1, 9, 2, "4 is\nnot 5 in line 12")


def test_by_path_code_scope_and_message(tmp_path: Path) -> None:
    path = tmp_path / "src" / "net.py"
    path.parent.mkdir()
    path.write_text(TEXT)
    found = [replace(D, path=str(path), line=line) for line in (1, 5, 7, 9, 10)]
    made = keys(found, str(tmp_path / "known.json"))
    assert [k.where for k in made] == ["", "Net", "Net.forward", "Net.forward.inner", "Net.forward"]
    assert {(k.path, k.code, k.message) for k in made} == {("src/net.py", "SHP101", "4 is not 5 in line …")}


def test_as_often_as_it_was_known(tmp_path: Path) -> None:
    path, known = str(tmp_path / "net.py"), str(tmp_path / "known.json")
    (tmp_path / "net.py").write_text(TEXT)
    d = replace(D, path=path)
    save(known, updated([d, d], known, [path]))
    assert sum(load(known).values()) == 2
    new, stale = unknown([d, d, d], known, [path])
    assert (len(new), stale) == (1, [])
    new, stale = unknown([d], known, [path])
    assert (new, len(stale)) == ([], 1)


def test_an_empty_baseline_can_be_read(tmp_path: Path) -> None:
    known = str(tmp_path / "known.json")
    save(known, updated([], known, []))
    assert not load(known)
