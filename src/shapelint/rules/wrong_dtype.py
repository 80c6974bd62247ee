"""SHP114 wrong-dtype."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class WrongDtype(NeedRule):
    """An operation is given a tensor of a dtype that it does not take.

    Why
    An embedding needs integer indices, a mean a floating-point tensor: torch raises.

    Bad
        import torch
        from torch import nn

        nn.Embedding(10, 4)(torch.randn(2, 3))  # error: [wrong-dtype]

    Good
        import torch
        from torch import nn

        nn.Embedding(10, 4)(torch.randint(0, 10, (2, 3)))
    """

    code = "SHP114"
    name = "wrong-dtype"
