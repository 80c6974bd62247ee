"""Lowers the patterns of `case` to the expressions that look like them, as `ir.Case` says."""

from __future__ import annotations

import ast
from typing import Any

import libcst as cst

from shapelint.ir import (
    BinOp,
    BoolOp,
    Call,
    Const,
    DictDisplay,
    Expr,
    Name,
    NamedExpr,
    Span,
    Starred,
    TupleDisplay,
    UnaryOp,
)
from shapelint.lower.dispatch import expression, lowers
from shapelint.lower.names import normal
from shapelint.lower.positions import Context, steps


@lowers(cst.MatchValue, ast.MatchValue)
def value(cx: Context, n: cst.MatchValue, a: Any, at: Span) -> Expr:
    return _folded(expression(cx, n.value, a.value, at))


def _folded(lowered: Expr) -> Expr:
    """`-1` and `1+2j` are values in a pattern, not operations."""
    if isinstance(lowered, UnaryOp) and lowered.op == "-":
        number = _number(lowered.operand)
        return lowered if number is None else Const(lowered.at, -number)
    if isinstance(lowered, BinOp) and lowered.op in "+-":
        left, right = _number(_folded(lowered.left)), _number(lowered.right)
        if left is not None and right is not None:
            return Const(lowered.at, left + right if lowered.op == "+" else left - right)
    return lowered


def _number(lowered: Expr) -> complex | None:
    if isinstance(lowered, Const) and isinstance(lowered.value, (int, float, complex)):
        return lowered.value
    return None


@lowers(cst.MatchSingleton, ast.MatchSingleton)
def singleton(cx: Context, n: cst.MatchSingleton, a: Any, at: Span) -> Expr:
    return Const(at, {"True": True, "False": False, "None": None}[n.value.value])


@lowers(cst.MatchList, ast.MatchSequence)
@lowers(cst.MatchTuple, ast.MatchSequence)
def sequence(cx: Context, n: cst.MatchList | cst.MatchTuple, a: Any, at: Span) -> Expr:
    pairs = zip(n.patterns, steps(a.patterns, len(n.patterns)), strict=True)
    return TupleDisplay(at, tuple([expression(cx, _unwrapped(each), step, at) for each, step in pairs]))


def _unwrapped(n: cst.MatchSequenceElement | cst.MatchStar) -> cst.CSTNode:
    return n.value if isinstance(n, cst.MatchSequenceElement) else n


@lowers(cst.MatchStar, ast.MatchStar)
def star(cx: Context, n: cst.MatchStar, a: Any, at: Span) -> Expr:
    return Starred(at, Name(at, normal(n.name) if n.name else "_"))


@lowers(cst.MatchMapping, ast.MatchMapping)
def mapping(cx: Context, n: cst.MatchMapping, a: Any, at: Span) -> Expr:
    count = len(n.elements)
    keys: list[Expr | None] = []
    values: list[Expr] = []
    for each, a_key, a_pattern in zip(
        n.elements, steps(a.keys, count), steps(a.patterns, count), strict=True
    ):
        keys.append(_folded(expression(cx, each.key, a_key, at)))
        values.append(expression(cx, each.pattern, a_pattern, at))
    if n.rest is not None:
        keys.append(None)
        values.append(Name(cx.place(n.rest, None, at), normal(n.rest)))
    return DictDisplay(at, tuple(keys), tuple(values))


@lowers(cst.MatchClass, ast.MatchClass)
def instance(cx: Context, n: cst.MatchClass, a: Any, at: Span) -> Expr:
    pairs = zip(n.patterns, steps(a.patterns, len(n.patterns)), strict=True)
    args = tuple([expression(cx, each.value, step, at) for each, step in pairs])
    named = zip(n.kwds, steps(a.kwd_patterns, len(n.kwds)), strict=True)
    keywords = tuple([(normal(each.key), expression(cx, each.pattern, step, at)) for each, step in named])
    return Call(at, expression(cx, n.cls, a.cls, at), args, keywords)


@lowers(cst.MatchAs, ast.MatchAs)
def capture(cx: Context, n: cst.MatchAs, a: Any, at: Span) -> Expr:
    name = normal(n.name) if n.name else "_"
    if n.pattern is None:
        return Name(at, name)
    return NamedExpr(at, name, expression(cx, n.pattern, a.pattern, at))


@lowers(cst.MatchOr, ast.MatchOr)
def alternatives(cx: Context, n: cst.MatchOr, a: Any, at: Span) -> Expr:
    pairs = zip(n.patterns, steps(a.patterns, len(n.patterns)), strict=True)
    return BoolOp(at, "or", tuple([expression(cx, each.pattern, step, at) for each, step in pairs]))
