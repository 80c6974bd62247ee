"""`optimizer.zero_grad()` on a line of its own before the backward."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    step = re.fullmatch(r"([\w.]+)\.step\(\)", found.text(found.site) or "")
    place = found.diagnostic.trail[0] if found.diagnostic.trail else None
    file = found.file(place.path) if place is not None else None
    if step is None or place is None or file is None or place.path != found.site.path:
        return ()
    line = file.line(place.line)
    indent = line[: len(line) - len(line.lstrip())]
    own = file.line(found.site.line)
    if not own.startswith(indent + step.group(1)) or place.column != len(indent) + 1:
        return ()  # they do not stand in one block, or the line does more
    return (found.insert(place.path, place.line, len(indent) + 1, f"{step.group(1)}.zero_grad()\n{indent}"),)
