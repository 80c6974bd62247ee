"""Lowers functions and classes. A class body is lowered with its class, a function body when it is first asked for."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import libcst as cst

from shapelint.ir import ClassDef, Const, Expr, ExprStmt, FunctionDef, LazyBody, Span, Stmt
from shapelint.lower.dispatch import expression, maybe
from shapelint.lower.expressions import arguments
from shapelint.lower.names import normal
from shapelint.lower.parameters import parameters
from shapelint.lower.positions import NOWHERE, Context, steps
from shapelint.lower.stack import with_room
from shapelint.lower.statements import block, lowers_statement

__all__ = ["docstring_of"]


@lowers_statement(cst.FunctionDef, ast.FunctionDef, ast.AsyncFunctionDef)
def function(cx: Context, n: cst.FunctionDef, a: Any, at: Span) -> Stmt:
    suite, a_body = n.body, a.body
    prefix = "" if n.asynchronous is None else "async" + _spelled(n.asynchronous.whitespace_after)
    return FunctionDef(
        at,
        normal(n.name),
        _name_at(cx, n.name, at, prefix + "def" + n.whitespace_after_def.value),
        parameters(cx, n.params, a.args, at),
        maybe(cx, n.returns.annotation if n.returns else None, a.returns, at),
        _decorators(cx, n.decorators, a, at),
        LazyBody(lambda: with_room(lambda: block(cx, suite, a_body, at))),
        n.asynchronous is not None,
        _yields(cx, suite, a_body, at),
        _docstring_before_lowering(cx, suite, a_body, at),
    )


@lowers_statement(cst.ClassDef, ast.ClassDef)
def class_definition(cx: Context, n: cst.ClassDef, a: Any, at: Span) -> Stmt:
    bases, keywords = arguments(cx, [*n.bases, *n.keywords], a.bases, a.keywords, at)
    body = block(cx, n.body, a.body, at)
    name_at = _name_at(cx, n.name, at, "class" + n.whitespace_after_class.value)
    decorators = _decorators(cx, n.decorators, a, at)
    return ClassDef(at, normal(n.name), name_at, bases, keywords, decorators, body, docstring_of(body))


def docstring_of(body: Sequence[Stmt]) -> str | None:
    """The string that opens a body, as written: not cleaned of its indentation."""
    first = body[0] if body else None
    if isinstance(first, ExprStmt) and isinstance(first.value, Const) and isinstance(first.value.value, str):
        return first.value.value
    return None


def _docstring_before_lowering(cx: Context, n: cst.BaseSuite, a: Any, outer: Span) -> str | None:
    first: cst.CSTNode | None = n.body[0] if n.body else None
    if isinstance(first, cst.SimpleStatementLine):
        first = first.body[0]
    if not isinstance(first, cst.Expr) or not isinstance(
        first.value, (cst.SimpleString, cst.ConcatenatedString)
    ):
        return None
    if a.__class__ is list and a and isinstance(a[0], ast.Expr):
        value = a[0].value
        return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
    lowered = expression(cx, first.value, NOWHERE, outer)
    return lowered.value if isinstance(lowered, Const) and isinstance(lowered.value, str) else None


def _decorators(cx: Context, nodes: Sequence[cst.Decorator], a: Any, outer: Span) -> tuple[Expr, ...]:
    pairs = zip(nodes, steps(a.decorator_list, len(nodes)), strict=True)
    return tuple([expression(cx, each.decorator, step, outer) for each, step in pairs])


def _spelled(whitespace: cst.BaseParenthesizableWhitespace) -> str:
    return whitespace.value if isinstance(whitespace, cst.SimpleWhitespace) else " "


def _name_at(cx: Context, n: cst.Name, at: Span, before: str) -> Span:
    """The span of the name behind `def` or `class`, which no `ast` node has."""
    if n in cx.recorded:
        return cx.recorded[n]
    line, column = at[0], at[1]
    broken = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(broken) > 1:
        line, column = line + len(broken) - 1, 1
    column += len(broken[-1])
    return (line, column, line, column + len(n.value))


def _yields(cx: Context, suite: cst.BaseSuite, a_body: Any, at: Span) -> bool:
    """Whether the function is a generator. Most are told by there being no such word in their lines."""
    lines = cx.yield_lines
    place = bisect_left(lines, at[0])
    if place == len(lines) or lines[place] > at[2]:
        return False
    return _ast_yields(a_body) if a_body.__class__ is list else _cst_yields(suite)


def _ast_yields(body: list[ast.stmt]) -> bool:
    stack: list[Any] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            # Its body is its own, but its decorators, defaults and annotations are evaluated here.
            stack += [*node.decorator_list, node.args]
            if node.returns is not None:
                stack.append(node.returns)
        elif isinstance(node, ast.Lambda):
            stack.append(node.args)
        elif isinstance(node, ast.ClassDef):
            stack += [*node.decorator_list, *node.bases, *node.keywords]
        else:
            stack += ast.iter_child_nodes(node)
    return False


def _cst_yields(suite: cst.BaseSuite) -> bool:
    stack: list[cst.CSTNode] = [suite]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Yield):
            return True
        if isinstance(node, cst.FunctionDef):
            stack += [*node.decorators, node.params]
        elif isinstance(node, cst.Lambda):
            stack.append(node.params)
        elif isinstance(node, cst.ClassDef):
            stack += [*node.decorators, *node.bases, *node.keywords]
        else:
            stack += node.children
    return False
