"""Lowers displays, comprehensions and lambdas: what builds a container or a function in an expression."""

from __future__ import annotations

import ast

from shapelint.ir import (
    CompFor,
    Comprehension,
    DictDisplay,
    Expr,
    Lambda,
    ListDisplay,
    SetDisplay,
    TupleDisplay,
)
from shapelint.lower.from_ast.context import Context
from shapelint.lower.from_ast.dispatch import expression, expressions, lowers, maybe
from shapelint.lower.from_ast.parameters import parameters


@lowers(ast.Tuple)
def tuple_display(cx: Context, a: ast.Tuple) -> Expr:
    return TupleDisplay(cx.span(a), expressions(cx, a.elts))


@lowers(ast.List)
def list_display(cx: Context, a: ast.List) -> Expr:
    return ListDisplay(cx.span(a), expressions(cx, a.elts))


@lowers(ast.Set)
def set_display(cx: Context, a: ast.Set) -> Expr:
    return SetDisplay(cx.span(a), expressions(cx, a.elts))


@lowers(ast.Dict)
def dict_display(cx: Context, a: ast.Dict) -> Expr:
    return DictDisplay(cx.span(a), tuple([maybe(cx, key) for key in a.keys]), expressions(cx, a.values))


def _clauses(cx: Context, generators: list[ast.comprehension]) -> tuple[CompFor, ...]:
    clauses = []
    for a in generators:
        target, iterated, ifs = expression(cx, a.target), expression(cx, a.iter), expressions(cx, a.ifs)
        last = ifs[-1] if ifs else iterated
        # `ast` gives a clause no position of its own: from its target to its end.
        clauses.append(CompFor((*target.at[:2], *last.at[2:]), target, iterated, ifs))
    return tuple(clauses)


@lowers(ast.ListComp, ast.SetComp, ast.GeneratorExp)
def comprehension(cx: Context, a: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Expr:
    kind = _KINDS[a.__class__]
    return Comprehension(cx.span(a), kind, None, expression(cx, a.elt), _clauses(cx, a.generators))


_KINDS: dict[type, str] = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator"}


@lowers(ast.DictComp)
def dict_comprehension(cx: Context, a: ast.DictComp) -> Expr:
    key, element = expression(cx, a.key), expression(cx, a.value)
    return Comprehension(cx.span(a), "dict", key, element, _clauses(cx, a.generators))


@lowers(ast.Lambda)
def anonymous(cx: Context, a: ast.Lambda) -> Expr:
    return Lambda(cx.span(a), parameters(cx, a.args), expression(cx, a.body))
