"""A process that reads programs under limits: one request a line on stdin, one answer a line on stdout, both JSON.

A request names a program by source, seed and number, or gives its path and bytes; an answer tells what did not hold, the CPU
seconds of the check and the most memory so far. Each reading of a program has the whole time.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import resource
import signal
import sys
import time
from types import FrameType
from typing import Any

from tests.fuzz.examine import Problem, Seen, examine, thoroughness
from tests.fuzz.program import Program
from tests.fuzz.sources import make


class OutOfTime(BaseException):
    """A reading has had its CPU seconds. Nothing between here and there may take it for a trouble of its own."""


_expired = False


def _expire(number: int, frame: FrameType | None) -> None:
    global _expired
    _expired = True
    raise OutOfTime


def _limit_memory(most: int) -> None:
    """`most` MiB of address space on top of what there is now, and the large stack that deep code may get."""
    with contextlib.suppress(ValueError, OSError):
        held = 0
        with contextlib.suppress(OSError), open("/proc/self/statm") as stream:
            held = int(stream.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + (most + 1024) * 1024 * 1024, resource.RLIM_INFINITY))


def answer(request: dict[str, Any], seconds: float) -> dict[str, Any]:
    global _expired
    program: Program | None
    if "data" in request:
        program = Program(request["path"], base64.b64decode(request["data"]))
        thorough = frozenset(request["thorough"])
    else:
        program = make(request["source"], request["seed"], request["number"])
        thorough = thoroughness(request["number"])
    if program is None:
        return {"state": "none", "problems": [], "seconds": 0.0, "memory": 0}
    _expired = False
    began: dict[str, float] = {"": time.process_time()}

    def begin(what: str) -> None:
        began[what] = time.process_time()
        # A file that is mended is analysed some three times.
        signal.setitimer(signal.ITIMER_PROF, seconds * (3 if what == "fixed" else 1))

    try:
        seen = examine(program, thorough, begin)
    except OutOfTime:
        seen = Seen("read", [])
    except MemoryError as problem:
        seen = Seen("read", [Problem("memory", "", str(problem))])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    began["end"] = time.process_time()
    times = list(began.values())
    spent = times[min(2, len(times) - 1)] - times[0]
    problems = list(seen.problems)
    if _expired:
        last = list(began)[-2]
        problems = [Problem("timeout", last, f"{last} took more than {seconds:.0f} CPU seconds")]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "state": seen.state,
        "problems": [p._asdict() for p in problems],
        "thorough": sorted(thorough),
        "path": program.path,
        "bytes": len(program.data),
        "data": base64.b64encode(program.data).decode() if problems else None,
        "seconds": spent,
        "memory": memory,
    }


def main() -> None:
    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is printed by mistake is no answer
    signal.signal(signal.SIGPROF, _expire)
    _limit_memory(memory)
    for line in sys.stdin:
        json.dump(answer(json.loads(line), seconds), out)
        out.write("\n")
        out.flush()


if __name__ == "__main__":
    main()
