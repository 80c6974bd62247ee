"""Which files are taken, and what is said of those that are not."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from shapelint.engine.config import Settings
from shapelint.engine.files import discover
from shapelint.report import Failure

TREE = (
    "b.py", "a.py", "notes.txt", "pkg/z.py", "pkg/sub/deep.py", "pkg.py", ".hidden/x.py", "__pycache__/c.py",
    "build/made.py", "env/pyvenv.cfg", "env/lib/x.py", "node_modules/x/y.py", ".dot.py", "docs/readme.md",
)  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in TREE:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*paths: str, settings: Settings | None = None) -> list[str]:
    files, failures = discover(paths, settings or Settings())
    assert failures == []
    return [f.replace(os.sep, "/") for f in files]


def test_a_folder_is_walked_in_order(tree: Path) -> None:
    assert found(".") == [".dot.py", "a.py", "b.py", "pkg.py", "pkg/z.py", "pkg/sub/deep.py"]
    assert found("pkg", "./a.py", "a.py", "pkg/z.py") == ["pkg/z.py", "pkg/sub/deep.py", "a.py"]


def test_what_is_named_is_taken(tree: Path) -> None:
    assert found("notes.txt", "build/made.py", ".hidden/x.py") == [
        "notes.txt",
        "build/made.py",
        ".hidden/x.py",
    ]
    assert found("build", ".hidden", "env") == ["build/made.py", ".hidden/x.py", "env/lib/x.py"]


def test_exclusion(tree: Path) -> None:
    settings = Settings(project_root=str(tree), extend_exclude=("pkg/sub", "b*"))
    assert found(".", settings=settings) == [".dot.py", "a.py", "pkg.py", "pkg/z.py"]
    forced = replace(settings, force_exclude=True)
    assert found("b.py", "a.py", "pkg/sub/deep.py", "build", settings=forced) == ["a.py"]
    assert found("b.py", settings=settings) == ["b.py"]
    assert "build/made.py" in found(".", settings=Settings(exclude=()))


def test_a_project_in_a_folder_of_an_excluded_name(tree: Path) -> None:
    (tree / "build" / "sub" / "dist").mkdir(parents=True)
    (tree / "build" / "sub" / "x.py").touch()
    (tree / "build" / "sub" / "dist" / "y.py").touch()
    assert found(str(tree / "build"), settings=Settings(project_root="/elsewhere")) == [
        str(tree / "build" / "made.py"),
        str(tree / "build" / "sub" / "x.py"),
    ]


def test_what_is_not_there(tree: Path) -> None:
    files, failures = discover(["none.py", "docs", "a.py", "x\0y", "a.py/b"], Settings())
    assert files == ["a.py"]
    assert failures[:2] == [
        Failure("none.py", "no such file or folder"),
        Failure("docs", "no Python files under docs"),
    ]
    assert [f.path for f in failures[2:]] == ["x\0y", "a.py/b"] and all(f.message for f in failures)
    _, failures = discover(["build"], Settings(project_root=str(tree), extend_exclude=("*.py",)))
    assert failures == [Failure("build", "no Python files under build (all are excluded)")]


@pytest.mark.skipif(os.name == "nt", reason="needs links and devices")
def test_links_and_devices(tree: Path) -> None:
    os.symlink(tree, tree / "pkg" / "loop")
    os.symlink("missing", tree / "pkg" / "dangling.py")
    os.symlink(tree / "a.py", tree / "pkg" / "linked.py")
    os.mkfifo(tree / "pkg" / "pipe.py")
    assert found("pkg") == ["pkg/linked.py", "pkg/z.py", "pkg/sub/deep.py"]
    assert discover(["/dev/zero"], Settings())[1] == [Failure("/dev/zero", "not a regular file")]
    os.symlink("self.py", tree / "self.py")
    files, failures = discover(["self.py"], Settings())
    assert not files and len(failures) == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read(tree: Path) -> None:
    (tree / "pkg").chmod(0)
    try:
        assert discover(["."], Settings())[1] == [Failure("pkg", "permission denied")]
    finally:
        (tree / "pkg").chmod(0o755)
