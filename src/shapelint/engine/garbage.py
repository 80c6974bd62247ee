"""How often Python's garbage collector runs.

An analysis makes hundreds of thousands of objects that live to its end, and little that is circular: at the usual threshold of 700
a quarter of its time goes into looking through them again and again. What one analysis leaves is all young when the next begins:
then looking through the young alone frees it, which costs next to nothing and keeps the memory of a long run flat.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

THRESHOLD = (
    2_000_000  # new objects between two collections, at most some two hundred megabytes of them garbage
)


def collect_seldom() -> None:
    """From now on garbage is collected, but seldom. Where it is collected more seldom still, or never, it stays so."""
    before = gc.get_threshold()
    if 0 < before[0] < THRESHOLD:
        gc.set_threshold(THRESHOLD, *before[1:])


_left = False  # whether an analysis has left garbage behind
_kept: list[Callable[[], None]] = []


def before_the_next(let_go: Callable[[], None]) -> None:
    """Call this when the next analysis begins. What an analysis holds takes as long to take apart as a tenth of it took: a process
    that makes only one leaves that to the system."""
    _kept.append(let_go)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """For the length of an analysis, in a process that need not be ours: garbage is collected seldom, after that of the analysis
    before. A process that makes only one pays for none."""
    global _left
    while _kept:
        _kept.pop()()
    if _left:
        gc.collect(0)
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        _left = True


_SHARE = 20  # looking through everything that lives takes at most a twentieth of the time
_ended = _took = 0.0  # when that was last done, and how long it took, in CPU seconds


def collect_all(*, at_once: bool) -> bool:
    """Look through everything, unless that was done so lately that too much of the time would go into it. Whether it was done."""
    global _ended, _took
    began = time.process_time()
    if not at_once and began - _ended < _SHARE * _took:
        return False
    gc.collect()
    _ended = time.process_time()
    _took = _ended - began
    return True
