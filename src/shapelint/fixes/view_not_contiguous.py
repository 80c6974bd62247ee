"""`x.transpose(1, 2).reshape(…)` for `x.transpose(1, 2).view(…)`: the same numbers, copied where they must be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shapelint.fixes.base import Found
from shapelint.report import Edit

SAFE = True


def edits(found: Found) -> Iterable[Edit | None]:
    text = found.text(found.site)
    if text is None or len(re.findall(r"\.\s*view\s*\(", text)) == 0:
        return ()
    at = [m.start() for m in re.finditer(r"\.\s*view\s*\(", text)][-1]
    return (found.replace(found.site, text[:at] + re.sub(r"view", "reshape", text[at:], count=1)),)
