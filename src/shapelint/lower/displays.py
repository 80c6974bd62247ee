"""Lowers displays, comprehensions and lambdas: what builds a container or a function in an expression."""

from __future__ import annotations

import ast
from typing import Any

import libcst as cst

from shapelint.ir import (
    CompFor,
    Comprehension,
    DictDisplay,
    Expr,
    Lambda,
    ListDisplay,
    Opaque,
    SetDisplay,
    Span,
    Starred,
    TupleDisplay,
)
from shapelint.lower.dispatch import expression, lowers
from shapelint.lower.parameters import parameters
from shapelint.lower.positions import Context, steps


def _items(cx: Context, n: cst.Tuple | cst.List | cst.Set, a: Any, at: Span) -> tuple[Expr, ...]:
    elements = n.elements
    lowered: list[Expr] = []
    for element, step in zip(elements, steps(a.elts, len(elements)), strict=True):
        lowered.append(
            expression(cx, element if element.__class__ is cst.StarredElement else element.value, step, at)
        )
    return tuple(lowered)


@lowers(cst.Tuple, ast.Tuple)
def tuple_display(cx: Context, n: cst.Tuple, a: Any, at: Span) -> Expr:
    return TupleDisplay(at, _items(cx, n, a, at))


@lowers(cst.List, ast.List)
def list_display(cx: Context, n: cst.List, a: Any, at: Span) -> Expr:
    return ListDisplay(at, _items(cx, n, a, at))


@lowers(cst.Set, ast.Set)
def set_display(cx: Context, n: cst.Set, a: Any, at: Span) -> Expr:
    return SetDisplay(at, _items(cx, n, a, at))


@lowers(cst.StarredElement, ast.Starred)
def starred(cx: Context, n: cst.StarredElement, a: Any, at: Span) -> Expr:
    return Starred(at, expression(cx, n.value, a.value, at))


@lowers(cst.Dict, ast.Dict)
def dict_display(cx: Context, n: cst.Dict, a: Any, at: Span) -> Expr:
    count = len(n.elements)
    keys: list[Expr | None] = []
    values: list[Expr] = []
    for element, a_key, a_value in zip(n.elements, steps(a.keys, count), steps(a.values, count), strict=True):
        if isinstance(element, cst.DictElement):
            keys.append(expression(cx, element.key, a_key, at))
        else:
            keys.append(None)
        values.append(expression(cx, element.value, a_value, at))
    return DictDisplay(at, tuple(keys), tuple(values))


def _clauses(cx: Context, n: cst.CompFor, a_generators: Any, outer: Span) -> tuple[CompFor, ...]:
    chain = [n]
    while (inner := chain[-1].inner_for_in) is not None:
        chain.append(inner)
    clauses = []
    for link, a in zip(chain, steps(a_generators, len(chain)), strict=True):
        target = expression(cx, link.target, a.target, outer)
        iterated = expression(cx, link.iter, a.iter, outer)
        pairs = zip(link.ifs, steps(a.ifs, len(link.ifs)), strict=True)
        ifs = tuple([expression(cx, each.test, step, outer) for each, step in pairs])
        last = ifs[-1] if ifs else iterated
        # `ast` gives a clause no position of its own: from its target to its end.
        clauses.append(CompFor((*target.at[:2], *last.at[2:]), target, iterated, ifs))
    return tuple(clauses)


@lowers(cst.ListComp, ast.ListComp)
@lowers(cst.SetComp, ast.SetComp)
@lowers(cst.GeneratorExp, ast.GeneratorExp)
def comprehension(cx: Context, n: cst.ListComp | cst.SetComp | cst.GeneratorExp, a: Any, at: Span) -> Expr:
    element = expression(cx, n.elt, a.elt, at)
    return Comprehension(at, _KINDS[n.__class__], None, element, _clauses(cx, n.for_in, a.generators, at))


_KINDS: dict[type, str] = {cst.ListComp: "list", cst.SetComp: "set", cst.GeneratorExp: "generator"}


@lowers(cst.DictComp, ast.DictComp)
def dict_comprehension(cx: Context, n: cst.DictComp, a: Any, at: Span) -> Expr:
    key = expression(cx, n.key, a.key, at)
    element = expression(cx, n.value, a.value, at)
    return Comprehension(at, "dict", key, element, _clauses(cx, n.for_in, a.generators, at))


@lowers(cst.Lambda, ast.Lambda)
def anonymous(cx: Context, n: cst.Lambda, a: Any, at: Span) -> Expr:
    return Lambda(at, parameters(cx, n.params, a.args, at), expression(cx, n.body, a.body, at))


@lowers(cst.TemplatedString)
def template(cx: Context, n: cst.TemplatedString, a: Any, at: Span) -> Expr:
    return Opaque(at, "a template string is not modelled")
