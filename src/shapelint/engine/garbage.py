"""How often Python's garbage collector runs.

An analysis makes hundreds of thousands of objects that live to its end, and little that is circular: at the usual threshold of 700
a quarter of its time goes into looking through them again and again.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLD = 200_000  # new objects between two collections, some thirty megabytes


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Meanwhile garbage is collected, but seldom. A caller who has it collected more seldom still, or never, is left alone."""
    before = gc.get_threshold()
    if 0 < before[0] < THRESHOLD:
        gc.set_threshold(THRESHOLD, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
