"""Models that hang, fork, crash, print, eat memory or lie: each is a verdict, and nothing of it is left behind."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from shapelint.confirm import census
from shapelint.confirm.sandbox import NoSandbox, environment, walls
from shapelint.engine import confirm
from tests.confirm.programs import SETTINGS, claim, options

pytest.importorskip("torch")

WRONG = """
import os, sys, time
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        {deed}
        return self.fc(x)

{before}
Net()(torch.randn(4, 7))
"""


def program(deed: str = "pass", before: str = "") -> str:
    return WRONG.format(deed=deed, before=before)


def run(folder: Path, source: str, seconds: float = 40, memory: int = 3 << 30) -> tuple[str | None, str]:
    """(verdict, note) of the claim that the layer's call raises."""
    path = folder / "program.py"
    path.write_text(source)
    line = 1 + source.splitlines().index("        return self.fc(x)")
    (found,) = confirm.of_file(
        str(path), [claim(path, "linear-size-mismatch", line)], SETTINGS, options(seconds, memory)
    )
    return found.verdict, found.verdict_note or ""


def test_what_is_confirmed_cites_torch(tmp_path: Path) -> None:
    verdict, note = run(tmp_path, program())
    assert (verdict, note) == (
        "confirmed",
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x7 and 8x2)",
    )


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        ("while True: time.sleep(0.01)", "stopped: its time was over"),
        ("os._exit(0)", "ended itself without a word: exit status 0"),
        ("import ctypes; ctypes.string_at(0)", "it crashed: SIGSEGV"),
        ("os.kill(os.getpid(), 9)", "it crashed: SIGKILL"),
        ("held = [bytearray(1 << 26) for _ in range(1000)]", "out of memory"),
        ("sys.exit(3)", "ended itself: exit status 3"),
    ],
    ids=["hangs", "leaves", "segfaults", "is killed", "eats memory", "exits"],
)
def test_it_does_not_come_back(tmp_path: Path, deed: str, why: str) -> None:
    verdict, note = run(tmp_path, program(deed), seconds=15, memory=1 << 30)
    assert verdict == "not-run"
    assert why in note


def test_it_cannot_be_stopped_from_within(tmp_path: Path) -> None:
    deed = "import signal; signal.setitimer(signal.ITIMER_REAL, 0); time.sleep(600)"
    started = time.monotonic()
    verdict, note = run(tmp_path, program(deed), seconds=10)
    assert verdict == "not-run"
    assert "time out: it had not ended after 10 s, while running the program" in note
    assert time.monotonic() - started < 40


def test_it_forks(tmp_path: Path) -> None:
    """A process that leaves the group and waits for its parent to be gone is found by its mark, and ended."""
    left = tmp_path / "left"
    deed = (
        f"pid, left = os.fork(), {str(left)!r}\n        if pid == 0:\n            os.setsid()\n            open(left + '.new', 'w').write("
        "str(os.getpid()))\n            os.rename(left + '.new', left)\n            time.sleep(600)\n        while not os.path.exists(left):"
        "\n            time.sleep(0.01)"
    )
    verdict, _ = run(tmp_path, program(deed))
    assert verdict == "confirmed"
    pid = int(left.read_text())
    for _ in range(100):  # it is told to end before the verdict; a busy machine takes its time over it
        if is_gone(pid):
            break
        time.sleep(0.1)
    assert is_gone(pid)


def is_gone(pid: int) -> bool:
    return not os.path.exists(f"/proc/{pid}") or census._state(pid) == "Z"


def test_it_starts_too_many_processes(tmp_path: Path) -> None:
    before = "pids = []\nfor _ in range(100):\n    pid = os.fork()\n    if pid == 0:\n        time.sleep(600)\ntime.sleep(600)"
    verdict, note = run(tmp_path, program("pass", before), seconds=30)
    assert verdict == "not-run"
    assert "it started more than 64 processes" in note


def test_it_prints(tmp_path: Path) -> None:
    verdict, _ = run(
        tmp_path, program("print('x' * (1 << 20), flush=True)", "sys.stderr.write('y' * (1 << 24))")
    )
    assert verdict == "confirmed"


def test_it_reads_what_nobody_types(tmp_path: Path) -> None:
    before = "try: input()\nexcept EOFError: pass\nelse: sys.exit(1)"
    assert run(tmp_path, program(before=before))[0] == "confirmed"


def test_it_floods_the_results(tmp_path: Path) -> None:
    before = (
        "for fd in range(3, 64):\n"
        "    try:\n"
        "        while os.write(fd, b'{\"kind\": 5}\\n[1]\\nnot json\\n' * 1000): pass\n"
        "    except OSError: pass\n"
    )
    verdict, note = run(tmp_path, program(before=before), seconds=30)
    assert verdict == "not-run"
    assert "it said more than results ever are" in note


def test_it_finds_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "secret")
    verdict, _ = run(tmp_path, program(before="if 'SOME_TOKEN' in os.environ: sys.exit(1)"))
    assert verdict == "confirmed"
    assert "SOME_TOKEN" not in environment("/scratch", "mark")
    assert environment("/scratch", "mark", cuda=False)["CUDA_VISIBLE_DEVICES"] == ""


def test_what_it_writes_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    verdict, _ = run(tmp_path, program(before="open('model.pt', 'w').write('x')"))
    assert verdict in ("confirmed", "not-run")  # behind walls, where it is, it cannot write
    assert not (tmp_path / "model.pt").exists()


def test_walls_are_probed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert walls("auto").bwrap is None
    with pytest.raises(NoSandbox, match="there is no bwrap on this machine"):
        walls("require")
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho no namespaces here >&2\nexit 1\n")
    broken.chmod(0o755)
    assert walls("auto").bwrap is None
    with pytest.raises(NoSandbox, match="bwrap does not work here: no namespaces here"):
        walls("require")
    broken.write_text("#!/bin/sh\nexit 0\n")
    made = walls("require")
    assert made.bwrap == str(broken)
    command = made.around(["python"], "/tmp/scratch", "/tmp/home/src")
    assert {"--unshare-net", "--unshare-pid", "--die-with-parent"} <= set(command)
    assert command[1:4] == ["--ro-bind", "/", "/"] and command[-2:] == ["--", "python"]
    assert [command[i + 1] for i, word in enumerate(command) if word == "--bind"] == ["/tmp/scratch"]
    assert "/tmp/home/src" in command
