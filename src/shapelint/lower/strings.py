"""Lowers strings, concatenated strings and f-strings.

`ast` before Python 3.12 misplaces what stands inside an f-string, and gives the pieces of a concatenation no position.
So the parts are walked with a cursor, and the text of each replacement field is given to `ast` once more.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from typing import Any

import libcst as cst

from shapelint.ir import Const, Expr, FormattedValue, FString, Opaque, Span
from shapelint.lower.dispatch import expression, lowers
from shapelint.lower.positions import NOWHERE, Context
from shapelint.source.text import SourceFile

_EMPTY = cst.Module(body=[])
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTE_OR_ESCAPE = re.compile(r'\\.|"', re.DOTALL)


class _Cursor:
    """A place in the text, moved along by what is spelled there."""

    __slots__ = ("column", "file", "line")

    def __init__(self, file: SourceFile, at: Span) -> None:
        self.file = file
        self.line, self.column = at[0], at[1]

    def over(self, text: str) -> None:
        if "\n" in text or "\r" in text:
            lines = _LINE_END.split(text)
            self.line += len(lines) - 1
            self.column = len(lines[-1]) + 1
        else:
            self.column += len(text)

    def over_node(self, n: cst.CSTNode) -> None:
        if isinstance(n, (cst.SimpleWhitespace, cst.Name, cst.SimpleString)):
            code = n.value if not getattr(n, "lpar", ()) else _EMPTY.code_for_node(n)
        else:
            code = _EMPTY.code_for_node(n)
        first_line = self.line
        self.over(code)
        if self.line > first_line:
            # libcst leaves the indentation of the block out of lines that are continued in brackets.
            tail, line = code[len(code) - self.column + 1 :], self.file.line(self.line)
            self.column += _leading(line) - _leading(tail)

    def since(self, line: int, column: int) -> str:
        """The text from there to here."""
        return self.file.snippet((line, column, self.line, self.column))


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip())


@lowers(cst.SimpleString, ast.Constant)
def simple(cx: Context, n: cst.SimpleString, a: Any, at: Span) -> Expr:
    if a is not NOWHERE:
        return Const(at, a.value)
    value = _literal(n.value)
    return Opaque(at, "a string that Python cannot read") if value is None else Const(at, value)


@lowers(cst.FormattedString, ast.JoinedStr)
def formatted(cx: Context, n: cst.FormattedString, a: Any, at: Span) -> Expr:
    return FString(at, _joined(_string(cx, n, _Cursor(cx.file, at), at)))


@lowers(cst.ConcatenatedString, ast.Constant, ast.JoinedStr)
def concatenated(cx: Context, n: cst.ConcatenatedString, a: Any, at: Span) -> Expr:
    if isinstance(a, ast.Constant):
        return Const(at, a.value)
    cursor = _Cursor(cx.file, at)
    parts: list[str | FormattedValue] = []
    pieces: list[bytes] = []
    is_formatted = False
    right: cst.BaseExpression = n
    while True:
        piece = right.left if isinstance(right, cst.ConcatenatedString) else right
        if isinstance(piece, cst.FormattedString):
            is_formatted = True
            parts += _string(cx, piece, cursor, at)
        elif isinstance(piece, cst.SimpleString):
            value = _literal(piece.value)
            if isinstance(value, bytes):
                pieces.append(value)
            elif isinstance(value, str):
                parts.append(value)
            else:
                return Opaque(at, "a string that Python cannot read")
            cursor.over(piece.value)
        else:
            return Opaque(at, f"a concatenated {piece.__class__.__name__} is not modelled")
        if not isinstance(right, cst.ConcatenatedString):
            break
        cursor.over_node(right.whitespace_between)
        right = right.right
    if pieces:
        return Const(at, b"".join(pieces))
    joined = _joined(parts)
    if is_formatted:
        return FString(at, joined)
    return Const(at, joined[0] if joined else "")


def _string(cx: Context, n: cst.FormattedString, cursor: _Cursor, at: Span) -> list[str | FormattedValue]:
    cursor.over(n.start)
    parts = _parts(cx, n.parts, "r" in n.start.lower(), cursor, at)
    cursor.over(n.end)
    return parts


def _parts(
    cx: Context, nodes: Sequence[cst.BaseFormattedStringContent], raw: bool, cursor: _Cursor, at: Span
) -> list[str | FormattedValue]:
    parts: list[str | FormattedValue] = []
    for n in nodes:
        if isinstance(n, cst.FormattedStringText):
            parts.append(_text(n.value, raw))
            cursor.over(n.value)
        elif isinstance(n, cst.FormattedStringExpression):
            parts.append(_field(cx, n, raw, cursor, at))
    return parts


def _field(
    cx: Context, n: cst.FormattedStringExpression, raw: bool, cursor: _Cursor, outer: Span
) -> FormattedValue:
    line, column = cursor.line, cursor.column
    cursor.over("{")
    inside = (cursor.line, cursor.column)
    cursor.over_node(n.whitespace_before_expression)
    start = (cursor.line, cursor.column)
    cursor.over_node(n.expression)
    at = (*start, cursor.line, cursor.column)
    a = NOWHERE
    simple_name = isinstance(n.expression, cst.Name) and not n.expression.lpar
    if not simple_name and n.expression not in cx.recorded:
        a = _anchored(
            cx, cx.file.snippet(at), at, isinstance(n.expression, cst.Tuple) and not n.expression.lpar
        )
    value = expression(cx, n.expression, a, at)
    cursor.over_node(n.whitespace_after_expression)
    debug = None
    if n.equal is not None:
        cursor.over_node(n.equal)
        debug = cursor.since(*inside)
    if n.conversion is not None:
        cursor.over("!" + n.conversion)
    spec = None
    if n.format_spec is not None:
        cursor.over(":")
        start = (cursor.line, cursor.column)
        inner = _joined(_parts(cx, n.format_spec, raw, cursor, outer))
        spec = FString((*start, cursor.line, cursor.column), inner)
    cursor.over("}")
    return FormattedValue((line, column, cursor.line, cursor.column), value, n.conversion, spec, debug)


def _anchored(cx: Context, code: str, at: Span, bare_tuple: bool) -> Any:
    """The `ast` of a replacement field's expression, with the positions it has in the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # In parentheses a line break is no end, and a yield is allowed.
            root = ast.parse(f"({code}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return NOWHERE
    line, before = at[0] - 1, _offset(cx, at[0], at[1])
    for node in ast.walk(root):
        if isinstance(node, (ast.expr, ast.arg, ast.keyword)):
            if node.lineno == 1:
                node.col_offset += before - 1
            if node.end_lineno == 1:
                assert node.end_col_offset is not None
                node.end_col_offset += before - 1
            node.lineno += line
            assert node.end_lineno is not None
            node.end_lineno += line
    if bare_tuple and isinstance(root, ast.Tuple):
        # Its span took in the parentheses that were added here.
        root.lineno, root.col_offset = at[0], before
        root.end_lineno, root.end_col_offset = at[2], _offset(cx, at[2], at[3])
    return root


def _offset(cx: Context, line: int, column: int) -> int:
    """As `ast` counts: from 0, in UTF-8 bytes."""
    return column - 1 if cx.ascii else len(cx.file.line(line)[: column - 1].encode())


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


def _joined(parts: Sequence[str | FormattedValue]) -> tuple[Any, ...]:
    """Neighbouring texts as one, empty ones left out, as in `ast`."""
    joined: list[str | FormattedValue] = []
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        if any(texts):
            joined.append("".join(texts))
        texts = []
        joined.append(part)
    if any(texts):
        joined.append("".join(texts))
    return tuple(joined)
