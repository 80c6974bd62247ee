"""SHP115 index-out-of-range."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class IndexOutOfRange(NeedRule):
    """An index beyond the size of its axis.

    Why
    torch raises for an integer index out of range, and for more indices than the tensor has axes.

    Bad
        import torch

        torch.randn(3, 4)[3]  # error: [index-out-of-range]

    Good
        import torch

        torch.randn(3, 4)[2]
    """

    code = "SHP115"
    name = "index-out-of-range"
