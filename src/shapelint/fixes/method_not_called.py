"""The parentheses behind the method's name."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.fixes.base import Found
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    text = found.text(found.site)
    if text is None or text.endswith(")"):
        return ()
    return (found.replace(found.site, f"{text}()"),)
