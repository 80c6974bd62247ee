"""Limits that the child sets on itself, once torch is loaded: address space, size of files, no core dumps."""

from __future__ import annotations

import contextlib

MAX_FILE = 1 << 30  # bytes of any one file that is written


def limit(address_space: int | None) -> None:
    """`address_space` counts from what is mapped already. Where the system knows no such limits there are none."""
    try:
        import resource
    except ImportError:
        return
    wanted = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, MAX_FILE)]
    if address_space is not None:
        wanted.append((resource.RLIMIT_AS, _mapped() + address_space))
    for kind, most in wanted:
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(kind)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, most))


def _mapped() -> int:
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 8 << 30
