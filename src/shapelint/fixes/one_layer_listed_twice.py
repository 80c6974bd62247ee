"""`[Block() for _ in range(n)]` for `[Block()] * n`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import expression, spelled
from shapelint.fixes.syntax import around
from shapelint.report import Edit
from shapelint.values import Site

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    site = around(found, found.site, ast.BinOp)
    product = expression(found.text(site))
    if (
        site is None
        or not isinstance(product, cst.BinaryOperation)
        or not isinstance(product.operator, cst.Multiply)
    ):
        return ()
    sides = [product.left, product.right]
    lists = [s for s in sides if isinstance(s, cst.List) and len(s.elements) == 1]
    if len(lists) != 1:
        return ()
    (listed,) = lists
    (times,) = [s for s in sides if s is not listed]
    element = listed.elements[0]
    if isinstance(element, cst.StarredElement):
        return ()
    turns = cst.CompFor(cst.Name("_"), cst.Call(cst.Name("range"), [cst.Arg(times)]))
    written = cst.ListComp(element.value, turns, listed.lbracket, listed.rbracket)
    return (found.replace(_with_parentheses(found, site), spelled(written)),)


def _with_parentheses(found: Found, site: Site) -> Site:
    """`*(n * [x])` loses its parentheses with the product."""
    wider = site._replace(column=site.column - 1, end_column=site.end_column + 1)
    text = found.text(wider._replace(column=wider.column - 1)) if site.column > 2 else None
    return wider if text is not None and text.startswith("*(") and text.endswith(")") else site
