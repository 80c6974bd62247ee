"""`self.register_buffer("mean", …)` for `self.mean = …`."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.fixes.syntax import around
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    site = around(found, found.site, ast.Assign)
    text = found.text(site)
    match = re.match(r"self\.(\w+)\s*=\s*(?!=)", text or "")
    if text is None or match is None or match.group().rstrip("= \t") != found.text(found.site):
        return ()
    value = text[match.end() :]
    try:
        ast.parse(value.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return ()
    return (found.replace(site, f'self.register_buffer("{match.group(1)}", {value})'),)
