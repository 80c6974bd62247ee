"""SHP118 einops-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class EinopsMismatch(NeedRule):
    """An einops pattern that does not fit its tensor.

    Why
    The left side must name every axis, and a group's parts must multiply to its size: einops raises.

    Bad
        import torch
        from einops import rearrange

        rearrange(torch.randn(2, 3, 30, 30), "b c (h p) (w q) -> b (h w) (c p q)", p=8, q=8)  # error: [einops-mismatch]

    Good
        import torch
        from einops import rearrange

        rearrange(torch.randn(2, 3, 32, 32), "b c (h p) (w q) -> b (h w) (c p q)", p=8, q=8)
    """

    code = "SHP118"
    name = "einops-mismatch"
