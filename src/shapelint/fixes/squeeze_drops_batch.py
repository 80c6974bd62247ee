"""`x.flatten(1)` for `x.squeeze()`, where every axis behind the second is 1."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint import facts
from shapelint.fixes.base import Found, number
from shapelint.fixes.calls import call, callee, spelled
from shapelint.report import Edit
from shapelint.values import Tensor

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    inputs = [f.arguments.get("input") for f in found.here if isinstance(f, facts.Called)]
    known = [x for x in inputs if isinstance(x, Tensor) and x.known]
    if not known or not all(x.rank > 2 and all(number(d) == 1 for d in x.shape[2:]) for x in known):
        return ()
    node = call(found.text(found.site))
    if node is None or not isinstance(node.func, cst.Attribute) or callee(node) != "squeeze" or node.args:
        return ()
    name = node.func.with_changes(attr=cst.Name("flatten"))
    return (
        found.replace(found.site, spelled(node.with_changes(func=name, args=[cst.Arg(cst.Integer("1"))]))),
    )
