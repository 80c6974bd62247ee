"""`h_n[-1]` for `h_n[0]` of stacked layers of one direction."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import expression, spelled
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    node = expression(found.text(found.site))
    if not isinstance(node, cst.Subscript) or any(" and " in fit for fit in found.diagnostic.fits):
        return ()
    first, *rest = node.slice
    if not isinstance(first.slice, cst.Index) or spelled(first.slice.value) != "0":
        return ()
    last = first.with_changes(slice=cst.Index(cst.parse_expression("-1")))
    return (found.replace(found.site, spelled(node.with_changes(slice=[last, *rest]))),)
