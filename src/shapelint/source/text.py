"""A file's text: how bytes become characters, lines and spelled snippets.

Knows encodings and line ends, and says in words why a file cannot be read. Knows nothing of Python's grammar.
"""

from __future__ import annotations

import codecs
import io
import os
import stat
import tokenize

from shapelint.ir import Span
from shapelint.patterns import regex

__all__ = ["MAX_BYTES", "MAX_LINES", "SourceFile", "SourceProblem", "from_text", "read"]

# A tree of ordinary code, where libcst must read it, costs 3 microseconds and 0.4 KiB a byte: six seconds, 700 MiB. Hand-written
# files stay far below; what is larger is generated data. (Denser code is refused by the number of its nodes.)
MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 60_000

# Python's line ends and no others: str.splitlines also splits at form feeds, U+2028 and more.
_LINE_END = regex(r"\r\n|\r|\n")

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class SourceProblem(Exception):
    """Why a file cannot be read or parsed, with the remedy in the message."""

    def __init__(self, path: str, message: str, line: int | None = None) -> None:
        super().__init__(path, message, line)
        self.path = path
        self.message = message
        self.line = line

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


class SourceFile:
    """A decoded file. `path` is what the user is shown; `text` keeps the line ends as they were, without a BOM."""

    __slots__ = ("_lines", "encoding", "is_ascii", "path", "text")

    def __init__(self, path: str, text: str, encoding: str = "utf-8") -> None:
        self.path = path
        self.text = text
        self.encoding = encoding  # what to write the file back with; "utf-8-sig" when it had a BOM
        self.is_ascii = text.isascii()
        self._lines: list[str] | None = None

    @property
    def lines(self) -> list[str]:
        """The lines without their ends; the first is lines[0]."""
        if self._lines is None:
            self._lines = self.text.split("\n") if "\r" not in self.text else _LINE_END.split(self.text)
        return self._lines

    def line(self, number: int) -> str:
        """The line of that number, from 1; empty when there is none."""
        lines = self.lines
        return lines[number - 1] if 1 <= number <= len(lines) else ""

    def snippet(self, span: Span) -> str:
        """The text of a span as spelled; lines joined by a newline."""
        line, column, end_line, end_column = span
        if line == end_line:
            return self.line(line)[column - 1 : end_column - 1]
        middle = self.lines[line : end_line - 1]
        return "\n".join([self.line(line)[column - 1 :], *middle, self.line(end_line)[: end_column - 1]])

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r}, {len(self.lines)} lines)"


def read(path: str) -> SourceFile:
    """The file at `path`, decoded as Python would; raises SourceProblem."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode) and not _is_stream(path):
            raise SourceProblem(
                path, "is a pipe, a socket or a device, not a file; name a file, or - for stdin"
            )
        if found.st_size > MAX_BYTES:
            raise _too_large(path, f"{found.st_size:,} bytes")
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SourceProblem(path, "no such file; check the spelling and the working directory") from None
    except IsADirectoryError:
        raise SourceProblem(path, "is a directory; name a file inside it") from None
    except PermissionError:
        if os.path.isdir(path):  # what Windows says of a directory
            raise SourceProblem(path, "is a directory; name a file inside it") from None
        raise SourceProblem(path, "may not be read; check its permissions") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise SourceProblem(path, f"cannot be read: {reason}") from None
    return from_bytes(path, data)


def _is_stream(path: str) -> bool:
    """Whether a path stands for what a shell hands over, `<(command)`: its other end is open. Any other pipe may never be
    written to, and who opens it waits."""
    return path.startswith(("/dev/fd/", "/dev/stdin", "/proc/self/fd/"))


def from_bytes(path: str, data: bytes) -> SourceFile:
    """A file from its bytes: BOM and coding cookie (PEP 263) as Python reads them."""
    if len(data) > MAX_BYTES:
        raise _too_large(path, f"more than {MAX_BYTES:,} bytes")
    if data.startswith(_WIDE_MARKS):
        raise SourceProblem(path, "is UTF-16, which Python does not read; save it as UTF-8", 1)
    _refuse_binary(path, data.find(b"\0"), data.count(b"\n", 0, max(data.find(b"\0"), 0)) + 1)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as problem:
        if "unknown encoding" not in str(problem):
            _refuse_not_utf8(path, data)
        raise SourceProblem(path, f"{problem}; declare a known one or save it as UTF-8", 1) from None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        if encoding.startswith("utf-8"):
            _refuse_not_utf8(path, data)
        line = data.count(b"\n", 0, problem.start) + 1
        raise SourceProblem(
            path,
            f"is not {encoding} as it declares: byte 0x{data[problem.start]:02x} at offset {problem.start}",
            line,
        ) from None
    except (UnicodeError, LookupError, ValueError) as problem:
        raise SourceProblem(
            path, f"declares the encoding {encoding}, which cannot be used: {problem}", 1
        ) from None
    return from_text(path, text, encoding)


def from_text(path: str, text: str, encoding: str = "utf-8") -> SourceFile:
    """A file from its text, such as an unsaved buffer; raises SourceProblem when it cannot be source."""
    if text.startswith("\ufeff"):
        text, encoding = text[1:], "utf-8-sig"
    if len(text) > MAX_BYTES:
        raise _too_large(path, f"{len(text):,} characters")
    newlines = text.count("\n") or text.count("\r")
    if newlines > MAX_LINES:
        raise _too_large(path, f"{newlines:,} lines")
    _refuse_binary(path, text.find("\0"), text.count("\n", 0, max(text.find("\0"), 0)) + 1)
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError as problem:
        line = text.count("\n", 0, problem.start) + 1
        raise SourceProblem(
            path, "holds a lone surrogate, which no encoding can write; remove it", line
        ) from None
    return SourceFile(path, text, encoding)


def _too_large(path: str, size: str) -> SourceProblem:
    limit = f"{MAX_BYTES // (1024 * 1024)} MiB or {MAX_LINES:,} lines"
    return SourceProblem(
        path, f"is too large to analyse ({size}; the limit is {limit}); exclude it or split it"
    )


def _refuse_binary(path: str, offset: int, line: int) -> None:
    if offset >= 0:
        raise SourceProblem(
            path, f"is binary, not Python source (a NUL at offset {offset}); exclude it", line
        )


def _refuse_not_utf8(path: str, data: bytes) -> None:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        # An "-sig" decoder counts from behind the BOM.
        start = problem.start + (3 if data.startswith(codecs.BOM_UTF8) and problem.object is not data else 0)
        line = data.count(b"\n", 0, start) + 1
        byte = data[start] if start < len(data) else 0
        raise SourceProblem(
            path,
            f"is not UTF-8: byte 0x{byte:02x} at offset {start}; save it as UTF-8 or declare its encoding "
            "(# -*- coding: … -*-) in the first line",
            line,
        ) from None
