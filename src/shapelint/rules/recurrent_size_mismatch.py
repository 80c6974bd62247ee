"""SHP111 recurrent-size-mismatch."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class RecurrentSizeMismatch(NeedRule):
    """A recurrent layer is given an input or a hidden state of another size than it was built for.

    Why
    The last axis of the input must be `input_size`, and a hidden state `[layers * directions, batch,
    hidden_size]`: torch raises.

    Bad
        import torch
        from torch import nn

        rnn = nn.GRU(16, 32, batch_first=True)
        rnn(torch.randn(4, 10, 8))  # error: [recurrent-size-mismatch]

    Good
        import torch
        from torch import nn

        rnn = nn.GRU(16, 32, batch_first=True)
        rnn(torch.randn(4, 10, 16))
    """

    code = "SHP111"
    name = "recurrent-size-mismatch"
