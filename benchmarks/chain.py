"""What a command would take on a machine with a free processor for each of its processes: the CPU seconds along its longest chain,
from the process that was started to a child, to that one's child. For machines that are too busy for the clock to mean anything.

Linux only: processes are watched in /proc.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from benchmarks.measure import BenchmarkProblem, Contender, environment

_TICK = os.sysconf("SC_CLK_TCK")
_EVERY = 0.05  # seconds


def chain_of(contender: Contender) -> float:
    """CPU seconds along the longest chain of processes. Raises BenchmarkProblem."""
    if not os.path.isdir("/proc/self"):
        raise BenchmarkProblem("there is no /proc here to watch processes in")
    running = subprocess.Popen(
        contender.command,
        cwd=contender.folder,
        env={**environment(contender.ours), **(contender.environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    while running.poll() is None:
        _look(running.pid, parents, spent)
        time.sleep(_EVERY)
    if running.returncode not in contender.good:
        raise BenchmarkProblem(f"{contender.name} ended with {running.returncode}")
    return _longest(running.pid, parents, spent)


def _look(root: int, parents: dict[int, int], spent: dict[int, float]) -> None:
    """Take down the CPU seconds of a process and of all below it."""
    seen: dict[int, tuple[int, float]] = {}
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            seen[int(name)] = int(fields[1]), (int(fields[11]) + int(fields[12])) / _TICK
    below = {root}
    while more := {pid for pid, (parent, _) in seen.items() if parent in below and pid not in below}:
        below |= more
    for pid in below & seen.keys():
        parents[pid], spent[pid] = seen[pid]


def _longest(pid: int, parents: dict[int, int], spent: dict[int, float]) -> float:
    below = [_longest(child, parents, spent) for child, parent in parents.items() if parent == pid]
    return spent.get(pid, 0.0) + max(below, default=0.0)
