"""SHP126 view-not-contiguous."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class ViewNotContiguous(NeedRule):
    """A view needs the values in another order than they lie in memory.

    Why
    `view` copies nothing: it only reads the same memory under other sizes. After `transpose`, `permute`, `expand` or a
    cut along the last axis, neighbours in the tensor are no longer neighbours in memory, and axes that would have to be
    merged cannot be. torch raises "view size is not compatible with input tensor's size and stride". `reshape` copies
    where it must; so does `.contiguous()` before the view.

    Bad
        import torch

        heads = torch.randn(2, 8, 50, 64)
        heads.transpose(1, 2).view(2, 50, 512)  # error: [view-not-contiguous]

    Good
        import torch

        heads = torch.randn(2, 8, 50, 64)
        heads.transpose(1, 2).reshape(2, 50, 512)
        heads.transpose(1, 2).contiguous().view(2, 50, 512)
        heads.flatten(0, 1).transpose(1, 2).view(2, 8, 64, 50)
    """

    code = "SHP126"
    name = "view-not-contiguous"
