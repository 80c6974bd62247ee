"""Mutations of a text's tokens, found with one expression, so that broken text has tokens too."""

from __future__ import annotations

import re
from random import Random

_TOKEN = re.compile(
    r"(?P<comment>#[^\n]*)|(?P<string>[rbfuRBFU]{0,2}(?:\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'))"
    r"|(?P<number>\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?j?)|(?P<name>[^\W\d]\w*)|(?P<space>\s+)|(?P<op>\*\*=?|//=?|<<=?|>>=?|:=|->|\.\.\.|[=!<>+\-*/%@&|^]=|.)"
)
NUMBERS = (
    "0", "1", "-1", "2", "3", "7", "64", "224", "0.5", "1e309", "-0.0", "1e-300", "3j", "10**9", "2**31", "2**63", "-2**63", "10**400",
    "0xFFFFFFFFFFFFFFFF", "1_000_000", "True", "None", "float('nan')", "float('inf')", "(1,)", "[]", "''", "...", "1 << 70", "0b0",
)  # fmt: skip
_OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^", "==", "!=", "<", ">", "<=", ">=", "=", "+=", "//=",
              "@=", ":=", "and", "or", "is", "in", "not in", "if", ",", ".", ":", ";", "(", ")", "[", "]", "{", "}", "*", "->", "...")  # fmt: skip
_WORDS = ("None", "True", "self", "super", "lambda", "yield", "await", "async", "return", "break", "continue", "del", "global",
          "nonlocal", "with", "try", "finally", "except", "match", "case", "class", "def", "for", "while", "else", "import", "from",
          "raise", "assert", "pass", "is", "not", "in", "or", "and", "type", "print", "torch", "nn", "x", "__class__", "__dict__",
          "__init__", "forward", "_", "len", "range", "int", "list", "tuple", "getattr", "setattr", "vars", "globals", "isinstance")  # fmt: skip


def _spans(text: str, kind: str) -> list[tuple[int, int]]:
    return [m.span() for m in _TOKEN.finditer(text) if m.lastgroup == kind]


def _replaced(text: str, rng: Random, kind: str, new: str) -> str:
    spans = _spans(text, kind)
    if not spans:
        return text
    start, end = rng.choice(spans)
    return text[:start] + new + text[end:]


def number(text: str, rng: Random) -> str:
    return _replaced(text, rng, "number", rng.choice(NUMBERS))


def operator(text: str, rng: Random) -> str:
    return _replaced(text, rng, "op", rng.choice(_OPERATORS))


def word(text: str, rng: Random) -> str:
    return _replaced(text, rng, "name", rng.choice(_WORDS))


def name(text: str, rng: Random) -> str:
    """A name becomes another of the file."""
    spans = _spans(text, "name")
    if not spans:
        return text
    start, end = rng.choice(spans)
    return _replaced(text, rng, "name", text[start:end])


def string(text: str, rng: Random) -> str:
    new = rng.choice(("''", "'b c h w -> b (c h) w'", "b''", "f'{x!r:>{n}}'", "'%s' % x", "'a' * 10**9", "'{}'.format", "'mean'", "'same'",
                      "'cuda'", "'zeros'", "'ij,jk->ik'", "'(((a+)+)+)+$'", "rb'\\x00'", "'\\N{BULLET}'", "None"))  # fmt: skip
    return _replaced(text, rng, "string", new)


def drop(text: str, rng: Random) -> str:
    return _replaced(text, rng, rng.choice(("op", "name", "number", "string")), "")


def double(text: str, rng: Random) -> str:
    kind = rng.choice(("op", "name", "number"))
    spans = _spans(text, kind)
    if not spans:
        return text
    start, end = rng.choice(spans)
    return text[:end] + " " + text[start:end] + text[end:]


MUTATIONS = (number, number, name, name, operator, word, string, drop, double)
