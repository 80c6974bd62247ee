"""`[Block() for _ in range(n)]` for `[Block()] * n`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import expression, spelled
from shapelint.fixes.syntax import around
from shapelint.report import Edit

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
    return (found.replace(site, spelled(written)),)
