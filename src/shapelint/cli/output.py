"""Writing: to a terminal or a pipe, in colour or not, whatever the encoding, until the reader goes away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import IO

from shapelint.render.style import Style, safe

_SPELLED = str.maketrans(
    {"✗": "x", "×": "x", "…": "...", "→": "->", "─": "-", "–": "-", "—": "-", "\ufffd": "?"}
)


class OutputProblem(Exception):
    """The output could not be written: the disk is full, stdout is closed."""


def write(pieces: Iterable[str]) -> None:
    """To stdout, piece by piece. A closed pipe is a BrokenPipeError; any other trouble an OutputProblem."""
    out = sys.stdout
    if out is None:
        raise OutputProblem("stdout is closed")
    try:
        for piece in pieces:
            out.write(encodable(piece, out))
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise OutputProblem(problem.strerror or str(problem)) from None
    except ValueError as problem:  # I/O operation on closed file
        raise OutputProblem(str(problem)) from None


def say(text: str) -> None:
    """A line to stderr, for people."""
    err = sys.stderr
    if err is None:
        return
    try:
        err.write(encodable(f"shapelint: {safe(text)}\n", err))
        err.flush()
    except (OSError, ValueError):
        pass


def encodable(text: str, stream: IO[str]) -> str:
    """The text with what the stream's encoding lacks spelled out."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_SPELLED)
        text = text.encode(encoding, "backslashreplace").decode(encoding, "replace")
    except LookupError:
        pass
    return text


def silence() -> None:
    """Nothing more is written to stdout, so that closing it at exit cannot fail aloud."""
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
        os.close(sink)
    except (OSError, ValueError, AttributeError):
        pass


def style_for(wanted: str, stream: IO[str] | None) -> Style:
    """Colour or not: what was asked for, then NO_COLOR, FORCE_COLOR, TERM=dumb, then whether it is a terminal."""
    if wanted != "auto":
        return Style(wanted == "always")
    environment = os.environ
    if environment.get("NO_COLOR"):
        return Style(False)
    if environment.get("FORCE_COLOR", "0") not in ("", "0"):
        return Style(True)
    if environment.get("TERM") == "dumb":
        return Style(False)
    return Style(is_terminal(stream))


def is_terminal(stream: IO[str] | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def columns_of(stream: IO[str] | None, unseen: int) -> int:
    """The width to lay out for: COLUMNS, the terminal's, or `unseen` where there is no terminal."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return int(given)
    if stream is not None and is_terminal(stream):
        try:
            return os.get_terminal_size(stream.fileno()).columns or 80
        except (OSError, ValueError):
            return 80
    return unseen


class Progress:
    """A line on stderr while something runs, on a terminal that a person looks at, and gone afterwards."""

    def __init__(self, text: str, quiet: bool) -> None:
        watched = is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
        self._text = text if watched and not quiet and not _in_a_robot() else ""

    def __enter__(self) -> None:
        self._show(f"{self._text}\r")

    def __exit__(self, *_: object) -> None:
        self._show(" " * len(self._text) + "\r")

    def _show(self, text: str) -> None:
        if self._text:
            try:
                sys.stderr.write(text)
                sys.stderr.flush()
            except (OSError, ValueError):
                pass


def _in_a_robot() -> bool:
    return bool(os.environ.get("CI") or os.environ.get("PRE_COMMIT"))
