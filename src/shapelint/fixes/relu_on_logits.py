"""The activation behind the last layer taken out."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.fixes.activations import removed
from shapelint.fixes.base import Found
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    return removed(found)
