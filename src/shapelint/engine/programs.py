"""Programs that were lowered in this process, for whoever leads to the same file: as long as it is unchanged, and a bounded number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from shapelint import ir
from shapelint.engine.ir_cache import lowered
from shapelint.source.locate import Stamp, stamp_of
from shapelint.source.text import SourceFile, read

MOST_TEXT = 4_000_000
"""Characters of source whose programs are kept; a syntax tree takes a hundred bytes for each."""


class Held(NamedTuple):
    stamp: Stamp
    file: SourceFile
    program: ir.Program


_held: dict[str, Held] = {}
_text = 0  # characters of them all


def program_at(path: str) -> Held:
    """A file and its IR. Raises SourceProblem."""
    global _text
    stamp = stamp_of(path)
    held = _held.get(path)
    if held is None or held.stamp != stamp:
        release([path])
        file = read(path)
        held = Held(stamp, file, lowered(file))
        if _text > MOST_TEXT:
            forget()
        _held[path] = held
        _text += len(file.text)
    return held


def text_at(path: str) -> str:
    """A file's text. Raises SourceProblem."""
    held = _held.get(path)
    return read(path).text if held is None else held.file.text


def held_at(path: str) -> Held | None:
    """What is kept of a file, whether or not it still holds."""
    return _held.get(path)


def release(paths: Iterable[str]) -> None:
    """Keep these no longer."""
    global _text
    for path in paths:
        held = _held.pop(path, None)
        if held is not None:
            _text -= len(held.file.text)


def forget() -> None:
    global _text
    _held.clear()
    _text = 0
