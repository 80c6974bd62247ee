"""Lowers expressions that compute: names, constants, operators, calls, attributes, subscripts.

Chains to the left (`a + b + …`, `a.b().c[0]…`) are walked in a loop: they may be a thousand long.
"""

from __future__ import annotations

import ast

from shapelint.ir import (
    Attribute,
    Await,
    BinOp,
    BoolOp,
    Call,
    Compare,
    Const,
    Expr,
    IfExp,
    Name,
    NamedExpr,
    SliceExpr,
    Starred,
    Subscript,
    UnaryOp,
    Yield,
    YieldFrom,
)
from shapelint.lower.from_ast.context import Context
from shapelint.lower.from_ast.dispatch import expression, expressions, lowers, maybe
from shapelint.lower.from_ast.operators import BINARY, BOOLEAN, COMPARE, UNARY

__all__ = ["named_arguments"]


@lowers(ast.Name)
def name(cx: Context, a: ast.Name) -> Expr:
    return Name(cx.span(a), a.id)


@lowers(ast.Constant)
def constant(cx: Context, a: ast.Constant) -> Expr:
    return Const(cx.span(a), a.value)


# ---- operators


@lowers(ast.BinOp)
def binary(cx: Context, a: ast.BinOp) -> Expr:
    spine = [a]
    while isinstance(spine[-1].left, ast.BinOp):
        spine.append(spine[-1].left)
    result = expression(cx, spine[-1].left)
    for link in reversed(spine):
        result = BinOp(cx.span(link), BINARY[link.op.__class__], result, expression(cx, link.right))
    return result


@lowers(ast.UnaryOp)
def unary(cx: Context, a: ast.UnaryOp) -> Expr:
    return UnaryOp(cx.span(a), UNARY[a.op.__class__], expression(cx, a.operand))


@lowers(ast.BoolOp)
def boolean(cx: Context, a: ast.BoolOp) -> Expr:
    return BoolOp(cx.span(a), BOOLEAN[a.op.__class__], expressions(cx, a.values))


@lowers(ast.Compare)
def compare(cx: Context, a: ast.Compare) -> Expr:
    ops = tuple([COMPARE[op.__class__] for op in a.ops])
    return Compare(cx.span(a), expression(cx, a.left), ops, expressions(cx, a.comparators))


@lowers(ast.IfExp)
def if_expression(cx: Context, a: ast.IfExp) -> Expr:
    return IfExp(cx.span(a), expression(cx, a.test), expression(cx, a.body), expression(cx, a.orelse))


@lowers(ast.NamedExpr)
def named(cx: Context, a: ast.NamedExpr) -> Expr:
    return NamedExpr(cx.span(a), a.target.id, expression(cx, a.value))


@lowers(ast.Await)
def awaited(cx: Context, a: ast.Await) -> Expr:
    return Await(cx.span(a), expression(cx, a.value))


@lowers(ast.Yield)
def yielded(cx: Context, a: ast.Yield) -> Expr:
    return Yield(cx.span(a), maybe(cx, a.value))


@lowers(ast.YieldFrom)
def yielded_from(cx: Context, a: ast.YieldFrom) -> Expr:
    return YieldFrom(cx.span(a), expression(cx, a.value))


# ---- what follows a value: attributes, calls, subscripts


@lowers(ast.Attribute, ast.Call, ast.Subscript)
def postfix(cx: Context, a: ast.Attribute | ast.Call | ast.Subscript) -> Expr:
    spine = [a]
    while True:
        inner = a.func if isinstance(a, ast.Call) else a.value
        if not isinstance(inner, (ast.Attribute, ast.Call, ast.Subscript)):
            break
        a = inner
        spine.append(a)
    result = expression(cx, inner)
    for link in reversed(spine):
        at = cx.span(link)
        if isinstance(link, ast.Attribute):
            result = Attribute(at, result, link.attr)
        elif isinstance(link, ast.Call):
            result = Call(at, result, expressions(cx, link.args), named_arguments(cx, link.keywords))
        else:
            result = Subscript(at, result, expression(cx, link.slice))
    return result


def named_arguments(cx: Context, nodes: list[ast.keyword]) -> tuple[tuple[str | None, Expr], ...]:
    """Those of a call or a class statement."""
    return tuple([(each.arg, expression(cx, each.value)) for each in nodes])


@lowers(ast.Starred)
def starred(cx: Context, a: ast.Starred) -> Expr:
    return Starred(cx.span(a), expression(cx, a.value))


@lowers(ast.Slice)
def sliced(cx: Context, a: ast.Slice) -> Expr:
    return SliceExpr(cx.span(a), maybe(cx, a.lower), maybe(cx, a.upper), maybe(cx, a.step))
