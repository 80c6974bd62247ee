"""Text to dim: integers, names, + - * // % **, min, max and parentheses, with Python's precedence.

A parser of its own, because the text comes from comments and options: nothing is evaluated, and depth and
size are bounded.  What the names mean is the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from shapelint.dims.extremes import maximum, minimum
from shapelint.dims.form import MAX_DEGREE, Dim
from shapelint.patterns import regex

MAX_LENGTH = 20_000
MAX_NESTING = 50
MAX_BITS = 4096

# A name may be a path (`self.width`): dots belong to it, operators never do.
_TOKEN = regex(
    r"\s*(?:(?P<number>\d+)|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"|(?P<mark>//|\*\*|[-+*%(),])|(?P<bad>\S))"
)


def parse(text: str, symbols: Mapping[str, Dim] | Callable[[str], Dim]) -> Dim:
    """The dim that `text` spells; ValueError, with the position, when it spells none."""
    return _Parser(text, symbols).whole()


class _Parser:
    def __init__(self, text: str, symbols: Mapping[str, Dim] | Callable[[str], Dim]) -> None:
        self.text = text
        self.symbols = symbols
        self.nesting = 0
        self.tokens: list[tuple[str, str, int]] = []
        if len(text) > MAX_LENGTH:
            raise ValueError(f"a size of {len(text)} characters is not read (at position 0)")
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or "bad"
            at = match.start(kind)
            if kind == "bad":
                self.fail(f"{match[kind]!r} is not expected", at)
            if kind == "number" and len(match[kind]) > 1000:
                self.fail("the number is too large", at)
            self.tokens.append((kind, match[kind], at))
        self.tokens.append(("end", "", len(text)))
        self.next = 0

    def fail(self, why: str, at: int | None = None) -> NoReturn:
        position = self.tokens[self.next][2] if at is None else at
        raise ValueError(f"{why} at position {position} of {self.text[:80]!r}")

    def whole(self) -> Dim:
        result = self.sum()
        if self.tokens[self.next][0] != "end":
            self.fail(f"{self.tokens[self.next][1]!r} is not expected")
        return result

    def take(self, *marks: str) -> str | None:
        kind, word, _ = self.tokens[self.next]
        if kind == "mark" and word in marks:
            self.next += 1
            return word
        return None

    def sum(self) -> Dim:
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            self.fail("nested too deeply")
        result = self.term()
        while mark := self.take("+", "-"):
            right = self.term()
            result = result + right if mark == "+" else result - right
        self.nesting -= 1
        return result

    def term(self) -> Dim:
        result = self.signed()
        while mark := self.take("*", "//", "%"):
            at = self.tokens[self.next][2]
            right = self.signed()
            if mark == "*":
                result = result * right
                self.bounded(result, at)
            elif isinstance(right, int) and right == 0:
                self.fail("division by zero", at)
            else:
                result = result // right if mark == "//" else result % right
        return result

    def signed(self) -> Dim:
        sign = 1
        while mark := self.take("+", "-"):
            sign = -sign if mark == "-" else sign
        return sign * self.power()

    def power(self) -> Dim:
        base = self.operand()
        if not self.take("**"):
            return base
        at = self.tokens[self.next][2]
        # Right to left, and the sign belongs to the exponent: 2**-1 is refused rather than misread.
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            self.fail("nested too deeply")
        exponent = self.signed()
        self.nesting -= 1
        if not isinstance(exponent, int) or not 0 <= exponent <= MAX_DEGREE:
            self.fail(f"an exponent is a number from 0 to {MAX_DEGREE}", at)
        if isinstance(base, int) and base.bit_length() * exponent > MAX_BITS:
            self.fail("the number is too large", at)
        result: Dim = base**exponent
        return result

    def bounded(self, dim: Dim, at: int) -> None:
        if isinstance(dim, int) and dim.bit_length() > 2 * MAX_BITS:
            self.fail("the number is too large", at)

    def operand(self) -> Dim:
        kind, word, at = self.tokens[self.next]
        if kind == "number":
            self.next += 1
            return int(word)
        if kind == "name":
            self.next += 1
            return self.call(word, at) if self.take("(") else self.look_up(word, at)
        if self.take("("):
            result = self.sum()
            self.close()
            return result
        self.fail("a size ends too early" if kind == "end" else f"{word!r} is not expected")

    def call(self, name: str, at: int) -> Dim:
        if name not in ("min", "max"):
            self.fail(f"{name!r} is not a function that is read", at)
        dims = [self.sum()]
        while self.take(","):
            dims.append(self.sum())
        self.close()
        return minimum(*dims) if name == "min" else maximum(*dims)

    def close(self) -> None:
        if not self.take(")"):
            self.fail("')' is missing")

    def look_up(self, name: str, at: int) -> Dim:
        if not isinstance(self.symbols, Mapping):
            return self.symbols(name)
        if name not in self.symbols:
            self.fail(f"{name!r} is not known", at)
        return self.symbols[name]
