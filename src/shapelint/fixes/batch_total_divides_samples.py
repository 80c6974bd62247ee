"""The count of each sample: `sum(dim=1, keepdim=True)` for a mask of `(B, L)`, `sum(dim=1)` for one of `(B, L, 1)`."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, callee, with_keyword
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    text = found.text(found.site)
    node = call(text)
    if node is None or callee(node) != "sum" or len(found.diagnostic.fits) != 1:
        return ()
    counted = with_keyword(text, "dim", "1")
    if "keepdim" in found.diagnostic.fits[0]:
        counted = with_keyword(counted, "keepdim", "True")
    return (found.replace(found.site, counted),)
