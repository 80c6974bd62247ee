"""What stands between the child and the machine: a clean environment always, and `bwrap` where it exists and works.

With bwrap the file system is read-only but for a scratch folder, and there is no network and no other process to be seen.
Without it the child is an ordinary process in a scratch folder of its own: it can do what the user can.
"""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys

from shapelint.confirm.census import VARIABLE
from shapelint.confirm.job import Sandbox
from shapelint.records import dataclass


class NoSandbox(Exception):
    """A sandbox is required, and there is none; the message says why."""


@dataclass(frozen=True, slots=True)
class Walls:
    """`bwrap` is the program's path, None where the child runs without. `gpu` lets the devices through; `shown` are folders
    that the child must see even where they lie in one that is hidden from it."""

    bwrap: str | None = None
    gpu: bool = False
    shown: tuple[str, ...] = ()

    def around(self, command: list[str], scratch: str, home: str) -> list[str]:
        """The command as it is started."""
        if self.bwrap is None:
            return command
        devices = ["--dev-bind", "/dev", "/dev"] if self.gpu else ["--dev", "/dev"]
        return [
            self.bwrap, "--ro-bind", "/", "/", *devices, "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/run",
            "--bind", scratch, scratch, *self._shown(scratch, home), "--unshare-pid", "--unshare-net", "--unshare-ipc",
            "--die-with-parent", "--chdir", self.folder(scratch), "--", *command,
        ]  # fmt: skip

    def folder(self, scratch: str) -> str:
        """Where the child starts: with walls, where the user is (it cannot write there); else in the scratch folder."""
        return os.getcwd() if self.bwrap is not None else scratch

    def _shown(self, scratch: str, home: str) -> list[str]:
        seen: list[str] = []
        for path in dict.fromkeys((home, self.folder(scratch), sys.prefix, *self.shown)):
            if path.startswith(("/tmp/", "/run/")) and path != scratch:
                seen += ["--ro-bind", path, path]
        return seen


def walls(wanted: Sandbox, gpu: bool = False) -> Walls:
    """The walls there can be. Raises NoSandbox where they are required and cannot."""
    if wanted == "none":
        return Walls()
    found = shutil.which("bwrap")
    why = "there is no bwrap on this machine" if found is None else _probe(found)
    if why is None:
        return Walls(found, gpu)
    if wanted == "require":
        raise NoSandbox(f"--sandbox=require: {why}")
    return Walls()


def _probe(bwrap: str) -> str | None:
    """Why bwrap does not work here (it needs user namespaces, which may be forbidden); None when it does."""
    command = [bwrap, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-pid", "--unshare-net", "--", "true"]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return f"bwrap does not start: {problem}"
    if done.returncode == 0:
        return None
    said = " ".join(done.stderr.split())[:200]
    return f"bwrap does not work here: {said or f'exit status {done.returncode}'}"


# What Python, torch and CUDA need to be found and to run; nothing else of the user's environment is handed on.
_KEPT = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "CUDA_HOME", "CUDA_PATH", "CUDA_VISIBLE_DEVICES",
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "SYSTEMROOT",
)  # fmt: skip


def environment(scratch: str, mark: str, cuda: bool = True) -> dict[str, str]:
    """The child's environment: no tokens, no home, nothing that would be downloaded or compiled."""
    made = {name: os.environ[name] for name in _KEPT if name in os.environ}
    made |= {
        "HOME": scratch,
        "TMPDIR": scratch,
        "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "MPLBACKEND": "Agg",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "WANDB_MODE": "disabled",
        "TORCHDYNAMO_DISABLE": "1",
        VARIABLE: mark,
    }
    if not cuda:
        made["CUDA_VISIBLE_DEVICES"] = ""
    return made
