"""The command in hostile surroundings: interrupted, in a folder that is gone, its files mended by halves, its output refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SRC = str(Path(__file__).parents[2] / "src")
NET = "import torch\nfrom torch import nn\nnn.Linear(3, 4)(torch.zeros(2, 5))\n"
SLOW = "import torch\ndef f(k): return f(k - 1) + f(k - 2) if k > 1 else 1\nf({})\n"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and folders")


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": SRC, "SHAPELINT_CACHE_DIR": str(folder / "cache")}


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "shapelint", *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def goes_on(group: int) -> bool:
    """Whether a process of the group is at work. One that has ended counts in the group until somebody has asked how."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    if sys.platform != "linux":
        return True
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = status.read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(of) == group and state not in "ZX":
            return True
    return False


def left_behind(folder: Path) -> list[Path]:
    """What is half-written has a name of its own."""
    return [p for p in folder.rglob(".*") if p.name.startswith((".new-", ".shapelint-"))]


@pytest.mark.parametrize(
    "arguments", [["--jobs", "1"], ["--jobs", "2"], ["--jobs", "1", "--fix", "--unsafe-fixes"]]
)
def test_an_interrupt_ends_the_run_at_once(tmp_path: Path, arguments: list[str]) -> None:
    for i in range(40):
        (tmp_path / f"slow{i:02}.py").write_text(SLOW.format(60 + i))
    (tmp_path / "a.py").write_text(NET)
    process = start(tmp_path, "check", "--output-format", "concise", *arguments, ".")
    time.sleep(2.5)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "") and "Traceback" not in err
    assert (tmp_path / "a.py").read_text() == NET
    assert left_behind(tmp_path) == []
    for _ in range(100):
        if not goes_on(process.pid):
            break
        time.sleep(0.1)
    else:
        pytest.fail("processes of the run go on")


def test_after_an_interrupt_the_answer_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(NET)
    (tmp_path / "slow.py").write_text(SLOW.format(60))
    process = start(tmp_path, "check", ".")
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    done = start(tmp_path, "check", "--output-format", "concise", "a.py")
    out, _ = done.communicate(timeout=60)
    assert out.startswith("a.py:3:1: SHP101 ") and done.returncode == 1


def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    (tmp_path / "a.py").write_text(NET)
    command = f"rmdir ../gone && {sys.executable} -m shapelint check {tmp_path}/a.py"
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path / "gone", env=environment(tmp_path), capture_output=True, text=True, timeout=60
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        2,
        "shapelint: the working directory is gone; change to one that exists\n",
    )


def test_a_pipe_that_a_shell_hands_over(tmp_path: Path) -> None:
    command = f"printf '{NET.encode('unicode_escape').decode()}' | {sys.executable} -m shapelint check --output-format concise /dev/stdin"
    done = subprocess.run(
        ["sh", "-c", command], env=environment(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert done.stdout.startswith("/dev/stdin:3:1: SHP101 ") and done.returncode == 1


def test_a_pipe_that_nobody_writes_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    done = start(tmp_path, "check", "pipe.py")
    _, err = done.communicate(timeout=60)
    assert done.returncode == 2
    assert (
        err
        == "shapelint: pipe.py: is a pipe, a socket or a device, not a file; name a file, or - for stdin\n"
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_not_be_mended(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(NET)
    tmp_path.chmod(0o500)
    try:
        done = start(tmp_path, "check", "--fix", "--unsafe-fixes", "a.py")
        _, err = done.communicate(timeout=60)
    finally:
        tmp_path.chmod(0o700)
    assert done.returncode == 2 and "ermission denied" in err and (tmp_path / "a.py").read_text() == NET
