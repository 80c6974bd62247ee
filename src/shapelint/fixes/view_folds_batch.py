"""`x.flatten(1)`, and the linear layer behind it built for what an image gives: both, or neither."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from math import prod

import libcst as cst

from shapelint import facts
from shapelint.fixes.base import Found, number
from shapelint.fixes.calls import argument, call, spelled, with_argument
from shapelint.fixes.literals import rewritten, value
from shapelint.fixes.syntax import in_class
from shapelint.report import Edit
from shapelint.values import Site, Tensor

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    seen = {
        _sizes(f)
        for f in found.here
        if isinstance(f, facts.Called) and f.op.rpartition(".")[2] in ("view", "reshape")
    }
    sizes = next(iter(seen)) if len(seen) == 1 else None
    view = call(found.text(found.site))
    if sizes is None or view is None or not isinstance(view.func, cst.Attribute) or len(view.args) != 2:
        return ()
    if any(a.keyword is not None or a.star for a in view.args) or spelled(view.args[0].value).strip() != "-1":
        return ()
    row = value(view.args[1].value)
    if row is None:
        return ()
    layers = [s for s in _linears(found) if _features(found.text(s)) == row]
    if len(layers) != 1:
        return ()

    def change(old: cst.BaseExpression) -> cst.BaseExpression | None:
        return rewritten(old, prod(sizes), sizes)

    flat = view.with_changes(
        func=view.func.with_changes(attr=cst.Name("flatten")),
        args=[cst.Arg(cst.Integer("1"))],
    )
    layer = found.replace(layers[0], with_argument(found.text(layers[0]), 0, "in_features", change))
    flatten = found.replace(found.site, spelled(flat))
    return (flatten, layer) if flatten is not None and layer is not None else ()


def _sizes(fact: facts.Called) -> tuple[int, ...] | None:
    """The sizes of one sample."""
    x = fact.arguments.get("input", fact.arguments.get("self"))
    if not isinstance(x, Tensor) or not x.known or x.rank < 3:
        return None
    sizes = [n for n in map(number, x.shape[1:]) if n is not None]
    return tuple(sizes) if len(sizes) == x.rank - 1 else None


def _features(text: str | None) -> int | None:
    node = call(text)
    index = argument(node, 0, "in_features") if node is not None else None
    return value(node.args[index].value) if node is not None and index is not None else None


def _linears(found: Found) -> Iterator[Site]:
    """The places in the class where a linear layer is built."""
    for node, place in in_class(found, found.site, ast.Call):
        if isinstance(node, ast.Call) and _called(node.func) == "Linear":
            yield place


def _called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
