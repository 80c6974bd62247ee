"""Numbers that are written out: reading a product of literals, and writing another number in its style."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import libcst as cst


def factors(node: cst.BaseExpression) -> list[cst.Integer] | None:
    """The literals that an expression multiplies, in order; None where it is anything but literals and `*`."""
    if isinstance(node, cst.Integer):
        return [node]
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Multiply):
        left, right = factors(node.left), factors(node.right)
        return None if left is None or right is None else left + right
    return None


def value(node: cst.BaseExpression) -> int | None:
    found = factors(node)
    return None if found is None else prod(_number(f) for f in found)


def _number(node: cst.Integer) -> int:
    return int(node.value.replace("_", ""), 0)


def rewritten(node: cst.BaseExpression, number: int, sizes: Sequence[int] = ()) -> cst.BaseExpression | None:
    """`number` in the style of `node`: a product stays one. `sizes`, whose product is the number, say how it came to be
    (the axes that were flattened)."""
    old = factors(node)
    if old is None or number < 1:
        return None
    if len(old) == 1:
        return old[0].with_changes(value=str(number))
    new = _assigned([_number(f) for f in old], number, sizes)
    if new is None:
        return None
    if len(new) == len(old):
        table = {id(f): n for f, n in zip(old, new, strict=True)}
        return _replaced(node, table)
    made: cst.BaseExpression = cst.Integer(str(new[0]))
    operator = node.operator if isinstance(node, cst.BinaryOperation) else cst.Multiply()
    for n in new[1:]:
        made = cst.BinaryOperation(made, operator.deep_clone(), cst.Integer(str(n)))
    return made


def _assigned(old: list[int], number: int, sizes: Sequence[int]) -> list[int] | None:
    """The new factors, those that stay in their places."""
    if prod(sizes) != number or not sizes:
        return _one_changed(old, number)
    left = list(sizes)
    places: list[int | None] = []
    for n in old:
        if n in left:
            left.remove(n)
            places.append(n)
        else:
            places.append(None)
    holes = places.count(None)
    if holes == 0:
        return [*old, *left]
    if len(left) > holes:
        left = [*left[: holes - 1], prod(left[holes - 1 :])]
    filled: list[int] = []
    for place in places:
        if place is not None:
            filled.append(place)
        elif left:
            filled.append(left.pop(0))
    return filled


def _one_changed(old: list[int], number: int) -> list[int] | None:
    """The only way to reach the number by changing one factor; the number itself where there are several."""
    ways = []
    for index, factor in enumerate(old):
        rest = prod(old) // factor if factor else 0
        if rest and number % rest == 0:
            ways.append([*old[:index], number // rest, *old[index + 1 :]])
    return ways[0] if len(ways) == 1 else [number]


def _replaced(node: cst.BaseExpression, table: dict[int, int]) -> cst.BaseExpression:
    if isinstance(node, cst.Integer):
        number = table[id(node)]
        return node if _number(node) == number else node.with_changes(value=str(number))
    assert isinstance(node, cst.BinaryOperation)
    return node.with_changes(left=_replaced(node.left, table), right=_replaced(node.right, table))
