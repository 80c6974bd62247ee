"""`return` in front of the call that computes the result, or behind the name that holds it."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Sequence

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.report import Edit
from shapelint.rules.surroundings import function_around
from shapelint.values import Site

SAFE = True


def edits(found: Found) -> Sequence[Edit | None]:
    fact = next((f for f in found.here if isinstance(f, facts.ForwardReturned)), None)
    last = fact.last if fact is not None else None
    if fact is None or fact.site is None or last is None or last.path != fact.site.path:
        return ()
    around = function_around(found.context, last)
    if around is None:
        return ()
    try:
        body = ast.parse(textwrap.dedent(around.text)).body[0]
    except (SyntaxError, ValueError, IndexError):
        return ()
    if not isinstance(body, ast.FunctionDef) or not body.body:
        return ()
    statements = list(body.body)
    end = statements.pop() if _is_bare_return(statements[-1]) else None
    # Only what the forward's own body ends with: not one side of a condition, not the body of a loop.
    if not statements or around.first + statements[-1].lineno - 1 != last.line:
        return ()
    statement = statements[-1]
    path = last.path
    if isinstance(statement, ast.Expr) and isinstance(statement.value, (ast.Call, ast.BinOp)):
        return (found.insert(path, last.line, last.column, "return "),) if end is None else ()
    name = _name(statement)
    if name is None:
        return ()
    if end is not None:
        line = around.first + end.lineno - 1
        column = around.indent + end.col_offset + 1
        return (found.replace(Site(path, line, column, line, column + len("return")), f"return {name}"),)
    file = found.file(path)
    if file is None or statement.end_lineno is None:
        return ()
    line = around.first + statement.end_lineno - 1
    indent = file.line(last.line)[: last.column - 1]
    if indent.strip():
        return ()
    return (found.insert(path, line, len(file.line(line)) + 1, f"\n{indent}return {name}"),)


def _is_bare_return(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return) and node.value is None


def _name(node: ast.stmt) -> str | None:
    """The one name that a statement assigns to."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else None
