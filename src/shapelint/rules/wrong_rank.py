"""SHP108 wrong-rank."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class WrongRank(NeedRule):
    """An operation is given a tensor with a number of axes that it does not take.

    Why
    A `Conv2d` takes images with or without a batch axis, nothing else; `BatchNorm2d` only batches. torch
    raises.

    Bad
        import torch
        from torch import nn

        nn.BatchNorm2d(8)(torch.randn(4, 8))  # error: [wrong-rank]

    Good
        import torch
        from torch import nn

        nn.BatchNorm1d(8)(torch.randn(4, 8))
    """

    code = "SHP108"
    name = "wrong-rank"
