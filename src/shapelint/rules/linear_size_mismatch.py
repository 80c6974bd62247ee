"""SHP101 linear-size-mismatch."""

from __future__ import annotations

from typing import Any

from shapelint.report import Diagnostic
from shapelint.rules.base import Context, NeedRule


class LinearSizeMismatch(NeedRule):
    """A linear layer is given another number of features than it was built for.

    Why
    The last axis of the input must be `in_features`: torch raises at the first forward call. The usual cause is
    a changed image size or layer before a hard-coded number.

    Bad
        import torch
        from torch import nn

        layer = nn.Linear(128, 10)
        layer(torch.randn(4, 64))  # error: [linear-size-mismatch]

    Good
        import torch
        from torch import nn

        layer = nn.Linear(64, 10)
        layer(torch.randn(4, 64))
    """

    code = "SHP101"
    name = "linear-size-mismatch"

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        # Where we have built it, a layer of no features comes of defaults that stand for nothing (`columns=None`).
        return None if fact.wanted == 0 and not fact.by_program else super().judge(fact, context)
