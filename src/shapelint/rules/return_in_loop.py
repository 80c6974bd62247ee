"""SHP321 return-in-loop."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule


class ReturnInLoop(Rule):
    """A loop over layers returns in its first turn: only the first layer runs.

    Why
        A `return` indented once too often stands in the loop instead of behind it. Where the layers keep the shape nothing
        raises: the network is as deep as its first layer, and the others are never trained.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])

            def forward(self, x):
                for layer in self.layers:
                    x = torch.relu(layer(x))
                    return x  # warning: [return-in-loop]

        Net()(torch.randn(2, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(8, 8) for _ in range(4)])

            def forward(self, x):
                for layer in self.layers:
                    x = torch.relu(layer(x))
                return x

        Net()(torch.randn(2, 8))
    """

    code = "SHP321"
    name = "return-in-loop"
    severity = "warning"
    listens = (facts.LoopLeft,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        text = context.spelled(fact.site, 40)
        turns = f"{fact.turns} turns" if fact.turns > 2 else "turns"
        return self.report(
            fact,
            f"`{text}` ends the loop over the layers in the first of its {turns}: the other layers never run",
            fits=("the return behind the loop",),
        )
