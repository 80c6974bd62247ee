"""SHP106 broadcast-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class BroadcastMismatch(NeedRule):
    """Shapes that do not broadcast together.

    Why
    Axes are lined up from the last one; two sizes must be equal, or one of them 1. torch raises.

    Bad
        import torch

        torch.randn(4, 7) + torch.randn(4, 8)  # error: [broadcast-mismatch]

    Good
        import torch

        torch.randn(4, 8) + torch.randn(4, 8)
    """

    code = "SHP106"
    name = "broadcast-mismatch"
