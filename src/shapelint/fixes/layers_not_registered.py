"""`nn.ModuleList(…)`, `nn.ModuleDict(…)`, `nn.ParameterList(…)` around what the attribute is given."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import spelled, statement
from shapelint.fixes.spelling import spelling
from shapelint.fixes.syntax import around
from shapelint.report import Edit
from shapelint.rules.surroundings import function_around

SAFE = True


def edits(found: Found) -> Sequence[Edit | None]:
    kind = next((f.removeprefix("nn.") for f in found.diagnostic.fits), "")
    site = around(found, found.site, ast.Assign)
    text = found.text(site)
    container = spelling(found.file(found.site.path), f"torch.nn.{kind}")
    if text is None or container is None or not kind.isidentifier():
        return ()
    written_now = statement(text)
    if not isinstance(written_now, cst.SimpleStatementLine) or len(written_now.body) != 1:
        return ()
    assign = written_now.body[0]
    if not isinstance(assign, cst.Assign):
        return ()
    if len(assign.targets) != 1:
        return ()
    value = assign.value
    if isinstance(value, cst.Name) and _used_again(found, value.value):
        return ()  # the list goes on growing under its own name
    arguments = () if _is_empty(value) else (cst.Arg(value),)
    written = cst.Call(cst.parse_expression(container), arguments)
    return (found.replace(site, spelled(assign.with_changes(value=written))),)


def _is_empty(value: cst.BaseExpression) -> bool:
    if isinstance(value, (cst.List, cst.Dict, cst.Tuple)):
        return not value.elements
    called = value.func if isinstance(value, cst.Call) and not value.args else None
    return isinstance(called, cst.Name) and called.value in ("list", "dict", "tuple")


def _used_again(found: Found, name: str) -> bool:
    block = function_around(found.context, found.site)
    if block is None:
        return True
    after = block.text.split("\n")[found.site.end_line - block.first + 1 :]
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", "\n".join(after)) is not None
