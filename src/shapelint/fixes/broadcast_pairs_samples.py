"""`.squeeze(-1)` on the column, where the two that meet are spelled side by side."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint import facts
from shapelint.fixes.base import Found, number
from shapelint.fixes.calls import argument, expression, spelled, with_value
from shapelint.report import Edit
from shapelint.values import Tensor

SAFE = False

_ATOMS = (cst.Call, cst.Name, cst.Attribute, cst.Subscript)


def edits(found: Found) -> Sequence[Edit | None]:
    columns = {_column(f) for f in found.here if isinstance(f, facts.Called)} - {None}
    node = expression(found.text(found.site))
    if len(columns) != 1 or node is None:
        return ()
    second = columns == {1}
    if isinstance(node, cst.BinaryOperation):
        side = "right" if second else "left"
        written: cst.BaseExpression = node.with_changes(**{side: _squeezed(getattr(node, side))})
        return (found.replace(found.site, spelled(written)),)
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        only = node.comparisons[0]
        if second:
            only = only.with_changes(comparator=_squeezed(only.comparator))
            return (found.replace(found.site, spelled(node.with_changes(comparisons=[only]))),)
        return (found.replace(found.site, spelled(node.with_changes(left=_squeezed(node.left)))),)
    if isinstance(node, cst.Call) and len(node.args) == 1 and isinstance(node.func, cst.Attribute):
        if second:
            other = with_value(node, 0, _squeezed(node.args[0].value))
            return (found.replace(found.site, spelled(other)),)
        owner = node.func.with_changes(value=_squeezed(node.func.value))
        return (found.replace(found.site, spelled(node.with_changes(func=owner))),)
    if isinstance(node, cst.Call) and len(node.args) >= 2:
        index = argument(node, 1, "target") if second else argument(node, 0, "input")
        if index is not None:
            return (
                found.replace(
                    found.site, spelled(with_value(node, index, _squeezed(node.args[index].value)))
                ),
            )
    return ()


def _column(fact: facts.Called) -> int | None:
    """Which of the two is the column: it has one axis more than the other, the last, of one value."""
    x = fact.arguments.get("input")
    y = fact.arguments.get("target", fact.arguments.get("other"))
    if not isinstance(x, Tensor) or not isinstance(y, Tensor) or not x.known or not y.known:
        return None
    if x.rank == y.rank + 1 and number(x.shape[-1]) == 1:
        return 0
    return 1 if y.rank == x.rank + 1 and number(y.shape[-1]) == 1 else None


def _squeezed(value: cst.BaseExpression) -> cst.BaseExpression:
    if not isinstance(value, _ATOMS) and not value.lpar:
        value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    axis = cst.UnaryOperation(cst.Minus(), cst.Integer("1"))
    return cst.Call(cst.Attribute(value, cst.Name("squeeze")), [cst.Arg(axis)])
