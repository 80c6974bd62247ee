"""What a command costs: CPU seconds (of all its processes), wall-clock seconds, and the most memory one of them held.

POSIX only. Processes that outlive the command are waited for and counted too, where the system lets us (Linux).
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TIMEOUT = 3600  # seconds, of one command


class BenchmarkProblem(Exception):
    """Something cannot be measured, and why."""


@dataclass(frozen=True)
class Contender:
    """A command that is measured. `good` are the exit statuses with which it has done its work."""

    name: str
    command: tuple[str, ...]
    folder: Path | None = None
    environment: Mapping[str, str] | None = None
    good: tuple[int, ...] = (0,)
    ours: bool = True  # False: without PYTHONPATH, in an environment of its own


@dataclass(frozen=True)
class Cost:
    """CPU and wall-clock seconds, bytes of memory."""

    cpu: float
    wall: float
    memory: int


def cost_of(contender: Contender) -> Cost:
    """One run. Raises BenchmarkProblem where the command fails."""
    _adopt_orphans()
    log = Path(os.environ.get("TMPDIR", "/tmp")) / f"benchmark-{os.getpid()}.log"
    with log.open("wb") as sink:
        started = time.perf_counter()
        process = subprocess.Popen(
            contender.command,
            cwd=contender.folder,
            env={**environment(contender.ours), **(contender.environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = code = os.waitstatus_to_exitcode(status)
    said = log.read_bytes()[-2000:].decode(errors="replace")
    log.unlink()
    if code not in contender.good:
        raise BenchmarkProblem(f"{contender.name} ended with {code}: {said}")
    cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
    for other in _orphans():
        cpu += other.ru_utime + other.ru_stime
        memory = max(memory, other.ru_maxrss)
    return Cost(cpu, wall, memory * (1 if sys.platform == "darwin" else 1024))


def compared(contenders: Sequence[Contender], repeat: int, *, warm_up: bool = True) -> dict[str, Cost]:
    """The medians of several runs, taken in turn, so that what the machine does meanwhile meets all alike."""
    costs: dict[str, list[Cost]] = {c.name: [] for c in contenders}
    for turn in range(-1 if warm_up else 0, repeat):
        for contender in contenders:
            cost = cost_of(contender)
            if turn >= 0:  # before that, compiled modules are written and files come into memory
                costs[contender.name].append(cost)
            print(f"  {contender.name}: {cost.cpu:.2f} s", file=sys.stderr, flush=True)
    return {name: median_of(found) for name, found in costs.items()}


def median_of(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(c.cpu for c in costs), median(c.wall for c in costs), int(median(c.memory for c in costs))
    )


def environment(ours: bool = True) -> dict[str, str]:
    """The environment of what is measured: without what would make it slower than it is for a user."""
    left_out = ["PYTHONDONTWRITEBYTECODE", "PYTHONSTARTUP", "SHAPELINT_NO_CACHE", "SHAPELINT_CACHE_DIR"]
    left_out += [] if ours else ["PYTHONPATH"]
    return {name: value for name, value in os.environ.items() if name not in left_out}


def _adopt_orphans() -> None:
    """From now on, processes whose parent has ended become ours (Linux's PR_SET_CHILD_SUBREAPER)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)


def _orphans() -> list[os.struct_rusage]:  # type: ignore[name-defined]
    found = []
    while True:
        try:
            found.append(os.wait4(-1, 0)[2])
        except ChildProcessError:
            return found
