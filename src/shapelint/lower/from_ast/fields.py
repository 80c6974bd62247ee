"""Where the replacement fields of an f-string stand in the text.

`ast` before Python 3.12 misplaces what stands inside an f-string, and no version tells `{x!r}` from `{x=}` or gives the
pieces of a concatenation a place. So the text is read once more, for its places only: what the literal parts and the
expressions are, `ast` knows. Strings inside a field may repeat the quotes outside it, as they may since Python 3.12.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from shapelint.ir import Span
from shapelint.patterns import regex

__all__ = ["Field", "Spec", "Unreadable", "fields_of"]


class Unreadable(Exception):
    """The text is not spelled as an f-string is thought to be."""


class Spec(NamedTuple):
    """A format specification: its span, and the fields inside it."""

    at: Span
    fields: list[Field]


class Field(NamedTuple):
    """`at` takes in the braces, `value_at` the expression with its parentheses."""

    at: Span
    value_at: Span
    value: str
    conversion: str | None
    spec: Spec | None
    debug: str | None  # all before the value in f"{x=}", with the "="


_SPACE = regex(r"(?:[ \t\f\n]|\\\n|#[^\n]*)*")
_OPENING = regex(r"((?i:r?[fbt]|[fbt]r|[ru])?)(\"\"\"|'''|\"|')")
_WORD = regex(r"\w+")
_COMPARISON = regex(r"[=!<>]=")


@cache
def _to_the_end(quote: str) -> re.Pattern[str]:
    """The rest of a string that has no fields, with its closing quote."""
    return re.compile(rf"(?:\\.|(?!{quote}).)*{quote}", re.DOTALL)


@cache
def _to_a_brace(quote: str, raw: bool) -> re.Pattern[str]:
    """Literal text up to a brace or the closing quote. No backslash escapes a brace, but one of a name is no field's."""
    name = "" if raw else r"\\N\{[^}]*\}|"
    return re.compile(rf"(?:{name}\\[^{{}}]|(?!{quote})[^{{}}\\]|\\(?=[{{}}]))*", re.DOTALL)


def fields_of(text: str, at: Span) -> list[Field]:
    """The fields of a string, or of several in a row, whose text stands at a place. Raises Unreadable."""
    reader = _Reader(text, at)
    found: list[Field] = []
    place = 0
    while place < len(text):
        place = _SPACE.match(text, place).end()  # type: ignore[union-attr]
        if place < len(text):
            place = reader.string(place, found)
    return found


class _Reader:
    """Reads forwards; the last place that was asked for is kept, as counting lines from the start is quadratic."""

    __slots__ = ("column", "counted", "line", "text")

    def __init__(self, text: str, at: Span) -> None:
        self.text = text
        self.line, self.column = at[:2]
        self.counted = 0

    def place(self, at: int) -> tuple[int, int]:
        """The line and column of an offset, not before the last one asked for."""
        newlines = self.text.count("\n", self.counted, at)
        if newlines:
            self.line += newlines
            self.column = at - self.text.rfind("\n", self.counted, at)
        else:
            self.column += at - self.counted
        self.counted = at
        return self.line, self.column

    def string(self, at: int, found: list[Field] | None) -> int:
        """The end of the string that begins there. Its fields are noted in `found`, or skipped without one."""
        opening = _OPENING.match(self.text, at)
        if opening is None:
            raise Unreadable
        prefix, quote = opening[1].lower(), opening[2]
        if "f" not in prefix and "t" not in prefix:
            closing = _to_the_end(quote).match(self.text, opening.end())
            if closing is None:
                raise Unreadable
            return closing.end()
        end = self.parts(opening.end(), quote, "r" in prefix, False, found)
        return end + len(quote)

    def parts(self, at: int, quote: str, raw: bool, in_spec: bool, found: list[Field] | None) -> int:
        """Reads literal text and fields up to the closing quote, or in a specification to the closing brace."""
        text = self.text
        literal = _to_a_brace(quote, raw)
        while True:
            at = literal.match(text, at).end()  # type: ignore[union-attr]
            if text.startswith(quote, at):
                return at
            if at >= len(text):
                raise Unreadable
            if text[at] == "}" and in_spec:
                return at
            if not in_spec and text[at : at + 2] in ("{{", "}}"):
                at += 2
            elif text[at] == "{":
                at = self.field(at, quote, raw, found)
            else:
                raise Unreadable

    def field(self, at: int, quote: str, raw: bool, found: list[Field] | None) -> int:
        """Reads one field from its brace to behind the other."""
        text = self.text
        opened = self.place(at) if found is not None else (0, 0)
        start = _SPACE.match(text, at + 1).end()  # type: ignore[union-attr]
        end, place = self.expression(start)
        value_from = self.place(start) if found is not None else opened
        value_to = self.place(end) if found is not None else opened
        debug = conversion = spec = None
        if text.startswith("=", place):
            place = _SPACE.match(text, place + 1).end()  # type: ignore[union-attr]
            debug = text[at + 1 : place]
        if text.startswith("!", place):
            word = _WORD.match(text, place + 1)
            if word is None:
                raise Unreadable
            conversion = word[0]
            place = _SPACE.match(text, word.end()).end()  # type: ignore[union-attr]
        if text.startswith(":", place):
            inner: list[Field] | None = None if found is None else []
            spec_from = self.place(place + 1) if found is not None else opened
            place = self.parts(place + 1, quote, raw, True, inner)
            if inner is not None:
                spec = Spec((*spec_from, *self.place(place)), inner)
        if not text.startswith("}", place):
            raise Unreadable
        if found is not None:
            span = (*opened, *self.place(place + 1))
            value = text[start:end]
            found.append(Field(span, (*value_from, *value_to), value, conversion, spec, debug))
        return place + 1

    def expression(self, at: int) -> tuple[int, int]:
        """Where the expression ends that begins there, and where that goes on which follows it."""
        text = self.text
        depth = 0
        end = at
        while at < len(text):
            character = text[at]
            if character in "\"'":
                at = end = self.string(at, None)
            elif character.isalnum() or character == "_":
                opening = _OPENING.match(text, at)
                at = end = self.string(at, None) if opening else _WORD.match(text, at).end()  # type: ignore[union-attr]
            elif character in "([{":
                depth += 1
                at = end = at + 1
            elif depth and character in ")]}":
                depth -= 1
                at = end = at + 1
            elif character in " \t\f\n\\#":
                at = max(at + 1, _SPACE.match(text, at).end())  # type: ignore[union-attr]
            elif not depth and (found := _COMPARISON.match(text, at)):
                at = end = found.end()
            elif not depth and character in "=!:}":
                return end, at
            else:
                at = end = at + 1
        raise Unreadable
