"""Colour, or none: the few ANSI codes that the text formats use, and what of a text is safe to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapelint.patterns import regex

if TYPE_CHECKING:
    from shapelint.report import Severity

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_LEVELS: dict[Severity, str] = {"error": "red", "warning": "yellow", "info": "cyan"}


class Style:
    """How text is painted. `colour` is decided once, by the command line."""

    __slots__ = ("colour",)

    def __init__(self, colour: bool = False) -> None:
        self.colour = colour

    def paint(self, text: str, *names: str) -> str:
        if not self.colour or not text:
            return text
        return f"\x1b[{';'.join(_CODES[n] for n in names)}m{text}\x1b[0m"

    def level(self, text: str, severity: Severity) -> str:
        return self.paint(text, "bold", _LEVELS[severity])


PLAIN = Style()

# Control and format characters that could move the cursor, recolour, or turn the reading direction of a terminal.
_UNSAFE = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """A line of foreign text with nothing in it that a terminal obeys; no line breaks."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\n", " ").replace("\t", " "))


def width(text: str) -> int:
    """The terminal cells that a text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(c) for c in text)


def _cells(char: str) -> int:
    import unicodedata

    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
