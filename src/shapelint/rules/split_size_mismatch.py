"""SHP119 split-size-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class SplitSizeMismatch(NeedRule):
    """The sizes of a split do not add up to the axis.

    Why
    `split` with a list needs sizes whose sum is the size of the axis: torch raises.

    Bad
        import torch

        torch.randn(4, 10).split([3, 3, 3], dim=1)  # error: [split-size-mismatch]

    Good
        import torch

        torch.randn(4, 10).split([3, 3, 4], dim=1)
    """

    code = "SHP119"
    name = "split-size-mismatch"
