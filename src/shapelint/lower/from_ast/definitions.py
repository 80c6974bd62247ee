"""Lowers functions and classes. A class body is lowered with its class, a function body when it is first asked for."""

from __future__ import annotations

import ast
from bisect import bisect_left
from typing import Any

from shapelint.ir import ClassDef, FunctionDef, LazyBody, Span, Stmt
from shapelint.lower.from_ast.context import Context
from shapelint.lower.from_ast.dispatch import expressions, maybe
from shapelint.lower.from_ast.expressions import named_arguments
from shapelint.lower.from_ast.parameters import parameters
from shapelint.lower.from_ast.statements import block, lowers_statement
from shapelint.lower.literals import docstring_of
from shapelint.lower.private_names import within
from shapelint.lower.stack import with_room
from shapelint.patterns import regex


@lowers_statement(ast.FunctionDef, ast.AsyncFunctionDef)
def function(cx: Context, a: ast.FunctionDef | ast.AsyncFunctionDef) -> Stmt:
    at = cx.span(a)
    body = a.body
    return FunctionDef(
        at,
        a.name,
        _name_at(cx, at),
        parameters(cx, a.args),
        maybe(cx, a.returns),
        expressions(cx, a.decorator_list),
        LazyBody(lambda: with_room(lambda: block(cx, body))),
        isinstance(a, ast.AsyncFunctionDef),
        _yields(cx, body, at),
        _docstring_before_lowering(body),
    )


@lowers_statement(ast.ClassDef)
def class_definition(cx: Context, a: ast.ClassDef) -> Stmt:
    at = cx.span(a)
    bases, keywords = expressions(cx, a.bases), named_arguments(cx, a.keywords)
    body, decorators = block(cx, a.body), expressions(cx, a.decorator_list)
    if cx.private:
        body = within(a.name, body)
    return ClassDef(at, a.name, _name_at(cx, at), bases, keywords, decorators, body, docstring_of(body))


def _docstring_before_lowering(body: list[ast.stmt]) -> str | None:
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first.value.value if isinstance(first.value.value, str) else None
    return None


_BLANK = r"(?:[ \t\f]|\\\n)+"
# A name as it is written may be longer than what it means: that is in normal form.
_NAME = regex(rf"(?:async{_BLANK})?(?:def|class){_BLANK}([^\s(:\[\\#]+)")


def _name_at(cx: Context, at: Span) -> Span:
    """The span of the name behind `def` or `class`, which no `ast` node has."""
    line, column = at[:2]
    found = _NAME.match(cx.file.line(line), column - 1)
    if found is not None:
        return (line, found.start(1) + 1, line, found.end(1) + 1)
    text = cx.file.snippet(at)  # the name is on another line
    found = _NAME.match(text)
    assert found is not None
    line += text.count("\n", 0, found.start(1))
    begins = text.rfind("\n", 0, found.start(1)) + 1
    return (line, found.start(1) - begins + 1, line, found.end(1) - begins + 1)


def _yields(cx: Context, body: list[ast.stmt], at: Span) -> bool:
    """Whether the function is a generator. Most are told by there being no such word in their lines."""
    lines = cx.yield_lines
    place = bisect_left(lines, at[0])
    return place < len(lines) and lines[place] <= at[2] and _holds_yield(body)


def _holds_yield(body: list[ast.stmt]) -> bool:
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
