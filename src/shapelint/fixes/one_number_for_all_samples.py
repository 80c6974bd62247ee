"""The axis to sum along, as the rule names it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, callee, with_keyword
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    fits = found.diagnostic.fits
    match = re.fullmatch(r"(\w+)\(dim=(-?\d+)\)", fits[0]) if len(fits) == 1 else None
    text = found.text(found.site)
    node = call(text)
    if match is None or node is None or callee(node) != match.group(1):
        return ()
    return (found.replace(found.site, with_keyword(text, "dim", match.group(2))),)
