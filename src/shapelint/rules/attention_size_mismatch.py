"""SHP116 attention-size-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class AttentionSizeMismatch(NeedRule):
    """Queries, keys, values or masks of an attention do not fit together.

    Why
    Queries and keys must have equal features, keys and values equal lengths, and a mask must broadcast to the
    scores: torch raises.

    Bad
        import torch
        from torch import nn

        attention = nn.MultiheadAttention(16, 2)
        x = torch.randn(5, 1, 16)
        attention(x, torch.randn(7, 1, 16), torch.randn(6, 1, 16))  # error: [attention-size-mismatch]

    Good
        import torch
        from torch import nn

        attention = nn.MultiheadAttention(16, 2)
        x = torch.randn(5, 1, 16)
        attention(x, torch.randn(7, 1, 16), torch.randn(7, 1, 16))
    """

    code = "SHP116"
    name = "attention-size-mismatch"
