"""SHP104 view-size-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class ViewSizeMismatch(NeedRule):
    """A view or reshape asks for another number of values than there are.

    Why
    `view` and `reshape` keep every value: the product of the sizes asked for must be the number of values, or
    divide it where one size is -1. torch raises.

    Bad
        import torch

        x = torch.randn(2, 3, 4)
        x.view(2, 13)  # error: [view-size-mismatch]

    Good
        import torch

        x = torch.randn(2, 3, 4)
        x.view(2, 12)
    """

    code = "SHP104"
    name = "view-size-mismatch"
