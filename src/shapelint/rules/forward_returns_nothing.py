"""SHP301 forward-returns-nothing."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule


class ForwardReturnsNothing(Rule):
    """A forward computes its result and does not return it.

    Why
        The layer gives None. Nothing is said until somebody uses the output, and a parameter count still looks right.
        A forward that only fills a cache or a list is not meant: it stores what it computes.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 7, 3)

            def forward(self, x):  # error: [forward-returns-nothing]
                out = self.conv(x)

        Net()(torch.randn(1, 3, 8, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 7, 3)

            def forward(self, x):
                return self.conv(x)

        Net()(torch.randn(1, 3, 8, 8))
    """

    code = "SHP301"
    name = "forward-returns-nothing"
    listens = (facts.ForwardReturned,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.stores or fact.last is None:
            return None
        lost = context.spelled(fact.last, 60)
        trail = [TrailStep(fact.last.path, fact.last.line, fact.last.column, f"computed and dropped: {lost}")]
        message = f"forward of {fact.module.cls.name} returns nothing: what `{lost}` computes is lost"
        return self.report(fact, message, trail=trail, fits=("return the result",))
