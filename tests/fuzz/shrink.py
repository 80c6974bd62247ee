"""A program that fails is made shorter, by lines, for as long as it fails in the same way."""

from __future__ import annotations

import time
from collections.abc import Callable


def shrunk(data: bytes, fails: Callable[[bytes], bool], seconds: float = 60.0) -> bytes:
    """The shortest program found in time of which `fails` still holds: pieces of lines are left out, ever smaller ones."""
    until = time.monotonic() + seconds
    lines = data.splitlines(keepends=True)
    size = max(len(lines) // 2, 1)
    while time.monotonic() < until:
        at, before = 0, len(lines)
        while at < len(lines) and time.monotonic() < until:
            shorter = lines[:at] + lines[at + size :]
            if fails(b"".join(shorter)):
                lines = shorter
            else:
                at += size
        if size == 1 and len(lines) == before:
            break
        size = max(size // 2, 1)
    return b"".join(lines)
