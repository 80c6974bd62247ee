"""Where Python keeps the frames of the calls in progress.

It takes memory for them in pieces of 16 KiB, and gives a piece back as soon as its first frame is left. An interpreter that works
at some depth goes back and forth over the end of a piece thousands of times, each time with two calls of the system and fresh
pages: a tenth of the time of a check of one file. A frame that is larger than a piece gets one of its own size, rounded up, and
what remains of that holds all the frames above it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")

# A little more than half of 2 MiB, in pointers: a MiB remains, for some five thousand frames. What is not used costs nothing.
_SLOTS = (1 << 17) + 32


def in_one_piece(work: Callable[_P, _R]) -> Callable[_P, _R]:
    """The same function, called by a frame so large that all frames above it lie in one piece of memory with it."""

    def call(*given: _P.args, **named: _P.kwargs) -> _R:
        return work(*given, **named)

    if sys.implementation.name == "cpython":
        call.__code__ = call.__code__.replace(co_stacksize=_SLOTS)
    return wraps(work)(call)
