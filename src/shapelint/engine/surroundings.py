"""Where a run stands: the folder that relative paths start from, and where imports are looked for.

A worker that takes over a part of a run takes these over too, so that it finds what the run itself would have found.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_taken_over: tuple[str, ...] | None = None


def search_path() -> tuple[str, ...]:
    """The directories in which imports are looked for behind the project's own."""
    return tuple(sys.path) if _taken_over is None else _taken_over


@contextmanager
def standing(folder: str, path: Sequence[str]) -> Iterator[None]:
    """Stand in `folder` and look for imports along `path`, for a while. Raises OSError where there is no such folder."""
    global _taken_over
    before, here = _taken_over, os.getcwd()
    if here != folder:
        os.chdir(folder)
    _taken_over = tuple(path)
    try:
        yield
    finally:
        _taken_over = before
        if here != folder:
            os.chdir(here)
