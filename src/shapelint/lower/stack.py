"""Gives deep but honest code a large stack.

Lowering may be asked for by an interpreter that is itself deep in calls, and a thread may have half a MiB of stack.
Knows nothing of what it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

__all__ = ["with_room", "with_stack_for"]

_LARGE_STACK = 512 * 1024 * 1024  # reserved, not used, until it is needed
_LARGE_RECURSION = 50_000
_SAFE_NESTING = 60  # fits the half MiB that a thread may have

_T = TypeVar("_T")


def with_stack_for(nesting: int, work: Callable[[], _T]) -> _T:
    """Does the work here, or in a thread with a large stack when the nesting needs one."""
    return work() if nesting <= _SAFE_NESTING else _in_large_stack(work)


def with_room(work: Callable[[], _T]) -> _T:
    """Does the work here, and once more in a fresh large stack when this one was too full to hold it."""
    try:
        return work()
    except RecursionError:
        return _in_large_stack(work)


def _in_large_stack(work: Callable[[], _T]) -> _T:
    import threading  # deferred: hardly ever needed

    results: list[_T] = []
    problems: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as problem:  # carried over to the calling thread
            problems.append(problem)

    recursion, stack = sys.getrecursionlimit(), threading.stack_size()
    try:
        threading.stack_size(_LARGE_STACK)
        sys.setrecursionlimit(max(recursion, _LARGE_RECURSION))
        thread = threading.Thread(target=run, name="shapelint-deep", daemon=True)
        thread.start()
        threading.stack_size(stack)
        thread.join()
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(recursion)
    if problems:
        raise problems[0]
    return results[0]
