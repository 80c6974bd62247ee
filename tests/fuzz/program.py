"""One program to be read: where it would stand, its bytes, and who made it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Program:
    """`path` is a file that exists where imports are to be looked for around it; `data` need not be what lies there."""

    path: str
    data: bytes


# What opens the gate for a file that does not mention torch: analysis is skipped for those otherwise.
OPENING = b"\n# torch\n"
