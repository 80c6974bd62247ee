"""One child process: started apart, watched, and ended as a whole; what it says comes over a pipe of its own.

The child runs code that nobody vouches for. It has no standard input, its output goes nowhere, its environment holds only
what Python and torch need, it leads a process group of its own, and it is ended when it takes too long, takes too much
memory, starts too many processes or says too much. However it ends is an `Outcome`, never an exception.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

from shapelint.confirm import census
from shapelint.confirm.sandbox import Walls, environment
from shapelint.records import dataclass, field

MAX_SAID = 32 << 20  # bytes of results
MAX_PROCESSES = 64
_LOOK = 0.1  # seconds between two looks at the child


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds of wall time, and bytes of memory of the child and everything it starts."""

    seconds: float = 60.0
    memory: int = 4 << 30


@dataclass(slots=True)
class Outcome:
    """How a child ended: `end` is a clause for people, `finished` whether it came to its own end, `said` its messages."""

    end: str = ""
    finished: bool = False
    said: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0


_BOOT = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; sys.path.insert(0, {home!r}); "
    "from shapelint.confirm.child.main import main; main({arguments})"
)


def run(job: str, limits: Limits, walls: Walls, python: str | None = None, cuda: bool = True) -> Outcome:
    """Have a child do a job (its JSON), and wait for its end. Raises OSError where it cannot even be started."""
    home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    outcome = Outcome()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shapelint-", ignore_cleanup_errors=True) as scratch:
        path = os.path.join(scratch, "job.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(job)
        reading, writing = os.pipe()
        mark = census.new_mark()
        command = [python or sys.executable, "-c", _BOOT.format(home=home, arguments=f"{path!r}, {writing}")]
        try:
            child = subprocess.Popen(
                walls.around(command, scratch, home),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment(scratch, mark, cuda),
                cwd=walls.folder(scratch),
                pass_fds=(writing,),
                start_new_session=True,
                close_fds=True,
            )
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        try:
            _watch(child, reading, limits, outcome, mark, started)
        finally:
            os.close(reading)
            _end(child, mark)
    outcome.seconds = time.monotonic() - started
    return outcome


def _watch(
    child: subprocess.Popen[bytes], reading: int, limits: Limits, outcome: Outcome, mark: str, started: float
) -> None:
    """Read what the child says until it is done, is gone, or goes too far."""
    os.set_blocking(reading, False)
    lines = _Lines(outcome)
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        while True:
            gone = child.poll() is not None
            open_ = _drain(selector, reading, lines, 0 if gone else _LOOK)
            if outcome.finished:
                return
            if lines.total > MAX_SAID:
                outcome.end = "it said more than results ever are"
                return
            if gone or not open_:
                outcome.end = _how_it_ended(child)
                return
            if time.monotonic() - started > limits.seconds:
                outcome.end = f"time out: it had not ended after {limits.seconds:g} s"
                return
            count, held = census.of(child.pid, mark, limits.memory)
            if count > MAX_PROCESSES:
                outcome.end = f"it started more than {MAX_PROCESSES} processes"
                return
            if held > limits.memory:
                outcome.end = f"out of memory: it took more than {limits.memory >> 20:,} MiB"
                return


class _Lines:
    """Messages, one JSON object a line; what is none is passed over, since the program may write to the pipe too."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.rest = b""
        self.total = 0

    def take(self, piece: bytes) -> None:
        self.total += len(piece)
        *whole, self.rest = (self.rest + piece).split(b"\n")
        for line in whole:
            if not line.startswith(b"{"):
                continue  # no message of ours: seen without asking the parser, for a program may write millions of them
            try:
                message = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if not isinstance(message, dict):
                continue
            if message.get("kind") == "end":
                self.outcome.finished = True
                self.outcome.end = str(message.get("how", ""))[:500]
            else:
                self.outcome.said.append(message)


def _drain(selector: selectors.BaseSelector, reading: int, lines: _Lines, wait: float) -> bool:
    """Take what there is to read; whether the other end is still open."""
    if not selector.select(wait):
        return True
    for _ in range(64):
        try:
            piece = os.read(reading, 1 << 16)
        except BlockingIOError:
            return True
        if not piece:
            return False
        lines.take(piece)
    return True


def _how_it_ended(child: subprocess.Popen[bytes]) -> str:
    try:
        status = child.wait(1.0)
    except subprocess.TimeoutExpired:
        return "it closed its results and went on"
    if status < 0 or status > 128:
        number = -status if status < 0 else status - 128
        try:
            name = signal.Signals(number).name
        except ValueError:
            name = f"signal {number}"
        return f"it crashed: {name}"
    return f"it ended itself without a word: exit status {status}"


def _end(child: subprocess.Popen[bytes], mark: str) -> None:
    """End the whole group, and whatever has left it."""
    for _ in range(5):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        left = census.marked(mark)
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(1.0)
        if not left:
            return


Runner = Callable[[str, Limits, Walls], Outcome]


def said(outcome: Outcome, kind: str) -> Sequence[dict[str, Any]]:
    """The messages of one kind."""
    return [m for m in outcome.said if m.get("kind") == kind]
