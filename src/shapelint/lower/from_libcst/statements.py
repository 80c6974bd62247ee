"""Lowers statements, one handler each. A long `elif` chain is walked in a loop."""

from __future__ import annotations

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
    Stmt,
    Try,
    TupleDisplay,
    While,
    With,
)
from shapelint.lower.from_libcst.context import Context
from shapelint.lower.from_libcst.dispatch import expression, expressions, maybe
from shapelint.lower.from_libcst.names import dotted, normal
from shapelint.lower.from_libcst.operators import AUGMENTED
from shapelint.lower.tables import declares

__all__ = ["block", "lowers_statement", "statements"]

StatementHandler = Callable[[Context, Any], Stmt]
_H = TypeVar("_H", bound=StatementHandler)

_TABLE: dict[type, StatementHandler] = {}


def lowers_statement(*nodes: type[cst.CSTNode]) -> Callable[[_H], _H]:
    """Declares what lowers statements of some types."""
    return declares(_TABLE, nodes)


def block(cx: Context, n: cst.BaseSuite | cst.Else | cst.Finally | None) -> tuple[Stmt, ...]:
    """The body of a compound statement, or of a clause that may be absent."""
    if isinstance(n, (cst.Else, cst.Finally)):
        n = n.body
    return () if n is None else statements(cx, n.body)


def statements(cx: Context, nodes: Sequence[cst.CSTNode]) -> tuple[Stmt, ...]:
    """Statements in a row; several may stand on one line."""
    lowered: list[Stmt] = []
    for n in nodes:
        if isinstance(n, cst.SimpleStatementLine):
            lowered += [statement(cx, each) for each in n.body]
        else:
            lowered.append(statement(cx, n))
    return tuple(lowered)


def statement(cx: Context, n: cst.CSTNode) -> Stmt:
    """One statement."""
    handler = _TABLE.get(n.__class__)
    if handler is None:
        at = cx.span(n)
        return ExprStmt(at, Opaque(at, f"{n.__class__.__name__} is not modelled"))
    return handler(cx, n)


# ---- simple statements


@lowers_statement(cst.Expr)
def expression_statement(cx: Context, n: cst.Expr) -> Stmt:
    return ExprStmt(cx.span(n), expression(cx, n.value))


@lowers_statement(cst.Assign)
def assign(cx: Context, n: cst.Assign) -> Stmt:
    targets = expressions(cx, [each.target for each in n.targets])
    return Assign(cx.span(n), targets, expression(cx, n.value), None)


@lowers_statement(cst.AnnAssign)
def annotated(cx: Context, n: cst.AnnAssign) -> Stmt:
    annotation = expression(cx, n.annotation.annotation)
    return Assign(cx.span(n), (expression(cx, n.target),), maybe(cx, n.value), annotation)


@lowers_statement(cst.AugAssign)
def augmented(cx: Context, n: cst.AugAssign) -> Stmt:
    target = expression(cx, n.target)
    return AugAssign(cx.span(n), target, AUGMENTED[n.operator.__class__], expression(cx, n.value))


@lowers_statement(cst.Del)
def delete(cx: Context, n: cst.Del) -> Stmt:
    lowered = expression(cx, n.target)
    # `del a, b` has two targets, `del (a, b)` is one tuple; both delete both.
    targets: tuple[Expr, ...] = (lowered,)
    if isinstance(lowered, TupleDisplay) and isinstance(n.target, cst.Tuple) and not n.target.lpar:
        targets = lowered.items
    if len(targets) == 1 and isinstance(targets[0], TupleDisplay):
        targets = targets[0].items
    return Delete(cx.span(n), targets)


@lowers_statement(cst.Return)
def returned(cx: Context, n: cst.Return) -> Stmt:
    return Return(cx.span(n), maybe(cx, n.value))


@lowers_statement(cst.Raise)
def raised(cx: Context, n: cst.Raise) -> Stmt:
    return Raise(cx.span(n), maybe(cx, n.exc), maybe(cx, n.cause.item if n.cause else None))


@lowers_statement(cst.Assert)
def asserted(cx: Context, n: cst.Assert) -> Stmt:
    return Assert(cx.span(n), expression(cx, n.test), maybe(cx, n.msg))


@lowers_statement(cst.Pass)
def passed(cx: Context, n: cst.Pass) -> Stmt:
    return Pass(cx.span(n))


@lowers_statement(cst.Break)
def broken(cx: Context, n: cst.Break) -> Stmt:
    return Break(cx.span(n))


@lowers_statement(cst.Continue)
def continued(cx: Context, n: cst.Continue) -> Stmt:
    return Continue(cx.span(n))


@lowers_statement(cst.Global)
def global_declaration(cx: Context, n: cst.Global) -> Stmt:
    return GlobalDecl(cx.span(n), tuple([normal(item.name) for item in n.names]))


@lowers_statement(cst.Nonlocal)
def nonlocal_declaration(cx: Context, n: cst.Nonlocal) -> Stmt:
    return NonlocalDecl(cx.span(n), tuple([normal(item.name) for item in n.names]))


if hasattr(cst, "TypeAlias"):

    @lowers_statement(cst.TypeAlias)
    def type_alias(cx: Context, n: cst.TypeAlias) -> Stmt:
        at, name = cx.span(n), normal(n.name)
        return Assign(at, (Name(cx.span(n.name), name),), Opaque(at, f"{name} is a type alias"), None)


# ---- imports


def _aliases(aliases: Sequence[cst.ImportAlias]) -> tuple[tuple[str, str | None], ...]:
    names = []
    for alias in aliases:
        bound = alias.asname.name if alias.asname else None
        names.append((dotted(alias.name), normal(bound) if isinstance(bound, cst.Name) else None))
    return tuple(names)


@lowers_statement(cst.Import)
def imported(cx: Context, n: cst.Import) -> Stmt:
    return Import(cx.span(n), _aliases(n.names))


@lowers_statement(cst.ImportFrom)
def imported_from(cx: Context, n: cst.ImportFrom) -> Stmt:
    names = (("*", None),) if isinstance(n.names, cst.ImportStar) else _aliases(n.names)
    return ImportFrom(cx.span(n), dotted(n.module), len(n.relative), names)


# Lazy imports (PEP 810) bind the same names; only newer releases of libcst know them.
if hasattr(cst, "LazyImport"):
    lowers_statement(cst.LazyImport)(imported)
    lowers_statement(cst.LazyImportFrom)(imported_from)


# ---- compound statements


@lowers_statement(cst.If)
def branch(cx: Context, n: cst.If) -> Stmt:
    chain = [n]
    while isinstance(chain[-1].orelse, cst.If):
        chain.append(chain[-1].orelse)
    last = chain[-1].orelse
    assert not isinstance(last, cst.If)
    lowered = block(cx, last)
    for link in reversed(chain):
        lowered = (If(cx.span(link), expression(cx, link.test), block(cx, link.body), lowered),)
    return lowered[0]


@lowers_statement(cst.For)
def loop(cx: Context, n: cst.For) -> Stmt:
    target, iterated = expression(cx, n.target), expression(cx, n.iter)
    return For(cx.span(n), target, iterated, block(cx, n.body), block(cx, n.orelse))


@lowers_statement(cst.While)
def while_loop(cx: Context, n: cst.While) -> Stmt:
    return While(cx.span(n), expression(cx, n.test), block(cx, n.body), block(cx, n.orelse))


@lowers_statement(cst.With)
def with_block(cx: Context, n: cst.With) -> Stmt:
    items = [(expression(cx, each.item), maybe(cx, each.asname and each.asname.name)) for each in n.items]
    return With(cx.span(n), tuple(items), block(cx, n.body))


@lowers_statement(cst.Try, cst.TryStar)
def attempt(cx: Context, n: cst.Try | cst.TryStar) -> Stmt:
    body = block(cx, n.body)
    handlers: list[Handler] = []
    for each in n.handlers:
        bound = each.name.name if each.name else None
        name = normal(bound) if isinstance(bound, cst.Name) else None
        handlers.append(Handler(cx.span(each), maybe(cx, each.type), name, block(cx, each.body)))
    return Try(cx.span(n), body, tuple(handlers), block(cx, n.orelse), block(cx, n.finalbody))


@lowers_statement(cst.Match)
def match_block(cx: Context, n: cst.Match) -> Stmt:
    cases: list[Case] = []
    for case in n.cases:
        pattern, guard, body = expression(cx, case.pattern), maybe(cx, case.guard), block(cx, case.body)
        # From its pattern to its end, as `ast` gives a case no position of its own.
        cases.append(Case((*pattern.at[:2], *body[-1].at[2:]), pattern, guard, body))
    return Match(cx.span(n), expression(cx, n.subject), tuple(cases))
