"""Places in the user's own files, read off running frames: what a claim's place is compared with."""

from __future__ import annotations

import linecache
import os
import sys
from types import CodeType, FrameType, TracebackType
from typing import Any, NamedTuple

from shapelint.confirm.job import Claim

_HERE = os.path.dirname(os.path.abspath(__file__))


class Place(NamedTuple):
    """A span in a file: lines and columns from 1, the end exclusive; columns are 0 where they are not known."""

    path: str
    line: int
    column: int = 0
    end_line: int = 0
    end_column: int = 0


class Own:
    """Which files are the user's own: below `roots`, but neither installed packages nor this one."""

    def __init__(self, roots: tuple[str, ...]) -> None:
        self._roots = tuple(os.path.join(os.path.abspath(root), "") for root in roots)
        self._known: dict[str, bool] = {}

    def holds(self, path: str) -> bool:
        known = self._known.get(path)
        if known is None:
            inside = os.path.isabs(path) and path.startswith(self._roots)
            known = inside and "site-packages" not in path and not path.startswith(_HERE)
            self._known[path] = known
        return known

    def innermost(self, frame: FrameType | None) -> Place | None:
        """The place, in the user's own files, that is being executed."""
        while frame is not None:
            if self.holds(frame.f_code.co_filename):
                return place_of(frame.f_code, frame.f_lasti, frame.f_lineno)
            frame = frame.f_back
        return None

    def deepest(self, trace: TracebackType | None) -> tuple[FrameType, Place] | None:
        """Where an exception comes from, among the user's own files."""
        found = None
        while trace is not None:
            frame = trace.tb_frame
            if self.holds(frame.f_code.co_filename):
                found = frame, place_of(frame.f_code, trace.tb_lasti, trace.tb_lineno)
            trace = trace.tb_next
        return found


_tables: dict[CodeType, list[tuple[Any, ...]]] = {}


def place_of(code: CodeType, lasti: int, line: int | None) -> Place:
    """The place of one instruction; without columns before Python 3.11, and on lines that are not plain ASCII (Python counts
    bytes there)."""
    path = code.co_filename
    if sys.version_info < (3, 11) or lasti < 0:
        return Place(path, line or 0)
    table = _tables.get(code)
    if table is None:
        table = _tables[code] = list(code.co_positions())
    at = lasti // 2
    first, last, left, right = table[at] if at < len(table) else (None, None, None, None)
    if first is None or last is None or left is None or right is None:
        return Place(path, line or 0)
    if not linecache.getline(path, first).isascii():
        return Place(path, first)
    return Place(path, first, left + 1, last, right + 1)


def meets(claim: Claim, place: Place | None) -> bool:
    """Whether a place lies at the claim's: one holds the other."""
    if place is None or place.path != claim.path:
        return False
    if not place.column:
        return claim.line <= place.line <= max(claim.end_line, claim.line)
    ours = (claim.line, claim.column), (claim.end_line, claim.end_column)
    theirs = (place.line, place.column), (place.end_line, place.end_column)
    return (ours[0] <= theirs[0] and theirs[1] <= ours[1]) or (theirs[0] <= ours[0] and ours[1] <= theirs[1])


def holds_line(code: CodeType, claim: Claim) -> bool:
    """Whether a function's own lines hold the claim's."""
    if code.co_filename != claim.path:
        return False
    lines = [line for _, _, line in code.co_lines() if line]
    inner = [c for c in code.co_consts if isinstance(c, CodeType)]
    return code.co_firstlineno <= claim.line <= max([code.co_firstlineno, *lines]) or any(
        holds_line(c, claim) for c in inner
    )


def text_of(claim: Claim) -> str:
    """The source text at the claim's place (its first line)."""
    line = linecache.getline(claim.path, claim.line)
    end = claim.end_column - 1 if claim.end_line == claim.line else len(line)
    return line[claim.column - 1 : end].strip() or line.strip()
