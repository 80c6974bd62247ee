"""Lowers statements, one handler each. A long `elif` chain is walked in a loop."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeVar

from shapelint.ir import (
    Assert,
    Assign,
    AugAssign,
    Break,
    Case,
    Continue,
    Delete,
    ExprStmt,
    For,
    GlobalDecl,
    Handler,
    If,
    Import,
    ImportFrom,
    Match,
    Name,
    NonlocalDecl,
    Opaque,
    Pass,
    Raise,
    Return,
    Stmt,
    Try,
    TupleDisplay,
    While,
    With,
)
from shapelint.lower.from_ast.context import Context
from shapelint.lower.from_ast.dispatch import expression, expressions, maybe
from shapelint.lower.from_ast.operators import BINARY
from shapelint.lower.tables import declares

__all__ = ["block", "lowers_statement"]

StatementHandler = Callable[[Context, Any], Stmt]
_H = TypeVar("_H", bound=StatementHandler)

_TABLE: dict[type, StatementHandler] = {}


def lowers_statement(*nodes: type[ast.AST]) -> Callable[[_H], _H]:
    """Declares what lowers statements of some types."""
    return declares(_TABLE, nodes)


def block(cx: Context, body: list[ast.stmt]) -> tuple[Stmt, ...]:
    """Statements in a row."""
    return tuple([statement(cx, a) for a in body])


def statement(cx: Context, a: ast.stmt) -> Stmt:
    """One statement."""
    handler = _TABLE.get(a.__class__)
    if handler is None:
        at = cx.span(a)
        return ExprStmt(at, Opaque(at, f"{a.__class__.__name__} is not modelled"))
    return handler(cx, a)


# ---- simple statements


@lowers_statement(ast.Expr)
def expression_statement(cx: Context, a: ast.Expr) -> Stmt:
    return ExprStmt(cx.span(a), expression(cx, a.value))


@lowers_statement(ast.Assign)
def assign(cx: Context, a: ast.Assign) -> Stmt:
    return Assign(cx.span(a), expressions(cx, a.targets), expression(cx, a.value), None)


@lowers_statement(ast.AnnAssign)
def annotated(cx: Context, a: ast.AnnAssign) -> Stmt:
    target = expression(cx, a.target)
    return Assign(cx.span(a), (target,), maybe(cx, a.value), expression(cx, a.annotation))


@lowers_statement(ast.AugAssign)
def augmented(cx: Context, a: ast.AugAssign) -> Stmt:
    target = expression(cx, a.target)
    return AugAssign(cx.span(a), target, BINARY[a.op.__class__], expression(cx, a.value))


@lowers_statement(ast.Delete)
def delete(cx: Context, a: ast.Delete) -> Stmt:
    targets = expressions(cx, a.targets)
    # `del a, b` has two targets, `del (a, b)` is one tuple; both delete both.
    if len(targets) == 1 and isinstance(targets[0], TupleDisplay):
        targets = targets[0].items
    return Delete(cx.span(a), targets)


@lowers_statement(ast.Return)
def returned(cx: Context, a: ast.Return) -> Stmt:
    return Return(cx.span(a), maybe(cx, a.value))


@lowers_statement(ast.Raise)
def raised(cx: Context, a: ast.Raise) -> Stmt:
    return Raise(cx.span(a), maybe(cx, a.exc), maybe(cx, a.cause))


@lowers_statement(ast.Assert)
def asserted(cx: Context, a: ast.Assert) -> Stmt:
    return Assert(cx.span(a), expression(cx, a.test), maybe(cx, a.msg))


@lowers_statement(ast.Pass)
def passed(cx: Context, a: ast.Pass) -> Stmt:
    return Pass(cx.span(a))


@lowers_statement(ast.Break)
def broken(cx: Context, a: ast.Break) -> Stmt:
    return Break(cx.span(a))


@lowers_statement(ast.Continue)
def continued(cx: Context, a: ast.Continue) -> Stmt:
    return Continue(cx.span(a))


@lowers_statement(ast.Global)
def global_declaration(cx: Context, a: ast.Global) -> Stmt:
    return GlobalDecl(cx.span(a), tuple(a.names))


@lowers_statement(ast.Nonlocal)
def nonlocal_declaration(cx: Context, a: ast.Nonlocal) -> Stmt:
    return NonlocalDecl(cx.span(a), tuple(a.names))


if hasattr(ast, "TypeAlias"):  # since Python 3.12

    @lowers_statement(ast.TypeAlias)
    def type_alias(cx: Context, a: Any) -> Stmt:
        at, name = cx.span(a), a.name.id
        return Assign(at, (Name(cx.span(a.name), name),), Opaque(at, f"{name} is a type alias"), None)


# ---- imports


@lowers_statement(ast.Import)
def imported(cx: Context, a: ast.Import) -> Stmt:
    return Import(cx.span(a), tuple([(alias.name, alias.asname) for alias in a.names]))


@lowers_statement(ast.ImportFrom)
def imported_from(cx: Context, a: ast.ImportFrom) -> Stmt:
    names = tuple([(alias.name, alias.asname) for alias in a.names])
    return ImportFrom(cx.span(a), a.module or "", a.level, names)


# ---- compound statements


@lowers_statement(ast.If)
def branch(cx: Context, a: ast.If) -> Stmt:
    chain = [a]
    while len(orelse := chain[-1].orelse) == 1 and isinstance(orelse[0], ast.If):
        chain.append(orelse[0])
    lowered = block(cx, chain[-1].orelse)
    for link in reversed(chain):
        lowered = (If(cx.span(link), expression(cx, link.test), block(cx, link.body), lowered),)
    return lowered[0]


@lowers_statement(ast.For, ast.AsyncFor)
def loop(cx: Context, a: ast.For) -> Stmt:
    target, iterated = expression(cx, a.target), expression(cx, a.iter)
    return For(cx.span(a), target, iterated, block(cx, a.body), block(cx, a.orelse))


@lowers_statement(ast.While)
def while_loop(cx: Context, a: ast.While) -> Stmt:
    return While(cx.span(a), expression(cx, a.test), block(cx, a.body), block(cx, a.orelse))


@lowers_statement(ast.With, ast.AsyncWith)
def with_block(cx: Context, a: ast.With) -> Stmt:
    items = [(expression(cx, item.context_expr), maybe(cx, item.optional_vars)) for item in a.items]
    return With(cx.span(a), tuple(items), block(cx, a.body))


@lowers_statement(ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else []))
def attempt(cx: Context, a: ast.Try) -> Stmt:
    body = block(cx, a.body)
    handlers = [
        Handler(cx.span(each), maybe(cx, each.type), each.name, block(cx, each.body)) for each in a.handlers
    ]
    return Try(cx.span(a), body, tuple(handlers), block(cx, a.orelse), block(cx, a.finalbody))


@lowers_statement(ast.Match)
def match_block(cx: Context, a: ast.Match) -> Stmt:
    cases: list[Case] = []
    for case in a.cases:
        pattern, guard, body = expression(cx, case.pattern), maybe(cx, case.guard), block(cx, case.body)
        # `ast` gives a case no position of its own: from its pattern to its end.
        cases.append(Case((*pattern.at[:2], *body[-1].at[2:]), pattern, guard, body))
    return Match(cx.span(a), expression(cx, a.subject), tuple(cases))
