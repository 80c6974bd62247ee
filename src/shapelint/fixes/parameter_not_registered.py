"""`nn.Parameter(x.view(…))` for `nn.Parameter(x).view(…)`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import callee, expression, spelled
from shapelint.fixes.syntax import around
from shapelint.report import Edit
from shapelint.values import Site

SAFE = False

_ATOMS = (cst.Call, cst.Name, cst.Attribute, cst.Subscript)


def edits(found: Found) -> Sequence[Edit | None]:
    statement = around(found, found.site, ast.Assign)
    text = found.text(statement)
    if statement is None or text is None:
        return ()
    target, equals, rest = text.partition("=")
    if target.strip() != found.text(found.site):
        return ()
    value = expression(rest.strip())
    if not isinstance(value, cst.Call) or not isinstance(value.func, cst.Attribute):
        return ()
    made = value.func.value
    if not isinstance(made, cst.Call) or callee(made) != "Parameter" or not made.args:
        return ()
    first = made.args[0]
    if first.star or (first.keyword is not None and first.keyword.value != "data"):
        return ()
    data = first.value
    if not isinstance(data, _ATOMS) and not data.lpar:
        data = data.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    inside = value.with_changes(func=value.func.with_changes(value=data))
    written = made.with_changes(args=[first.with_changes(value=inside), *made.args[1:]])
    space = rest[: len(rest) - len(rest.lstrip())]
    return (found.replace(Site(*statement), f"{target}{equals}{space}{spelled(written)}"),)
