"""Lowers the patterns of `case` to the expressions that look like them, as `ir.Case` says."""

from __future__ import annotations

import ast

from shapelint.ir import BoolOp, Call, Const, DictDisplay, Expr, Name, NamedExpr, Starred, TupleDisplay
from shapelint.lower.from_ast.context import Context
from shapelint.lower.from_ast.dispatch import expression, expressions, lowers
from shapelint.lower.literals import folded


@lowers(ast.MatchValue)
def value(cx: Context, a: ast.MatchValue) -> Expr:
    return folded(expression(cx, a.value))


@lowers(ast.MatchSingleton)
def singleton(cx: Context, a: ast.MatchSingleton) -> Expr:
    return Const(cx.span(a), a.value)


@lowers(ast.MatchSequence)
def sequence(cx: Context, a: ast.MatchSequence) -> Expr:
    return TupleDisplay(cx.span(a), expressions(cx, a.patterns))


@lowers(ast.MatchStar)
def star(cx: Context, a: ast.MatchStar) -> Expr:
    at = cx.span(a)
    return Starred(at, Name(at, a.name or "_"))


@lowers(ast.MatchMapping)
def mapping(cx: Context, a: ast.MatchMapping) -> Expr:
    at = cx.span(a)
    keys: list[Expr | None] = [folded(expression(cx, key)) for key in a.keys]
    values = [*expressions(cx, a.patterns)]
    if a.rest is not None:
        keys.append(None)
        values.append(Name(at, a.rest))
    return DictDisplay(at, tuple(keys), tuple(values))


@lowers(ast.MatchClass)
def instance(cx: Context, a: ast.MatchClass) -> Expr:
    keywords = tuple(zip(a.kwd_attrs, expressions(cx, a.kwd_patterns), strict=True))
    return Call(cx.span(a), expression(cx, a.cls), expressions(cx, a.patterns), keywords)


@lowers(ast.MatchAs)
def capture(cx: Context, a: ast.MatchAs) -> Expr:
    name = a.name or "_"
    if a.pattern is None:
        return Name(cx.span(a), name)
    return NamedExpr(cx.span(a), name, expression(cx, a.pattern))


@lowers(ast.MatchOr)
def alternatives(cx: Context, a: ast.MatchOr) -> Expr:
    return BoolOp(cx.span(a), "or", expressions(cx, a.patterns))
