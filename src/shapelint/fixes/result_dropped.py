"""`x = self.bn(x)` for `self.bn(x)`, `x = x.to(device)` for `x.to(device)`: what is given is kept under the name of what was taken."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import argument, call, spelled
from shapelint.report import Edit
from shapelint.rules.surroundings import function_around

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    site = found.site
    node = call(found.text(site))
    name = _taken(node) if node is not None else None
    around, file = function_around(found.context, site), found.file(site.path)
    if name is None or file is None or file.line(site.line)[: site.column - 1].strip():
        return ()
    last = around.last if around is not None else len(file.lines)
    behind = "\n".join(file.line(n).partition("#")[0] for n in range(site.end_line + 1, last + 1))
    if re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", behind) is None:
        return ()
    return (found.insert(site.path, site.line, site.column, f"{name} = "),)


def _taken(node: cst.Call) -> str | None:
    """The variable that a layer, a function or a method is given."""
    function = node.func
    if isinstance(function, cst.Attribute) and isinstance(function.value, cst.Name):
        if function.value.value not in ("self", "F", "torch", "nn"):
            return function.value.value
    index = argument(node, 0, "input")
    value = node.args[index].value if index is not None else None
    others = [
        a for i, a in enumerate(node.args) if i != index and not isinstance(a.value, (cst.Integer, cst.Float))
    ]
    if not isinstance(value, cst.Name) or any(
        "self.training" not in spelled(a) and a.keyword is None for a in others
    ):
        return None
    return value.value
