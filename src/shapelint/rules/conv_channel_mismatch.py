"""SHP102 conv-channel-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class ConvChannelMismatch(NeedRule):
    """A convolution is given another number of channels than it was built for.

    Why
    The channel axis of the input must be `in_channels` (for a transposed convolution too): torch raises.

    Bad
        import torch
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.Conv2d(32, 8, 3))
        net(torch.randn(1, 3, 32, 32))  # error: [conv-channel-mismatch]

    Good
        import torch
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.Conv2d(16, 8, 3))
        net(torch.randn(1, 3, 32, 32))
    """

    code = "SHP102"
    name = "conv-channel-mismatch"
