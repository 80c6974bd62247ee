"""The sigmoid before a loss of logits taken out: the loss is given the scores."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.fixes.activations import removed
from shapelint.fixes.base import Found
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    return removed(found)
