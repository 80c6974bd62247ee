"""Generated pages are as the code says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_rule_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True
    )
    assert done.stdout == ""


def test_the_coverage_page_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.coverage", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("", 0)
