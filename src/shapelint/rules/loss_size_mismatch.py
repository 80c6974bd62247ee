"""SHP117 loss-size-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class LossSizeMismatch(NeedRule):
    """A loss is given predictions and targets that do not fit together.

    Why
    Cross entropy wants `[N, C, …]` against `[N, …]`, binary cross entropy equal shapes: torch raises.

    Bad
        import torch
        import torch.nn.functional as F

        F.cross_entropy(torch.randn(60, 10), torch.randint(0, 10, (10,)))  # error: [loss-size-mismatch]

    Good
        import torch
        import torch.nn.functional as F

        F.cross_entropy(torch.randn(10, 10), torch.randint(0, 10, (10,)))
    """

    code = "SHP117"
    name = "loss-size-mismatch"
