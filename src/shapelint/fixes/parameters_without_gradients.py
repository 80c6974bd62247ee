"""`loss.backward()` on a line of its own before the step, where it was forgotten."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    d = found.diagnostic
    file = found.file(d.path)
    if file is None or not d.trail or "nothing calls backward()" not in d.message:
        return ()
    own, made = file.line(d.line), file.line(d.trail[0].line)
    loss = re.match(r"(\s*)(\w+)\s*=", made)
    if (
        loss is None
        or not own.startswith(loss[1] + (found.text(found.site) or "?"))
        or d.column != len(loss[1]) + 1
    ):
        return ()  # they do not stand in one block
    return (found.insert(d.path, d.line, d.column, f"{loss[2]}.backward()\n{loss[1]}"),)
