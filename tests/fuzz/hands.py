"""Worker processes, each on one program at a time, ended and started anew when one hangs or dies."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_WALL = 12.0  # wall seconds to a CPU second: the machine may have other things to do
_READINGS = 9  # of one program at most, each of which has the whole time
_SPARE = 5.0  # CPU seconds that a worker has to say itself that it took too long
_FRESH = 20_000  # programs that one process reads: whether memory stays flat is to be seen


class Hand:
    """One worker process. `ask` answers even when it hangs or is killed."""

    def __init__(self, seconds: float, memory: int) -> None:
        self.seconds, self.memory = seconds, memory
        self.process: subprocess.Popen[bytes] | None = None
        self.asked = 0

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        process = self._process()
        assert process.stdin is not None
        self.asked += 1
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            line = self._line(process)
        except BrokenPipeError:
            line = b""
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        self.close()
        how = "timeout" if line is None else "died"
        text = "it hangs" if line is None else f"the process ended with {process.returncode}"
        problem = {"kind": how, "key": "", "text": text}
        return {
            "state": "read",
            "problems": [problem],
            "thorough": [],
            "path": "",
            "bytes": 0,
            "data": None,
            "seconds": 0.0,
            "memory": 0,
        }

    def _line(self, process: subprocess.Popen[bytes]) -> bytes | None:
        """The answer; b"" when the process has died, None when none comes."""
        assert process.stdout is not None
        until = time.monotonic() + self.seconds * _WALL
        while time.monotonic() < until:
            if select.select([process.stdout], [], [], 1.0)[0]:
                return process.stdout.readline()
            if _cpu_seconds(process.pid) - self.started > self.seconds * _READINGS + _SPARE:
                return None
        return None

    def _process(self) -> subprocess.Popen[bytes]:
        if self.process is not None and self.asked >= _FRESH:
            self.close()
        if self.process is None:
            command = [sys.executable, "-m", "tests.fuzz.worker", str(self.seconds), str(self.memory)]
            self.process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.asked = 0
        self.started = _cpu_seconds(self.process.pid)
        return self.process

    def close(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()
            self.process = None


def _cpu_seconds(pid: int) -> float:
    try:
        with open(f"/proc/{pid}/stat") as stream:
            fields = stream.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0


def all_asked(
    requests: Iterable[dict[str, Any]],
    jobs: int,
    seconds: float,
    memory: int,
    take: Callable[[dict[str, Any], dict[str, Any]], bool],
) -> None:
    """Every request to some worker; `take` gets (request, answer), one at a time, and says whether to go on."""
    waiting = iter(requests)
    lock = threading.Lock()
    done = threading.Event()
    troubles: queue.Queue[BaseException] = queue.Queue()

    def work() -> None:
        hand = Hand(seconds, memory)
        try:
            while not done.is_set():
                with lock:
                    request = next(waiting, None)
                if request is None:
                    return
                found = hand.ask(request)
                with lock:
                    if not take(request, found):
                        done.set()
        except BaseException as problem:
            troubles.put(problem)
            done.set()
        finally:
            hand.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)
    except KeyboardInterrupt:
        done.set()
        for thread in threads:
            thread.join(seconds)
    if not troubles.empty():
        raise troubles.get()
