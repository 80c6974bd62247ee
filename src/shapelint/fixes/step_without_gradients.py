"""`zero_grad()` moved before the backward, or `step()` behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.fixes.base import Found, newline_of
from shapelint.report import Edit
from shapelint.source.text import SourceFile

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    file = found.file(found.site.path)
    places = [step for step in found.diagnostic.trail if step.path == found.site.path]
    if file is None or len(places) != 2:
        return ()
    clears = next((p.line for p in places if ".zero_grad(" in file.line(p.line)), None)
    learns = next((p.line for p in places if ".backward(" in file.line(p.line)), None)
    steps = found.site.line
    if clears is None or learns is None:
        return ()
    indents = {_indent(file.line(line)) for line in (clears, learns, steps)}
    if len(indents) != 1 or any(
        not _alone(file.line(line), name)
        for line, name in ((clears, "zero_grad"), (learns, "backward"), (steps, "step"))
    ):
        return ()
    if learns < clears:  # cleared too late
        return _moved(file, clears, learns)
    return _moved(file, steps, learns + 1)


def _moved(file: SourceFile, line: int, before: int) -> Sequence[Edit]:
    """The edits that move a whole line."""
    if before > len(file.lines) or line >= len(file.lines):
        return ()
    text = file.line(line) + newline_of(file)
    return (Edit(file.path, line, 1, line + 1, 1, ""), Edit(file.path, before, 1, before, 1, text))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _alone(line: str, name: str) -> bool:
    """Whether a line is nothing but a call of this method."""
    return re.fullmatch(rf"\s*[\w.]+\.{name}\([^()#;]*\)\s*(#.*)?", line) is not None
