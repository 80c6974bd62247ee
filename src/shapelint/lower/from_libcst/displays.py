"""Lowers displays, comprehensions and lambdas: what builds a container or a function in an expression."""

from __future__ import annotations

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
    Starred,
    TupleDisplay,
)
from shapelint.lower.from_libcst.context import Context
from shapelint.lower.from_libcst.dispatch import expression, expressions, lowers
from shapelint.lower.from_libcst.parameters import parameters


def _items(cx: Context, n: cst.Tuple | cst.List | cst.Set) -> tuple[Expr, ...]:
    return expressions(
        cx, [each if isinstance(each, cst.StarredElement) else each.value for each in n.elements]
    )


@lowers(cst.Tuple)
def tuple_display(cx: Context, n: cst.Tuple) -> Expr:
    return TupleDisplay(cx.span(n), _items(cx, n))


@lowers(cst.List)
def list_display(cx: Context, n: cst.List) -> Expr:
    return ListDisplay(cx.span(n), _items(cx, n))


@lowers(cst.Set)
def set_display(cx: Context, n: cst.Set) -> Expr:
    return SetDisplay(cx.span(n), _items(cx, n))


@lowers(cst.StarredElement)
def starred(cx: Context, n: cst.StarredElement) -> Expr:
    return Starred(cx.span(n), expression(cx, n.value))


@lowers(cst.Dict)
def dict_display(cx: Context, n: cst.Dict) -> Expr:
    keys = [expression(cx, each.key) if isinstance(each, cst.DictElement) else None for each in n.elements]
    return DictDisplay(cx.span(n), tuple(keys), expressions(cx, [each.value for each in n.elements]))


def _clauses(cx: Context, n: cst.CompFor) -> tuple[CompFor, ...]:
    clauses = []
    link: cst.CompFor | None = n
    while link is not None:
        target, iterated = expression(cx, link.target), expression(cx, link.iter)
        ifs = expressions(cx, [each.test for each in link.ifs])
        last = ifs[-1] if ifs else iterated
        # From its target to its end, as `ast` gives a clause no position of its own.
        clauses.append(CompFor((*target.at[:2], *last.at[2:]), target, iterated, ifs))
        link = link.inner_for_in
    return tuple(clauses)


@lowers(cst.ListComp, cst.SetComp, cst.GeneratorExp)
def comprehension(cx: Context, n: cst.ListComp | cst.SetComp | cst.GeneratorExp) -> Expr:
    kind = _KINDS[n.__class__]
    return Comprehension(cx.span(n), kind, None, expression(cx, n.elt), _clauses(cx, n.for_in))


_KINDS: dict[type, str] = {cst.ListComp: "list", cst.SetComp: "set", cst.GeneratorExp: "generator"}


@lowers(cst.DictComp)
def dict_comprehension(cx: Context, n: cst.DictComp) -> Expr:
    key, element = expression(cx, n.key), expression(cx, n.value)
    return Comprehension(cx.span(n), "dict", key, element, _clauses(cx, n.for_in))


@lowers(cst.Lambda)
def anonymous(cx: Context, n: cst.Lambda) -> Expr:
    return Lambda(cx.span(n), parameters(cx, n.params), expression(cx, n.body))


@lowers(cst.TemplatedString)
def template(cx: Context, n: cst.TemplatedString) -> Expr:
    return Opaque(cx.span(n), "a template string is not modelled")
