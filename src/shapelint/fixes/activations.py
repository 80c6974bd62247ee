"""An activation taken out: `x` for `F.softmax(x, dim=1)`, a layer of a Sequential left away, or `nn.Identity()` in its place."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import argument, call, callee, spelled
from shapelint.fixes.spelling import spelling
from shapelint.fixes.syntax import within
from shapelint.report import Edit
from shapelint.rules.surroundings import function_around

_MODULES = ("torch", "F", "functional", "special", "nn")


def removed(found: Found) -> Sequence[Edit | None]:
    """What takes out the activation that is written at the finding's place."""
    node = call(found.text(found.site))
    if node is None:
        return ()
    if callee(node)[:1].isupper():
        return (_layer(found),)
    return (found.replace(found.site, _operand(node)),)


def _operand(node: cst.Call) -> str | None:
    """The text of what a function or method is given."""
    owner = node.func.value if isinstance(node.func, cst.Attribute) else None
    if owner is not None and spelled(owner).rpartition(".")[2] not in _MODULES:
        return (
            spelled(owner) if not spelled(owner).startswith("self.") or isinstance(owner, cst.Call) else None
        )
    index = argument(node, 0, "input")
    return spelled(node.args[index].value) if index is not None else None


def _layer(found: Found) -> Edit | None:
    """A layer that is built at the finding's place, as the last of a Sequential or on its own."""
    site = found.site
    calls = list(within(found, site, function_around(found.context, site), ast.Call))
    places = {id(node): place for node, place in calls}
    for node, _ in calls:
        if not isinstance(node, ast.Call) or _name(node.func) != "Sequential" or len(node.args) < 2:
            continue
        last, before = node.args[-1], node.args[-2]
        if places.get(id(last)) == site and id(before) in places:
            start = places[id(before)]
            return Edit(site.path, start.end_line, start.end_column, site.end_line, site.end_column, "")
    name = spelling(found.file(site.path), "torch.nn.Identity")
    return found.replace(site, f"{name}()") if name is not None else None


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
