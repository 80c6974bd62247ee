"""SHP113 axis-out-of-range."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class AxisOutOfRange(NeedRule):
    """An axis that the tensor does not have.

    Why
    `dim` must lie between minus the number of axes and one less than their number, and `permute` must name each
    axis once: torch raises.

    Bad
        import torch

        torch.randn(4, 8).sum(dim=2)  # error: [axis-out-of-range]

    Good
        import torch

        torch.randn(4, 8).sum(dim=1)
    """

    code = "SHP113"
    name = "axis-out-of-range"
