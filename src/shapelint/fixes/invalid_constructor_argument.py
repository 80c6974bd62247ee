"""`//` for `/` in a size, a keyword spelled right, and `nn.CrossEntropyLoss()(x, y)` for `nn.CrossEntropyLoss(x, y)`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, spelled
from shapelint.fixes.division import floored
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    message, text = found.diagnostic.message, found.text(found.site) or ""
    node = call(text)
    if node is None:
        return ()
    if re.search(r"must be an integer, it is [\d.]+$", message):
        return (found.replace(found.site, floored(text)),)
    if "and not called with it" in message:
        return (found.replace(found.site, spelled(cst.Call(cst.Call(node.func), node.args))),)
    missing = re.search(r"missing required argument '(\w+)'", message)
    if missing is not None:
        return (found.replace(found.site, _respelled(node, missing[1])),)
    return ()


def _respelled(node: cst.Call, name: str) -> str | None:
    """The call with the one keyword that is nearly the missing one."""
    near = [
        i
        for i, a in enumerate(node.args)
        if a.keyword is not None and difflib.SequenceMatcher(None, a.keyword.value, name).ratio() > 0.8
    ]
    if len(near) != 1:
        return None
    args = list(node.args)
    args[near[0]] = args[near[0]].with_changes(keyword=cst.Name(name))
    return spelled(node.with_changes(args=args))
