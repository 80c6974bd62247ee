"""A transposition before or behind the view, where just one makes it a merging or splitting of neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TypeVar

import libcst as cst

from shapelint import facts
from shapelint.dims import Dim
from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, callee, expression, spelled
from shapelint.report import Edit
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.atoms import Axis
from shapelint.rules.axes.lineage import Lineage
from shapelint.rules.axes.regroup import Mixed, regroup
from shapelint.rules.view_mixes_axes import mixed
from shapelint.values import Tensor

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    node = call(found.text(found.site))
    if node is None or not isinstance(node.func, cst.Attribute) or callee(node) not in ("view", "reshape"):
        return ()
    if any(a.keyword is not None or a.star for a in node.args):
        return ()
    ways = {_way(f, node, found) for f in found.here if isinstance(f, facts.Called) and f.node is not None}
    return (found.replace(found.site, ways.pop()),) if len(ways) == 1 else ()


def _way(fact: facts.Called, node: cst.Call, found: Found) -> str | None:
    x, y = fact.arguments.get("input"), fact.result
    if not isinstance(x, Tensor) or not isinstance(y, Tensor) or not x.known or len(node.args) != y.rank:
        return None
    lineage = lineage_of(found.context)
    axes, sizes = lineage.axes(x), y.shape
    numbers = [lineage.number(x.shape[0]), lineage.number(sizes[0])] if axes and sizes else [None]
    first = int(None not in numbers and len(set(numbers)) == 1)  # the batch stays where it is
    before = [p for p in combinations(range(first, len(axes)), 2) if _fits(lineage, _swapped(axes, p), sizes)]
    behind = [
        p for p in combinations(range(first, len(sizes)), 2) if _fits(lineage, axes, _swapped(sizes, p))
    ]
    assert isinstance(node.func, cst.Attribute)
    owner = spelled(node.func.value)
    if len(before) == 1 and len(axes) == len(sizes):
        i, j = before[0]
        return f"{owner}.transpose({i}, {j})" if behind == before else None
    if len(before) == 1 and not behind:
        turned = expression(f"{owner}.transpose({before[0][0]}, {before[0][1]})")
        if turned is None:
            return None
        function = node.func.with_changes(value=turned, attr=cst.Name("reshape"))
        return spelled(node.with_changes(func=function))
    if len(behind) == 1 and not before:
        i, j = behind[0]
        values = [a.value for a in node.args]
        values[i], values[j] = values[j], values[i]
        args = [a.with_changes(value=v) for a, v in zip(node.args, values, strict=True)]
        return f"{spelled(node.with_changes(args=args))}.transpose({i}, {j})"
    return None


T = TypeVar("T")


def _swapped(items: Sequence[T], pair: tuple[int, int]) -> tuple[T, ...]:
    made = list(items)
    made[pair[0]], made[pair[1]] = made[pair[1]], made[pair[0]]
    return tuple(made)


def _fits(lineage: Lineage, axes: Sequence[Axis], sizes: Sequence[Dim]) -> bool:
    """Whether a view of these axes merges and splits neighbours, and each asked size stands where its values lie."""
    atoms = [a for axis in axes for a in axis if lineage.number(a.size) != 1]
    found = regroup(atoms, tuple(sizes), lineage.number)
    if found is None or isinstance(found, Mixed):
        return False
    for axis in found:
        pieces = [a for a in axis if a not in atoms]
        if pieces and (len(pieces) < len(axis) or len({a.parent for a in pieces}) > 1):
            return False
    return mixed(lineage, tuple(axes), tuple(sizes), free=False) is None
