"""Lowers f-strings. `ast` says what they hold, `fields` where it stands.

What a field computes is given to `ast` once more by itself: before Python 3.12 its nodes are misplaced in the f-string's.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from itertools import repeat

from shapelint.ir import Expr, FormattedValue, FString, Name, Opaque, Span
from shapelint.lower.from_ast.context import AtOnePlace, Context
from shapelint.lower.from_ast.dispatch import expression, lowers
from shapelint.lower.from_ast.fields import Field, Unreadable, fields_of
from shapelint.lower.literals import joined


@lowers(ast.JoinedStr)
def formatted(cx: Context, a: ast.JoinedStr) -> Expr:
    at = cx.span(a)
    try:
        fields = fields_of(cx.file.snippet(at), at)
    except Unreadable:
        fields = []
    return FString(at, _parts(cx, a, fields, at))


if hasattr(ast, "TemplateStr"):  # since Python 3.14

    @lowers(ast.TemplateStr)
    def template(cx: Context, a: ast.expr) -> Expr:
        return Opaque(cx.span(a), "a template string is not modelled")


def _parts(
    cx: Context, a: ast.expr | None, fields: list[Field], outer: Span
) -> tuple[str | FormattedValue, ...]:
    values = a.values if isinstance(a, ast.JoinedStr) else []
    computed = sum([1 for value in values if isinstance(value, ast.FormattedValue)])
    places: Iterator[Field | None] = iter(fields) if len(fields) == computed else repeat(None, computed)
    parts: list[str | FormattedValue] = []
    for value in values:
        if isinstance(value, ast.FormattedValue):
            field = next(places)
            if field is None:
                parts.append(_misplaced(cx, value, outer))
            else:
                if field.debug is not None and parts and isinstance(parts[-1], str):
                    # `ast` takes it for a part of the text before the field.
                    parts[-1] = parts[-1].removesuffix(field.debug)
                parts.append(_field(cx, value, field))
        elif isinstance(value, ast.Constant) and isinstance(value.value, str):
            parts.append(value.value)
    return joined(parts)


def _field(cx: Context, a: ast.FormattedValue, field: Field) -> FormattedValue:
    at, spec = field.value_at, None
    if isinstance(a.value, ast.Name) and not field.value.startswith("("):
        value: Expr = Name(at, a.value.id)
    else:
        placed = _placed(cx, field.value, at)
        value = expression(AtOnePlace(cx, at), a.value) if placed is None else expression(cx, placed)
    if field.spec is not None:
        spec = FString(field.spec.at, _parts(cx, a.format_spec, field.spec.fields, field.spec.at))
    return FormattedValue(field.at, value, field.conversion, spec, field.debug)


def _placed(cx: Context, code: str, at: Span) -> ast.expr | None:
    """The expression of a field, with the positions it has in the file; None where it means something only in its field."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # In parentheses a line break is no end, and a yield is allowed.
            root = ast.parse(f"({code}\n)", mode="eval").body
    except (SyntaxError, ValueError, MemoryError):
        return None
    took_them_in = root.col_offset == 0  # a tuple takes the parentheses for its own
    line, before = at[0] - 1, cx.offset(at[0], at[1])
    for node in ast.walk(root):
        if isinstance(node, (ast.expr, ast.arg, ast.keyword)):
            assert node.end_lineno is not None and node.end_col_offset is not None
            if node.lineno == 1:
                node.col_offset += before - 1
            if node.end_lineno == 1:
                node.end_col_offset += before - 1
            node.lineno += line
            node.end_lineno += line
    if took_them_in:
        root.lineno, root.col_offset = at[0], before
        root.end_lineno, root.end_col_offset = at[2], cx.offset(at[2], at[3])
    return root


def _misplaced(cx: Context, a: ast.FormattedValue, at: Span) -> FormattedValue:
    """A field whose place in the text was not found: all of it stands where the string does."""
    spec = None if a.format_spec is None else FString(at, _parts(cx, a.format_spec, [], at))
    conversion = None if a.conversion == -1 else chr(a.conversion)
    return FormattedValue(at, expression(AtOnePlace(cx, at), a.value), conversion, spec, None)
