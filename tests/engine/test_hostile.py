"""Hostile surroundings: files that are no files, that change and vanish; disks that are full; clocks that stand still. There is an
answer or a reason, and never an answer of another time."""

from __future__ import annotations

import errno
import os
import socket
import stat
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

from shapelint.engine import reader, results, store
from shapelint.engine.check import check_paths
from shapelint.engine.config import Settings
from shapelint.engine.files import discover
from shapelint.engine.fix import Fixed, save
from shapelint.report import CheckReport
from shapelint.source.text import SourceProblem, from_text, read

NET = """import torch
from torch import nn
from size import N
nn.Linear(3, 4)(torch.zeros(2, N))
"""
posix = pytest.mark.skipif(os.name == "nt", reason="needs pipes, sockets and links")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    (folder / "net.py").write_text(NET)
    (folder / "size.py").write_text("N = 5\n")
    monkeypatch.chdir(folder)
    return folder


def check(project: Path, *paths: str, cache: str | None = "../cache") -> CheckReport:
    settings = Settings(project_root=str(project), cache_dir=cache, cache=cache is not None)
    return check_paths(paths or ["net.py"], settings)


def codes(report: CheckReport) -> list[str]:
    assert not report.failures, report.failures
    return [d.code for d in report.diagnostics]


# ---- what is no file


@posix
def test_pipes_sockets_and_devices_are_not_waited_for(project: Path) -> None:
    os.mkfifo(project / "pipe.py")
    line = socket.socket(socket.AF_UNIX)
    line.bind("sock.py")
    os.symlink("/dev/zero", project / "zero.py")
    (project / "folder.py").mkdir()
    assert discover(["."], Settings(project_root=str(project)))[0] == ["net.py", "size.py"]
    for name in ("pipe.py", "sock.py", "zero.py"):
        report = check(project, name)
        assert [f.path for f in report.failures] == [name] and "not" in report.failures[0].message
        with pytest.raises(SourceProblem, match="pipe, a socket or a device"):
            read(name)
    line.close()


@posix
@pytest.mark.parametrize("importing", ["from size import N", "from size import *", "import size; N = size.N"])
def test_a_module_that_is_a_pipe_is_not_waited_for(project: Path, importing: str) -> None:
    (project / "size.py").unlink()
    os.mkfifo(project / "size.py")
    (project / "net.py").write_text(NET.replace("from size import N", importing))
    assert codes(check(project)) == []
    assert codes(check(project)) == []


@posix
def test_links_that_lead_nowhere_and_round_and_round(project: Path) -> None:
    os.symlink("nothing.py", project / "broken.py")
    os.symlink("round.py", project / "round.py")
    os.symlink(".", project / "again")
    (project / "pkg").mkdir()
    os.symlink("../pkg", project / "pkg" / "inner")
    files, failures = discover(["."], Settings(project_root=str(project)))
    assert files == ["net.py", "size.py"] and {f.path for f in failures} <= {"round.py", "broken.py"}
    for name in ("broken.py", "round.py"):
        assert [f.path for f in check(project, name).failures] == [name]


@posix
def test_a_file_reached_by_two_paths_is_told_of_once(project: Path) -> None:
    os.symlink("net.py", project / "twin.py")
    assert codes(check(project, "net.py", "./net.py", str(project / "net.py"))) == ["SHP101"]
    assert codes(check(project, ".")) == ["SHP101"]


@posix
def test_names_that_are_not_utf8_and_very_long_paths(project: Path) -> None:
    odd = os.fsdecode(b"n\xff.py")
    try:
        (project / odd).write_text(NET)
    except OSError:
        pytest.skip("this file system wants UTF-8")
    assert [(d.code, d.path) for d in check(project, odd).diagnostics] == [("SHP101", odd)]
    deep = project
    for _ in range(16):
        deep = deep / ("d" * 200)
    deep.mkdir(parents=True)
    (deep / "net.py").write_text(NET.replace("from size import N", "N = 5"))
    assert codes(check(project, str(deep))) == ["SHP101"]
    assert check(project, "x" * 5_000 + ".py").failures[0].message


def test_what_is_too_large_is_said_before_it_is_read(project: Path) -> None:
    with open("large.py", "wb") as stream:
        stream.truncate(10**9)
    started = time.process_time()
    assert "too large" in check(project, "large.py").failures[0].message
    assert time.process_time() - started < 1
    (project / "nul.py").write_bytes(b"import torch\nx = '\0'\n")
    (failure,) = check(project, "nul.py").failures
    assert failure.line == 2 and "NUL" in failure.message


# ---- what changes and vanishes


def test_a_file_that_vanishes_after_it_was_listed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shapelint.engine.check as checking

    def listing(*args: Any) -> Any:
        found = discover(*args)
        (project / "net.py").unlink()
        return found

    monkeypatch.setattr(checking, "discover", listing)
    report = check(project, ".")
    assert [(f.path, "no such file" in f.message) for f in report.failures] == [("net.py", True)]


def set_back(path: Path, to: os.stat_result) -> None:
    os.utime(path, ns=(to.st_atime_ns, to.st_mtime_ns))


def test_a_module_written_again_with_the_same_size_and_time(project: Path) -> None:
    size = project / "size.py"
    for text in ("N = 5\n", "N = 3\n", "N = 5\n"):
        before = size.stat()
        size.write_text(text)
        set_back(size, before)
        assert codes(check(project)) == ([] if "3" in text else ["SHP101"])


def test_and_long_after_it_was_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "_RECENT", -(10**12))  # as if all had been written long ago
    assert codes(check(project)) == ["SHP101"]
    before = (project / "size.py").stat()
    (project / "size.py").write_text("N = 3\n")
    set_back(project / "size.py", before)
    assert codes(check(project)) == []


def test_a_module_written_within_the_tick_in_which_it_was_read(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its stamp is the same; what was found is of the text that is gone, and is not kept."""
    monkeypatch.setattr(store, "_directory", None)
    first = codes(check(project))
    reader.forget()
    keep = results.keep

    def late() -> None:
        (project / "size.py").write_text("N = 3\n")
        keep()

    stamps = {str(p): results.stamp_of(str(p)) for p in (project, project / "size.py")}
    for module in (results, reader, reader.programs):
        real = module.stamp_of
        monkeypatch.setattr(module, "stamp_of", lambda path, real=real: stamps.get(path) or real(path))
    monkeypatch.setattr(results, "keep", late)
    assert codes(check(project)) == first == ["SHP101"]
    monkeypatch.undo()
    os.chdir(project)
    reader.forget()
    assert codes(check(project)) == []


def test_a_module_that_appears_hides_and_goes(project: Path) -> None:
    (project / "size.py").rename(project / "kept.txt")
    assert codes(check(project)) == []
    (project / "kept.txt").rename(project / "size.py")
    assert codes(check(project)) == ["SHP101"]
    (project / "size").mkdir()
    (project / "size" / "__init__.py").write_text("N = 3\n")
    assert codes(check(project)) == []
    (project / "size" / "__init__.py").unlink()
    (project / "size").rmdir()
    assert codes(check(project)) == ["SHP101"]


# ---- caches


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_a_cache_that_cannot_be_written(project: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(*args: Any, **keywords: Any) -> Any:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", full)
    for _ in range(2):
        report = check(project)
        assert codes(report) == ["SHP101"]
        assert len(report.notes) == (1 if number == errno.ENOSPC else 0)
        assert all("No space left" in note for note in report.notes)
    assert [p for p in Path("../cache").rglob("*") if p.is_file()] == []


def test_an_interrupt_while_the_cache_is_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        check(project)
    assert [p for p in Path("../cache").rglob("*") if p.is_file()] == []
    monkeypatch.undo()
    os.chdir(project)
    assert codes(check(project)) == ["SHP101"]


def test_a_cache_that_is_a_file(project: Path) -> None:
    Path("../cache").write_text("mine")
    for _ in range(2):
        assert codes(check(project)) == ["SHP101"]
    assert Path("../cache").read_text() == "mine"


@pytest.mark.parametrize("content", [b"", b"\0" * 40, b"shapelint-1\n", b"shapelint-9\n" + b"x" * 90])
def test_entries_that_were_truncated_or_are_of_others(project: Path, content: bytes) -> None:
    assert codes(check(project)) == ["SHP101"]
    for path in Path("../cache").rglob("*"):
        if path.is_file():
            path.write_bytes(content)
    assert codes(check(project)) == ["SHP101"]
    assert codes(check(project)) == ["SHP101"]


def test_an_entry_that_is_a_folder(project: Path) -> None:
    assert codes(check(project)) == ["SHP101"]
    for path in sorted(Path("../cache").rglob("*")):
        if path.is_file():
            path.unlink()
            path.mkdir()
    assert codes(check(project)) == ["SHP101"]


# ---- mending


def fixed(path: Path, text: str) -> Fixed:
    return Fixed(read(str(path)), text)


@posix
def test_a_mended_file_keeps_its_rights_and_its_link(project: Path) -> None:
    net = project / "net.py"
    net.chmod(0o750)
    os.symlink("net.py", project / "twin.py")
    save(fixed(project / "twin.py", "x = 1\n"))
    assert (project / "twin.py").is_symlink() and net.read_text() == "x = 1\n"
    assert stat.S_IMODE(net.stat().st_mode) == 0o750


@pytest.mark.parametrize("trouble", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_file_is_mended_whole_or_not_at_all(
    project: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    def fails(*args: Any) -> None:
        raise trouble

    monkeypatch.setattr(os, "fsync", fails)
    before = sorted(os.listdir())
    with pytest.raises(type(trouble)):
        save(fixed(project / "net.py", "x = 1\n"))
    assert (project / "net.py").read_text() == NET and sorted(os.listdir()) == before


# ---- large trees


def test_looking_for_files_takes_time_by_their_number() -> None:
    """A hundredth of a large tree; ten times as many folders take ten times as long, not a hundred times."""

    def seconds(folders: int) -> float:
        with tempfile.TemporaryDirectory() as root:
            for i in range(folders):
                os.makedirs(f"{root}/p{i % 10}/q{i}")
                for j in range(10):
                    open(f"{root}/p{i % 10}/q{i}/m{j}.py", "w").close()
            best = 1e9
            for _ in range(3):
                started = time.process_time()
                assert len(discover([root], Settings(project_root=root))[0]) == folders * 10
                best = min(best, time.process_time() - started)
            return best

    few, many = seconds(20), seconds(200)
    assert many < 30 * few + 0.05


def test_text_given_by_hand_needs_no_disk() -> None:
    assert from_text("nowhere/at/all.py", "x = 1\n").text == "x = 1\n"
