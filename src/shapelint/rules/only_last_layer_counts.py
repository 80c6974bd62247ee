"""SHP323 only-last-layer-counts."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule


class OnlyLastLayerCounts(Rule):
    """A loop over layers writes over each layer's result with the next one's: only the last layer counts.

    Why
        `out = block(x)` gives every block the same `x`. Nothing raises, and the network is as deep as its last block; the
        others are computed for nothing and never get a gradient. A stack feeds each layer what the one before has made
        (`x = block(x)`); layers that stand side by side are collected, or added up. Where each turn has an input of its own it
        is only a hint: the last of them may be all that is wanted.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.blocks = nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])

            def forward(self, x):
                for block in self.blocks:
                    out = torch.relu(block(x))  # warning: [only-last-layer-counts]
                return out

        Net()(torch.randn(2, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.blocks = nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])

            def forward(self, x):
                for block in self.blocks:
                    x = torch.relu(block(x))
                return x

        Net()(torch.randn(2, 8))
    """

    code = "SHP323"
    name = "only-last-layer-counts"
    severity = "warning"
    listens = (facts.TurnsLost,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.model_call is None:
            return None
        text = context.spelled(fact.site, 50)
        return self.report(
            fact,
            f"`{text}` writes over what the layer before has made: of the {fact.turns} layers only the last one's {fact.name} counts",
            fits=(f"the next layer given {fact.name}", "a list of the results"),
            severity="warning" if fact.alike else "info",
        )
