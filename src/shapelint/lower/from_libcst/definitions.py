"""Lowers functions and classes. A class body is lowered with its class, a function body when it is first asked for."""

from __future__ import annotations

import libcst as cst

from shapelint.ir import ClassDef, Const, FunctionDef, LazyBody, Stmt
from shapelint.lower.from_libcst.context import Context
from shapelint.lower.from_libcst.dispatch import expression, expressions, maybe
from shapelint.lower.from_libcst.expressions import arguments
from shapelint.lower.from_libcst.names import normal
from shapelint.lower.from_libcst.parameters import parameters
from shapelint.lower.from_libcst.statements import block, lowers_statement
from shapelint.lower.literals import docstring_of
from shapelint.lower.private_names import within
from shapelint.lower.stack import with_room


@lowers_statement(cst.FunctionDef)
def function(cx: Context, n: cst.FunctionDef) -> Stmt:
    suite = n.body
    return FunctionDef(
        cx.span(n),
        normal(n.name),
        cx.span(n.name),
        parameters(cx, n.params),
        maybe(cx, n.returns.annotation if n.returns else None),
        expressions(cx, [each.decorator for each in n.decorators]),
        LazyBody(lambda: with_room(lambda: block(cx, suite))),
        n.asynchronous is not None,
        _holds_yield(suite),
        _docstring_before_lowering(cx, suite),
    )


@lowers_statement(cst.ClassDef)
def class_definition(cx: Context, n: cst.ClassDef) -> Stmt:
    bases, keywords = arguments(cx, [*n.bases, *n.keywords])
    body = block(cx, n.body)
    if cx.private:
        body = within(normal(n.name), body)
    decorators = expressions(cx, [each.decorator for each in n.decorators])
    return ClassDef(
        cx.span(n), normal(n.name), cx.span(n.name), bases, keywords, decorators, body, docstring_of(body)
    )


def _docstring_before_lowering(cx: Context, n: cst.BaseSuite) -> str | None:
    first: cst.CSTNode | None = n.body[0] if n.body else None
    if isinstance(first, cst.SimpleStatementLine):
        first = first.body[0]
    if not isinstance(first, cst.Expr) or not isinstance(
        first.value, (cst.SimpleString, cst.ConcatenatedString)
    ):
        return None
    lowered = expression(cx, first.value)
    return lowered.value if isinstance(lowered, Const) and isinstance(lowered.value, str) else None


def _holds_yield(suite: cst.BaseSuite) -> bool:
    """Whether the function is a generator."""
    stack: list[cst.CSTNode] = [suite]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Yield):
            return True
        if isinstance(node, cst.FunctionDef):
            # Its body is its own, but its decorators, defaults and annotations are evaluated here.
            stack += [*node.decorators, node.params]
            if node.returns is not None:
                stack.append(node.returns)
        elif isinstance(node, cst.Lambda):
            stack.append(node.params)
        elif isinstance(node, cst.ClassDef):
            stack += [*node.decorators, *node.bases, *node.keywords]
        else:
            stack += node.children
    return False
