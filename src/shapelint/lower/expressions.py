"""Lowers expressions that compute: names, numbers, operators, calls, attributes, subscripts.

Chains to the left (`a + b + …`, `a.b().c[0]…`, `a and b and …`) are walked in a loop: they may be thousands long.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

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
    Span,
    Starred,
    Subscript,
    TupleDisplay,
    UnaryOp,
    Yield,
    YieldFrom,
)
from shapelint.lower.dispatch import expression, lowers, maybe
from shapelint.lower.names import normal
from shapelint.lower.operators import BINARY, BOOLEAN, COMPARE, UNARY
from shapelint.lower.positions import NOWHERE, Context, steps, with_last_comma

__all__ = ["arguments"]

_SINGLETONS = {"True": True, "False": False, "None": None}


@lowers(cst.Name, ast.Name, ast.Constant)
def name(cx: Context, n: cst.Name, a: Any, at: Span) -> Expr:
    if n.value in _SINGLETONS:
        return Const(at, _SINGLETONS[n.value])
    return Name(at, normal(n))


@lowers(cst.Ellipsis, ast.Constant)
def ellipsis(cx: Context, n: cst.Ellipsis, a: Any, at: Span) -> Expr:
    return Const(at, ...)


@lowers(cst.Integer, ast.Constant)
@lowers(cst.Float, ast.Constant)
@lowers(cst.Imaginary, ast.Constant)
def number(cx: Context, n: cst.Integer | cst.Float | cst.Imaginary, a: Any, at: Span) -> Expr:
    if a is not NOWHERE:
        return Const(at, a.value)
    try:
        return Const(at, ast.literal_eval(n.value))
    except (SyntaxError, ValueError):
        # Python refuses to read an integer of more than 4,300 digits.
        return Opaque(at, f"a number of {len(n.value)} characters is not read")


# ---- operators


@lowers(cst.BinaryOperation, ast.BinOp)
def binary(cx: Context, n: cst.BinaryOperation, a: Any, at: Span) -> Expr:
    spine = [(n, a, at)]
    left: cst.BaseExpression = n.left
    a_left = a.left
    while left.__class__ is cst.BinaryOperation:
        assert isinstance(left, cst.BinaryOperation)
        a_left, at = _step(cx, left, a_left, at, ast.BinOp)
        spine.append((left, a_left, at))
        left, a_left = left.left, a_left.left
    result = expression(cx, left, a_left, at)
    for n, a, at in reversed(spine):
        result = BinOp(at, BINARY[n.operator.__class__], result, expression(cx, n.right, a.right, at))
    return result


@lowers(cst.UnaryOperation, ast.UnaryOp)
def unary(cx: Context, n: cst.UnaryOperation, a: Any, at: Span) -> Expr:
    return UnaryOp(at, UNARY[n.operator.__class__], expression(cx, n.expression, a.operand, at))


@lowers(cst.BooleanOperation, ast.BoolOp)
def boolean(cx: Context, n: cst.BooleanOperation, a: Any, at: Span) -> Expr:
    kind = n.operator.__class__
    parts: list[cst.BaseExpression] = [n.right]
    left = n.left
    # `ast` makes one node of `a and b and c`, but not of `(a and b) and c`.
    while isinstance(left, cst.BooleanOperation) and left.operator.__class__ is kind and not left.lpar:
        parts.append(left.right)
        left = left.left
    parts.append(left)
    parts.reverse()
    pairs = zip(parts, steps(a.values, len(parts)), strict=True)
    return BoolOp(at, BOOLEAN[kind], tuple([expression(cx, part, step, at) for part, step in pairs]))


@lowers(cst.Comparison, ast.Compare)
def compare(cx: Context, n: cst.Comparison, a: Any, at: Span) -> Expr:
    targets = n.comparisons
    pairs = zip(targets, steps(a.comparators, len(targets)), strict=True)
    return Compare(
        at,
        expression(cx, n.left, a.left, at),
        tuple([COMPARE[target.operator.__class__] for target in targets]),
        tuple([expression(cx, target.comparator, step, at) for target, step in pairs]),
    )


@lowers(cst.IfExp, ast.IfExp)
def if_expression(cx: Context, n: cst.IfExp, a: Any, at: Span) -> Expr:
    return IfExp(
        at,
        expression(cx, n.test, a.test, at),
        expression(cx, n.body, a.body, at),
        expression(cx, n.orelse, a.orelse, at),
    )


@lowers(cst.NamedExpr, ast.NamedExpr)
def named(cx: Context, n: cst.NamedExpr, a: Any, at: Span) -> Expr:
    assert isinstance(n.target, cst.Name)
    return NamedExpr(at, normal(n.target), expression(cx, n.value, a.value, at))


@lowers(cst.Await, ast.Await)
def awaited(cx: Context, n: cst.Await, a: Any, at: Span) -> Expr:
    return Await(at, expression(cx, n.expression, a.value, at))


@lowers(cst.Yield, ast.Yield, ast.YieldFrom)
def yielded(cx: Context, n: cst.Yield, a: Any, at: Span) -> Expr:
    if isinstance(n.value, cst.From):
        return YieldFrom(at, expression(cx, n.value.item, a.value, at))
    return Yield(at, maybe(cx, n.value, a.value, at))


# ---- what follows a value: attributes, calls, subscripts


@lowers(cst.Attribute, ast.Attribute)
@lowers(cst.Call, ast.Call)
@lowers(cst.Subscript, ast.Subscript)
def postfix(cx: Context, n: cst.Attribute | cst.Call | cst.Subscript, a: Any, at: Span) -> Expr:
    spine: list[tuple[Any, Any, Span]] = [(n, a, at)]
    link: Any = n
    while True:
        if link.__class__ is cst.Call:
            inner, a = link.func, a.func
        else:
            inner, a = link.value, a.value
        pair = _POSTFIX.get(inner.__class__)
        if pair is None:
            break
        a, at = _step(cx, inner, a, at, pair)
        link = inner
        spine.append((link, a, at))
    result = expression(cx, inner, a, at)
    for link, a, at in reversed(spine):
        if link.__class__ is cst.Attribute:
            result = Attribute(at, result, normal(link.attr))
        elif link.__class__ is cst.Call:
            args, keywords = arguments(cx, link.args, a.args, a.keywords, at)
            result = Call(at, result, args, keywords)
        else:
            result = Subscript(at, result, _index(cx, link, a.slice, at))
    return result


_POSTFIX: dict[type, type] = {cst.Attribute: ast.Attribute, cst.Call: ast.Call, cst.Subscript: ast.Subscript}


def arguments(
    cx: Context, nodes: Sequence[cst.Arg], a_args: Any, a_keywords: Any, at: Span
) -> tuple[tuple[Expr, ...], tuple[tuple[str | None, Expr], ...]]:
    """The positional and the named arguments of a call or a class statement."""
    if not nodes:
        return (), ()
    named_count = sum([1 for node in nodes if node.keyword is not None or node.star == "**"])
    positional = iter(steps(a_args, len(nodes) - named_count))
    keyword = iter(steps(a_keywords, named_count))
    args: list[Expr] = []
    keywords: list[tuple[str | None, Expr]] = []
    for node in nodes:
        if node.keyword is not None or node.star == "**":
            key = None if node.keyword is None else normal(node.keyword)
            keywords.append((key, expression(cx, node.value, next(keyword).value, at)))
        elif node.star:
            args.append(_starred(cx, node, node.value, next(positional), at))
        else:
            args.append(expression(cx, node.value, next(positional), at))
    return tuple(args), tuple(keywords)


def _starred(cx: Context, n: cst.CSTNode, value: cst.BaseExpression, a: Any, outer: Span) -> Expr:
    a, at = _step(cx, n, a, outer, ast.Starred)
    return Starred(at, expression(cx, value, a.value, at))


def _index(cx: Context, n: cst.Subscript, a: Any, outer: Span) -> Expr:
    elements = n.slice
    first = elements[0]
    single = len(elements) == 1 and not isinstance(first.comma, cst.Comma)
    if single and not (isinstance(first.slice, cst.Index) and first.slice.star):
        return _element(cx, first.slice, a, outer)
    a, at = _step(cx, first, a, outer, ast.Tuple)
    if a is NOWHERE and cx.recorded:
        at = (*cx.place(first, a, outer)[:2], *cx.place(elements[-1].slice, a, outer)[2:])
        at = with_last_comma(cx.recorded, at, elements[-1:])
    pairs = zip(elements, steps(a.elts, len(elements)), strict=True)
    return TupleDisplay(at, tuple([_element(cx, element.slice, step, at) for element, step in pairs]))


def _element(cx: Context, n: cst.BaseSlice, a: Any, outer: Span) -> Expr:
    if isinstance(n, cst.Index):
        return _starred(cx, n, n.value, a, outer) if n.star else expression(cx, n.value, a, outer)
    assert isinstance(n, cst.Slice)
    a, at = _step(cx, n, a, outer, ast.Slice)
    return SliceExpr(
        at, maybe(cx, n.lower, a.lower, at), maybe(cx, n.upper, a.upper, at), maybe(cx, n.step, a.step, at)
    )


def _step(cx: Context, n: cst.CSTNode, a: Any, outer: Span, pair: type) -> tuple[Any, Span]:
    """The next pair down and its span, when the dispatch table is not asked."""
    if a.__class__ is pair:
        return a, cx.span(a)
    return NOWHERE, cx.place(n, NOWHERE, outer)
