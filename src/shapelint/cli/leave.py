"""How the process ends: at once, where nothing else is at work in it.

Python takes apart every object before it ends, which after an analysis is a fifth of all the time, and gives nothing back
that the system does not take back anyway.
"""

from __future__ import annotations

import sys
from typing import NoReturn


def leave(status: int) -> NoReturn:
    """End the process with this status. Needs the output to be flushed, but for what a handler of `atexit` still writes."""
    if _others_work() or _is_watched():
        sys.exit(status)
    import atexit
    import os

    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except (OSError, ValueError):
                sys.exit(status)
    os._exit(status)


def _others_work() -> bool:
    threading = sys.modules.get("threading")
    return "multiprocessing" in sys.modules or (threading is not None and threading.active_count() > 1)


def _is_watched() -> bool:
    """Whether a debugger, a profiler or a measure of coverage has something to say at the end."""
    monitoring = getattr(sys, "monitoring", None)  # since Python 3.12
    return (
        sys.gettrace() is not None
        or sys.getprofile() is not None
        or (monitoring is not None and any(map(monitoring.get_tool, range(6))))
    )
