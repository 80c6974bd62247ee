"""SHP103 norm-size-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class NormSizeMismatch(NeedRule):
    """A normalisation layer is given another size than it was built for.

    Why
    Batch and instance norms need `num_features` channels, layer norms the sizes of `normalized_shape` at the
    end, group norms `num_channels`: torch raises.

    Bad
        import torch
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(32))
        net(torch.randn(2, 3, 32, 32))  # error: [norm-size-mismatch]

    Good
        import torch
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16))
        net(torch.randn(2, 3, 32, 32))
    """

    code = "SHP103"
    name = "norm-size-mismatch"
