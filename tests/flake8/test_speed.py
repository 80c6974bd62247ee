"""Importing shapelint or its flake8 plugin is nearly free, for every editor does it on every save."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SRC = str(Path(__file__).parents[2] / "src")


def test_what_an_import_brings_in() -> None:
    source = (
        "import sys; before = set(sys.modules)\n"
        "import shapelint, shapelint.flake8\n"
        "print(*sorted(set(sys.modules) - before), sep=chr(10))"
    )
    done = subprocess.run(
        [sys.executable, "-c", source],
        env={**os.environ, "PYTHONPATH": SRC},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["__future__", "shapelint", "shapelint.flake8"]
