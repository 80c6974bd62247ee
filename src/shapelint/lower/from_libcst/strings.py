"""Lowers strings, concatenated strings and f-strings."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

import libcst as cst

from shapelint.ir import Const, Expr, FormattedValue, FString, Opaque, Span
from shapelint.lower.from_libcst.context import Context
from shapelint.lower.from_libcst.dispatch import expression, lowers
from shapelint.lower.literals import joined
from shapelint.patterns import regex

_LINE_END = regex(r"\r\n|\r|\n")
_QUOTE_OR_ESCAPE = regex(r'\\.|"', re.DOTALL)


@lowers(cst.SimpleString)
def simple(cx: Context, n: cst.SimpleString) -> Expr:
    value = _literal(n.value)
    return _unread(cx.span(n)) if value is None else Const(cx.span(n), value)


@lowers(cst.FormattedString)
def formatted(cx: Context, n: cst.FormattedString) -> Expr:
    return FString(cx.span(n), joined(_parts(cx, n.parts, "r" in n.start.lower())))


@lowers(cst.ConcatenatedString)
def concatenated(cx: Context, n: cst.ConcatenatedString) -> Expr:
    at = cx.span(n)
    parts: list[str | FormattedValue] = []
    pieces: list[bytes] = []
    is_formatted = False
    right: cst.BaseExpression = n
    while True:
        piece = right.left if isinstance(right, cst.ConcatenatedString) else right
        if isinstance(piece, cst.FormattedString):
            is_formatted = True
            parts += _parts(cx, piece.parts, "r" in piece.start.lower())
        elif isinstance(piece, cst.SimpleString):
            value = _literal(piece.value)
            if isinstance(value, bytes):
                pieces.append(value)
            elif isinstance(value, str):
                parts.append(value)
            else:
                return _unread(at)
        else:
            return Opaque(at, f"a concatenated {piece.__class__.__name__} is not modelled")
        if not isinstance(right, cst.ConcatenatedString):
            break
        right = right.right
    if pieces:
        return Const(at, b"".join(pieces))
    texts = joined(parts)
    if is_formatted:
        return FString(at, texts)
    return Const(at, texts[0] if texts else "")


def _parts(
    cx: Context, nodes: Sequence[cst.BaseFormattedStringContent], raw: bool
) -> list[str | FormattedValue]:
    parts: list[str | FormattedValue] = []
    for n in nodes:
        if isinstance(n, cst.FormattedStringText):
            parts.append(_text(n.value, raw))
        elif isinstance(n, cst.FormattedStringExpression):
            parts.append(_field(cx, n, raw))
    return parts


def _field(cx: Context, n: cst.FormattedStringExpression, raw: bool) -> FormattedValue:
    line, column, end_line, end_column = at = cx.span(n)
    debug = spec = None
    if n.equal is not None:
        debug = cx.file.snippet((line, column + 1, *cx.span(n.equal.whitespace_after)[2:]))
    if n.format_spec is not None:
        end = (end_line, end_column - 1)
        start = cx.span(n.format_spec[0])[:2] if n.format_spec else end
        spec = FString((*start, *end), joined(_parts(cx, n.format_spec, raw)))
    return FormattedValue(at, expression(cx, n.expression), n.conversion, spec, debug)


def _text(value: str, raw: bool) -> str:
    """The characters that a literal part stands for."""
    value = value.replace("{{", "{").replace("}}", "}")
    if raw or "\\" not in value:
        return _LINE_END.sub("\n", value) if "\r" in value else value
    quoted = _QUOTE_OR_ESCAPE.sub(lambda match: match[0] if match[0] != '"' else '\\"', value)
    decoded = _literal(f'"""{quoted}"""')
    return decoded if isinstance(decoded, str) else value


def _literal(code: str) -> str | bytes | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an invalid escape sequence
            value = ast.literal_eval(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, (str, bytes)) else None


def _unread(at: Span) -> Opaque:
    return Opaque(at, "a string that Python cannot read")
