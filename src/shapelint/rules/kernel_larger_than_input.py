"""SHP109 kernel-larger-than-input."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class KernelLargerThanInput(NeedRule):
    """A window does not fit into its (padded) input.

    Why
    After many strides and poolings nothing is left for the kernel to slide over: torch raises. The input is
    smaller than the network was laid out for.

    Bad
        import torch
        from torch import nn

        nn.Conv2d(1, 8, 5)(torch.randn(1, 1, 4, 4))  # error: [kernel-larger-than-input]

    Good
        import torch
        from torch import nn

        nn.Conv2d(1, 8, 5, padding=2)(torch.randn(1, 1, 4, 4))
    """

    code = "SHP109"
    name = "kernel-larger-than-input"
