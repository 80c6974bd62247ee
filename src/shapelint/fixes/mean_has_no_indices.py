"""The mean without `[0]`."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import expression, spelled
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    node = expression(found.text(found.site))
    if not isinstance(node, cst.Subscript) or not isinstance(node.value, cst.Call):
        return ()
    return (found.replace(found.site, spelled(node.value)),)
