"""`out[:, -1]` for `out[-1]` of a batch-first layer; `h_n[-1]` for `h_n[:, -1]` of its state."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import expression, spelled
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    node = expression(found.text(found.site))
    if not isinstance(node, cst.Subscript):
        return ()
    slices = list(node.slice)
    if "h_n[-1]" in found.diagnostic.fits:
        if len(slices) < 2:
            return ()
        return (found.replace(found.site, spelled(node.with_changes(slice=slices[1:]))),)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    every = cst.SubscriptElement(cst.Slice(None, None), comma)
    return (found.replace(found.site, spelled(node.with_changes(slice=[every, *slices]))),)
