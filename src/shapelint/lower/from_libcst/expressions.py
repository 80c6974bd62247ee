"""Lowers expressions that compute: names, numbers, operators, calls, attributes, subscripts.

Chains to the left (`a + b + …`, `a.b().c[0]…`, `a and b and …`) are walked in a loop: they may be thousands long.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

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
    Opaque,
    SliceExpr,
    Starred,
    Subscript,
    TupleDisplay,
    UnaryOp,
    Yield,
    YieldFrom,
)
from shapelint.lower.from_libcst.context import Context
from shapelint.lower.from_libcst.dispatch import expression, expressions, lowers, maybe
from shapelint.lower.from_libcst.names import normal
from shapelint.lower.from_libcst.operators import BINARY, BOOLEAN, COMPARE, UNARY
from shapelint.lower.from_libcst.positions import with_last_comma

__all__ = ["arguments"]

_SINGLETONS = {"True": True, "False": False, "None": None}


@lowers(cst.Name)
def name(cx: Context, n: cst.Name) -> Expr:
    if n.value in _SINGLETONS:
        return Const(cx.span(n), _SINGLETONS[n.value])
    return Name(cx.span(n), normal(n))


@lowers(cst.Ellipsis)
def ellipsis(cx: Context, n: cst.Ellipsis) -> Expr:
    return Const(cx.span(n), ...)


@lowers(cst.Integer, cst.Float, cst.Imaginary)
def number(cx: Context, n: cst.Integer | cst.Float | cst.Imaginary) -> Expr:
    try:
        return Const(cx.span(n), ast.literal_eval(n.value))
    except (SyntaxError, ValueError):
        # Python refuses to read an integer of more than 4,300 digits.
        return Opaque(cx.span(n), f"a number of {len(n.value)} characters is not read")


# ---- operators


@lowers(cst.BinaryOperation)
def binary(cx: Context, n: cst.BinaryOperation) -> Expr:
    spine = [n]
    while isinstance(spine[-1].left, cst.BinaryOperation):
        spine.append(spine[-1].left)
    result = expression(cx, spine[-1].left)
    for link in reversed(spine):
        result = BinOp(cx.span(link), BINARY[link.operator.__class__], result, expression(cx, link.right))
    return result


@lowers(cst.UnaryOperation)
def unary(cx: Context, n: cst.UnaryOperation) -> Expr:
    return UnaryOp(cx.span(n), UNARY[n.operator.__class__], expression(cx, n.expression))


@lowers(cst.BooleanOperation)
def boolean(cx: Context, n: cst.BooleanOperation) -> Expr:
    kind = n.operator.__class__
    parts: list[cst.BaseExpression] = [n.right]
    left = n.left
    # `a and b and c` is one operation, `(a and b) and c` is two.
    while isinstance(left, cst.BooleanOperation) and left.operator.__class__ is kind and not left.lpar:
        parts.append(left.right)
        left = left.left
    parts.append(left)
    return BoolOp(cx.span(n), BOOLEAN[kind], expressions(cx, reversed(parts)))


@lowers(cst.Comparison)
def compare(cx: Context, n: cst.Comparison) -> Expr:
    ops = tuple([COMPARE[target.operator.__class__] for target in n.comparisons])
    rights = expressions(cx, [target.comparator for target in n.comparisons])
    return Compare(cx.span(n), expression(cx, n.left), ops, rights)


@lowers(cst.IfExp)
def if_expression(cx: Context, n: cst.IfExp) -> Expr:
    return IfExp(cx.span(n), expression(cx, n.test), expression(cx, n.body), expression(cx, n.orelse))


@lowers(cst.NamedExpr)
def named(cx: Context, n: cst.NamedExpr) -> Expr:
    assert isinstance(n.target, cst.Name)
    return NamedExpr(cx.span(n), normal(n.target), expression(cx, n.value))


@lowers(cst.Await)
def awaited(cx: Context, n: cst.Await) -> Expr:
    return Await(cx.span(n), expression(cx, n.expression))


@lowers(cst.Yield)
def yielded(cx: Context, n: cst.Yield) -> Expr:
    if isinstance(n.value, cst.From):
        return YieldFrom(cx.span(n), expression(cx, n.value.item))
    return Yield(cx.span(n), maybe(cx, n.value))


# ---- what follows a value: attributes, calls, subscripts


@lowers(cst.Attribute, cst.Call, cst.Subscript)
def postfix(cx: Context, n: cst.Attribute | cst.Call | cst.Subscript) -> Expr:
    spine = [n]
    while True:
        inner = n.func if isinstance(n, cst.Call) else n.value
        if not isinstance(inner, (cst.Attribute, cst.Call, cst.Subscript)):
            break
        n = inner
        spine.append(n)
    result = expression(cx, inner)
    for link in reversed(spine):
        at = cx.span(link)
        if isinstance(link, cst.Attribute):
            result = Attribute(at, result, normal(link.attr))
        elif isinstance(link, cst.Call):
            result = Call(at, result, *arguments(cx, link.args))
        else:
            result = Subscript(at, result, _index(cx, link))
    return result


def arguments(
    cx: Context, nodes: Sequence[cst.Arg]
) -> tuple[tuple[Expr, ...], tuple[tuple[str | None, Expr], ...]]:
    """The positional and the named arguments of a call or a class statement."""
    args: list[Expr] = []
    keywords: list[tuple[str | None, Expr]] = []
    for node in nodes:
        value = expression(cx, node.value)
        if node.keyword is not None or node.star == "**":
            keywords.append((None if node.keyword is None else normal(node.keyword), value))
        else:
            args.append(Starred(cx.span(node), value) if node.star else value)
    return tuple(args), tuple(keywords)


def _index(cx: Context, n: cst.Subscript) -> Expr:
    elements = n.slice
    first = elements[0]
    lowered = tuple([_element(cx, element.slice) for element in elements])
    single = len(elements) == 1 and not isinstance(first.comma, cst.Comma)
    if single and not (isinstance(first.slice, cst.Index) and first.slice.star):
        return lowered[0]
    at = (*cx.span(first)[:2], *cx.span(elements[-1].slice)[2:])
    return TupleDisplay(with_last_comma(cx.recorded, at, elements[-1:]), lowered)


def _element(cx: Context, n: cst.BaseSlice) -> Expr:
    if isinstance(n, cst.Index):
        value = expression(cx, n.value)
        return Starred(cx.span(n), value) if n.star else value
    assert isinstance(n, cst.Slice)
    return SliceExpr(cx.span(n), maybe(cx, n.lower), maybe(cx, n.upper), maybe(cx, n.step))
