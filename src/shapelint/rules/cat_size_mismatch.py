"""SHP107 cat-size-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class CatSizeMismatch(NeedRule):
    """Tensors that are joined differ in another axis than the one they are joined along.

    Why
    `cat` needs equal sizes in every axis but the joined one, `stack` in every axis: torch raises. In U-Nets the
    cause is an odd size that was halved and doubled.

    Bad
        import torch

        torch.cat([torch.randn(1, 8, 13, 13), torch.randn(1, 8, 14, 14)], dim=1)  # error: [cat-size-mismatch]

    Good
        import torch

        torch.cat([torch.randn(1, 8, 14, 14), torch.randn(1, 8, 14, 14)], dim=1)
    """

    code = "SHP107"
    name = "cat-size-mismatch"
