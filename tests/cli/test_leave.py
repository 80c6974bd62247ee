"""The process ends at once, yet all that was to be said and done has been."""

from __future__ import annotations

import subprocess
import sys

import pytest

LEAVES = """
import atexit, sys
{setup}
from shapelint.cli.leave import leave
atexit.register(lambda: print("at exit"))
print("said" * 50_000)
try:
    leave({status})
except SystemExit:
    print("as Python does")
    raise
"""


def ended(setup: str = "", status: int = 0) -> tuple[int, list[str]]:
    code = LEAVES.format(setup=setup, status=status)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "said" * 50_000
    return done.returncode, lines[1:]


@pytest.mark.parametrize("status", [0, 1, 2, 130])
def test_what_was_said_is_written_before_the_end(status: int) -> None:
    assert ended(status=status) == (status, ["at exit"])


@pytest.mark.parametrize(
    "setup",
    [
        "import multiprocessing",
        "import threading; threading.Thread(target=__import__('time').sleep, args=(0.2,)).start()",
        "sys.setprofile(lambda *about: None)",
        "sys.settrace(lambda *about: None)",
    ],
)
def test_where_others_are_at_work_it_ends_as_python_does(setup: str) -> None:
    assert ended(setup, 1) == (1, ["as Python does", "at exit"])
