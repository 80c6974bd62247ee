"""Lowers the patterns of `case` to the expressions that look like them, as `ir.Case` says."""

from __future__ import annotations

import libcst as cst

from shapelint.ir import BoolOp, Call, Const, DictDisplay, Expr, Name, NamedExpr, Starred, TupleDisplay
from shapelint.lower.from_libcst.context import Context
from shapelint.lower.from_libcst.dispatch import expression, expressions, lowers
from shapelint.lower.from_libcst.names import normal
from shapelint.lower.literals import folded


@lowers(cst.MatchValue)
def value(cx: Context, n: cst.MatchValue) -> Expr:
    return folded(expression(cx, n.value))


@lowers(cst.MatchSingleton)
def singleton(cx: Context, n: cst.MatchSingleton) -> Expr:
    return Const(cx.span(n), {"True": True, "False": False, "None": None}[n.value.value])


@lowers(cst.MatchList, cst.MatchTuple)
def sequence(cx: Context, n: cst.MatchList | cst.MatchTuple) -> Expr:
    patterns = [each.value if isinstance(each, cst.MatchSequenceElement) else each for each in n.patterns]
    return TupleDisplay(cx.span(n), expressions(cx, patterns))


@lowers(cst.MatchStar)
def star(cx: Context, n: cst.MatchStar) -> Expr:
    at = cx.span(n)
    return Starred(at, Name(at, normal(n.name) if n.name else "_"))


@lowers(cst.MatchMapping)
def mapping(cx: Context, n: cst.MatchMapping) -> Expr:
    at = cx.span(n)
    keys: list[Expr | None] = [folded(expression(cx, each.key)) for each in n.elements]
    values = [expression(cx, each.pattern) for each in n.elements]
    if n.rest is not None:
        keys.append(None)
        values.append(Name(at, normal(n.rest)))
    return DictDisplay(at, tuple(keys), tuple(values))


@lowers(cst.MatchClass)
def instance(cx: Context, n: cst.MatchClass) -> Expr:
    keywords = tuple([(normal(each.key), expression(cx, each.pattern)) for each in n.kwds])
    args = expressions(cx, [each.value for each in n.patterns])
    return Call(cx.span(n), expression(cx, n.cls), args, keywords)


@lowers(cst.MatchAs)
def capture(cx: Context, n: cst.MatchAs) -> Expr:
    name = normal(n.name) if n.name else "_"
    if n.pattern is None:
        return Name(cx.span(n), name)
    return NamedExpr(cx.span(n), name, expression(cx, n.pattern))


@lowers(cst.MatchOr)
def alternatives(cx: Context, n: cst.MatchOr) -> Expr:
    return BoolOp(cx.span(n), "or", expressions(cx, [each.pattern for each in n.patterns]))
