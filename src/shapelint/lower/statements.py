"""Lowers statements, one handler each. A long `elif` chain is walked in a loop."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import libcst as cst

from shapelint.ir import (
    Assert,
    Assign,
    AugAssign,
    Break,
    Case,
    Continue,
    Delete,
    Expr,
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
    Span,
    Stmt,
    Try,
    TupleDisplay,
    While,
    With,
)
from shapelint.lower.dispatch import expression, maybe
from shapelint.lower.names import dotted, normal
from shapelint.lower.operators import AUGMENTED
from shapelint.lower.positions import NOWHERE, Context, steps

__all__ = ["block", "lowers_statement", "statements"]

StatementHandler = Callable[[Context, Any, Any, Span], Stmt]
_H = TypeVar("_H", bound=StatementHandler)

_TABLE: dict[type, tuple[StatementHandler, tuple[type, ...]]] = {}


def lowers_statement(node: type[cst.CSTNode], *pairs: type) -> Callable[[_H], _H]:
    """Declares what lowers a statement, and its partners in `ast`."""

    def declare(handler: _H) -> _H:
        assert node not in _TABLE, f"{node.__name__} is lowered twice"
        _TABLE[node] = handler, pairs
        return handler

    return declare


def block(cx: Context, n: cst.BaseSuite, a: Any, outer: Span) -> tuple[Stmt, ...]:
    """The body of a compound statement; `a` is a list of `ast` statements."""
    return statements(cx, n.body, a, outer)


def statements(cx: Context, nodes: Sequence[cst.CSTNode], a: Any, outer: Span) -> tuple[Stmt, ...]:
    """Statements in a row; several may stand on one line."""
    flat: list[cst.CSTNode] = []
    for n in nodes:
        if n.__class__ is cst.SimpleStatementLine:
            flat += n.body
        else:
            flat.append(n)
    return tuple([statement(cx, n, step, outer) for n, step in zip(flat, steps(a, len(flat)), strict=True)])


def statement(cx: Context, n: cst.CSTNode, a: Any, outer: Span) -> Stmt:
    """One statement."""
    entry = _TABLE.get(n.__class__)
    if entry is None:
        at = cx.place(n, a, outer)
        return ExprStmt(at, Opaque(at, f"{n.__class__.__name__} is not modelled"))
    handler, pairs = entry
    if a.__class__ in pairs:
        return handler(cx, n, a, cx.span(a))
    return handler(cx, n, NOWHERE, cx.place(n, NOWHERE, outer))


# ---- simple statements


@lowers_statement(cst.Expr, ast.Expr)
def expression_statement(cx: Context, n: cst.Expr, a: Any, at: Span) -> Stmt:
    return ExprStmt(at, expression(cx, n.value, a.value, at))


@lowers_statement(cst.Assign, ast.Assign)
def assign(cx: Context, n: cst.Assign, a: Any, at: Span) -> Stmt:
    pairs = zip(n.targets, steps(a.targets, len(n.targets)), strict=True)
    targets = tuple([expression(cx, each.target, step, at) for each, step in pairs])
    return Assign(at, targets, expression(cx, n.value, a.value, at), None)


@lowers_statement(cst.AnnAssign, ast.AnnAssign)
def annotated(cx: Context, n: cst.AnnAssign, a: Any, at: Span) -> Stmt:
    target = expression(cx, n.target, a.target, at)
    annotation = expression(cx, n.annotation.annotation, a.annotation, at)
    return Assign(at, (target,), maybe(cx, n.value, a.value, at), annotation)


@lowers_statement(cst.AugAssign, ast.AugAssign)
def augmented(cx: Context, n: cst.AugAssign, a: Any, at: Span) -> Stmt:
    target = expression(cx, n.target, a.target, at)
    return AugAssign(at, target, AUGMENTED[n.operator.__class__], expression(cx, n.value, a.value, at))


@lowers_statement(cst.Del, ast.Delete)
def delete(cx: Context, n: cst.Del, a: Any, at: Span) -> Stmt:
    target = n.target
    # `del a, b` has two targets, `del (a, b)` is one tuple; both delete both.
    if isinstance(target, cst.Tuple) and not target.lpar:
        pairs = zip(target.elements, steps(a.targets, len(target.elements)), strict=True)
        return Delete(at, tuple([expression(cx, each.value, step, at) for each, step in pairs]))
    lowered = expression(cx, target, steps(a.targets, 1)[0], at)
    return Delete(at, lowered.items if isinstance(lowered, TupleDisplay) else (lowered,))


@lowers_statement(cst.Return, ast.Return)
def returned(cx: Context, n: cst.Return, a: Any, at: Span) -> Stmt:
    return Return(at, maybe(cx, n.value, a.value, at))


@lowers_statement(cst.Raise, ast.Raise)
def raised(cx: Context, n: cst.Raise, a: Any, at: Span) -> Stmt:
    return Raise(at, maybe(cx, n.exc, a.exc, at), maybe(cx, n.cause.item if n.cause else None, a.cause, at))


@lowers_statement(cst.Assert, ast.Assert)
def asserted(cx: Context, n: cst.Assert, a: Any, at: Span) -> Stmt:
    return Assert(at, expression(cx, n.test, a.test, at), maybe(cx, n.msg, a.msg, at))


@lowers_statement(cst.Pass, ast.Pass)
def passed(cx: Context, n: cst.Pass, a: Any, at: Span) -> Stmt:
    return Pass(at)


@lowers_statement(cst.Break, ast.Break)
def broken(cx: Context, n: cst.Break, a: Any, at: Span) -> Stmt:
    return Break(at)


@lowers_statement(cst.Continue, ast.Continue)
def continued(cx: Context, n: cst.Continue, a: Any, at: Span) -> Stmt:
    return Continue(at)


@lowers_statement(cst.Global, ast.Global)
def global_declaration(cx: Context, n: cst.Global, a: Any, at: Span) -> Stmt:
    return GlobalDecl(at, tuple([normal(item.name) for item in n.names]))


@lowers_statement(cst.Nonlocal, ast.Nonlocal)
def nonlocal_declaration(cx: Context, n: cst.Nonlocal, a: Any, at: Span) -> Stmt:
    return NonlocalDecl(at, tuple([normal(item.name) for item in n.names]))


if hasattr(cst, "TypeAlias"):

    @lowers_statement(cst.TypeAlias, *([ast.TypeAlias] if hasattr(ast, "TypeAlias") else []))
    def type_alias(cx: Context, n: cst.TypeAlias, a: Any, at: Span) -> Stmt:
        name = normal(n.name)
        return Assign(
            at, (Name(cx.place(n.name, a.name, at), name),), Opaque(at, f"{name} is a type alias"), None
        )


# ---- imports


def _aliases(aliases: Sequence[cst.ImportAlias]) -> tuple[tuple[str, str | None], ...]:
    names = []
    for alias in aliases:
        bound = alias.asname.name if alias.asname else None
        names.append((dotted(alias.name), normal(bound) if isinstance(bound, cst.Name) else None))
    return tuple(names)


@lowers_statement(cst.Import, ast.Import)
def imported(cx: Context, n: cst.Import, a: Any, at: Span) -> Stmt:
    return Import(at, _aliases(n.names))


@lowers_statement(cst.ImportFrom, ast.ImportFrom)
def imported_from(cx: Context, n: cst.ImportFrom, a: Any, at: Span) -> Stmt:
    names = (("*", None),) if isinstance(n.names, cst.ImportStar) else _aliases(n.names)
    return ImportFrom(at, dotted(n.module), len(n.relative), names)


# Lazy imports (PEP 810) bind the same names; only newer releases of libcst know them.
if hasattr(cst, "LazyImport"):
    lowers_statement(cst.LazyImport, ast.Import)(imported)
    lowers_statement(cst.LazyImportFrom, ast.ImportFrom)(imported_from)


# ---- compound statements


@lowers_statement(cst.If, ast.If)
def branch(cx: Context, n: cst.If, a: Any, at: Span) -> Stmt:
    chain: list[tuple[cst.If, Any, Span]] = [(n, a, at)]
    last = n.orelse
    a_last = a.orelse
    while isinstance(last, cst.If):
        a = steps(a_last, 1)[0]
        if a.__class__ is ast.If:
            at = cx.span(a)
        else:
            a, at = NOWHERE, cx.place(last, NOWHERE, at)
        chain.append((last, a, at))
        last, a_last = last.orelse, a.orelse
    orelse = block(cx, last.body, a_last, at) if last is not None else ()
    for link, a, at in reversed(chain):
        test = expression(cx, link.test, a.test, at)
        orelse = (If(at, test, block(cx, link.body, a.body, at), orelse),)
    return orelse[0]


def _else(cx: Context, n: cst.Else | cst.Finally | None, a: Any, outer: Span) -> tuple[Stmt, ...]:
    return () if n is None else block(cx, n.body, a, outer)


@lowers_statement(cst.For, ast.For, ast.AsyncFor)
def loop(cx: Context, n: cst.For, a: Any, at: Span) -> Stmt:
    target = expression(cx, n.target, a.target, at)
    iterated = expression(cx, n.iter, a.iter, at)
    return For(at, target, iterated, block(cx, n.body, a.body, at), _else(cx, n.orelse, a.orelse, at))


@lowers_statement(cst.While, ast.While)
def while_loop(cx: Context, n: cst.While, a: Any, at: Span) -> Stmt:
    test = expression(cx, n.test, a.test, at)
    return While(at, test, block(cx, n.body, a.body, at), _else(cx, n.orelse, a.orelse, at))


@lowers_statement(cst.With, ast.With, ast.AsyncWith)
def with_block(cx: Context, n: cst.With, a: Any, at: Span) -> Stmt:
    items: list[tuple[Expr, Expr | None]] = []
    for item, step in zip(n.items, steps(a.items, len(n.items)), strict=True):
        context = expression(cx, item.item, step.context_expr, at)
        target = maybe(cx, item.asname.name if item.asname else None, step.optional_vars, at)
        items.append((context, target))
    return With(at, tuple(items), block(cx, n.body, a.body, at))


_TRIES = (ast.Try, ast.TryStar) if hasattr(ast, "TryStar") else (ast.Try,)


@lowers_statement(cst.Try, *_TRIES)
@lowers_statement(cst.TryStar, *_TRIES)
def attempt(cx: Context, n: cst.Try | cst.TryStar, a: Any, at: Span) -> Stmt:
    body = block(cx, n.body, a.body, at)
    handlers: list[Handler] = []
    nodes: Sequence[cst.ExceptHandler | cst.ExceptStarHandler] = n.handlers
    for handler, step in zip(nodes, steps(a.handlers, len(n.handlers)), strict=True):
        place = cx.place(handler, step, at)
        caught = maybe(cx, handler.type, step.type, place)
        bound = handler.name.name if handler.name else None
        name = normal(bound) if isinstance(bound, cst.Name) else None
        handlers.append(Handler(place, caught, name, block(cx, handler.body, step.body, place)))
    orelse = _else(cx, n.orelse, a.orelse, at)
    return Try(at, body, tuple(handlers), orelse, _else(cx, n.finalbody, a.finalbody, at))


@lowers_statement(cst.Match, ast.Match)
def match_block(cx: Context, n: cst.Match, a: Any, at: Span) -> Stmt:
    cases: list[Case] = []
    for case, step in zip(n.cases, steps(a.cases, len(n.cases)), strict=True):
        pattern = expression(cx, case.pattern, step.pattern, at)
        guard = maybe(cx, case.guard, step.guard, at)
        body = block(cx, case.body, step.body, at)
        last = body[-1] if body else pattern
        cases.append(Case((*pattern.at[:2], *last.at[2:]), pattern, guard, body))
    return Match(at, expression(cx, n.subject, a.subject, at), tuple(cases))
