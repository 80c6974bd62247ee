"""What lowering one file needs to know everywhere: its text, and how the places of `ast` are told."""

from __future__ import annotations

from typing import Any

from shapelint.ir import Span
from shapelint.lower.private_names import holds_private_names
from shapelint.source.text import SourceFile

__all__ = ["AtOnePlace", "Context"]


class Context:
    """`ast` counts columns from 0 and in UTF-8 bytes, the IR from 1 and in code points."""

    __slots__ = ("ascii", "file", "private", "yield_lines")

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.ascii = file.is_ascii
        self.private = holds_private_names(file)
        self.yield_lines: tuple[int, ...] = ()
        if "yield" in file.text:
            self.yield_lines = tuple([n for n, line in enumerate(file.lines, 1) if "yield" in line])

    def span(self, a: Any) -> Span:
        """The span of an `ast` node."""
        if self.ascii:
            return (a.lineno, a.col_offset + 1, a.end_lineno, a.end_col_offset + 1)
        line, end_line = a.lineno, a.end_lineno
        return (line, self._column(line, a.col_offset), end_line, self._column(end_line, a.end_col_offset))

    def _column(self, line: int, offset: int) -> int:
        text = self.file.line(line)
        return offset + 1 if text.isascii() else len(text.encode()[:offset].decode(errors="replace")) + 1

    def offset(self, line: int, column: int) -> int:
        """The column as `ast` counts it."""
        return column - 1 if self.ascii else len(self.file.line(line)[: column - 1].encode())


class AtOnePlace(Context):
    """For nodes whose own place is not known: they all stand where what encloses them does."""

    __slots__ = ("at",)

    def __init__(self, cx: Context, at: Span) -> None:
        self.file, self.ascii, self.private = cx.file, cx.ascii, cx.private
        self.yield_lines = cx.yield_lines
        self.at = at

    def span(self, a: Any) -> Span:
        return self.at
