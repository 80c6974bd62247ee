"""Axis 1, that of the classes, where axis 0 is written."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, spelled, with_argument
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    text = found.text(found.site)
    node = call(text)
    if node is None or not isinstance(node.func, cst.Attribute):
        return ()
    position = 1 if spelled(node.func.value) == "torch" else 0

    def change(old: cst.BaseExpression) -> cst.BaseExpression | None:
        return cst.Integer("1") if isinstance(old, cst.Integer) and old.value == "0" else None

    return (found.replace(found.site, with_argument(text, position, "dim", change)),)
