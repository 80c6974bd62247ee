"""SHP105 matmul-size-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class MatmulSizeMismatch(NeedRule):
    """A matrix product whose inner sizes differ.

    Why
    In `a @ b` the last axis of `a` must be the second to last of `b`: torch raises. Often a transpose is
    missing.

    Bad
        import torch

        q = torch.randn(2, 5, 16)
        k = torch.randn(2, 7, 16)
        q @ k  # error: [matmul-size-mismatch]

    Good
        import torch

        q = torch.randn(2, 5, 16)
        k = torch.randn(2, 7, 16)
        q @ k.transpose(1, 2)
    """

    code = "SHP105"
    name = "matmul-size-mismatch"
