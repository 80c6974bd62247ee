"""SHP110 heads-do-not-divide."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class HeadsDoNotDivide(NeedRule):
    """The number of attention heads does not divide the embedding size.

    Why
    Every head gets `embed_dim / num_heads` features; where that is no whole number, the constructor raises.

    Bad
        from torch import nn

        nn.MultiheadAttention(embed_dim=100, num_heads=8)  # error: [heads-do-not-divide]

    Good
        from torch import nn

        nn.MultiheadAttention(embed_dim=96, num_heads=8)
    """

    code = "SHP110"
    name = "heads-do-not-divide"
