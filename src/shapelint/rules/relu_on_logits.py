"""SHP406 relu-on-logits."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.lineage import maker, place, source, word
from shapelint.rules.losses import BCE_WITH_LOGITS, CROSS_ENTROPY, SCORES, steps_to

_CLAMPING = ("relu", "ReLU", "relu6", "ReLU6", "relu_")


class ReluOnLogits(Rule):
    """The scores that a classification loss is given went through a ReLU.

    Why
        All negative scores become 0: the network cannot say that a class is unlikely, only that it does not favour it, and
        where a score is clamped the last layer gets no gradient.

    Bad
        import torch
        from torch import nn

        model = nn.Sequential(
            nn.Linear(8, 3),
            nn.ReLU(),  # warning: [relu-on-logits]
        )
        nn.CrossEntropyLoss()(model(torch.randn(4, 8)), torch.randint(0, 3, (4,)))

    Good
        import torch
        from torch import nn

        model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
        nn.CrossEntropyLoss()(model(torch.randn(4, 8)), torch.randint(0, 3, (4,)))
    """

    code = "SHP406"
    name = "relu-on-logits"
    severity = "warning"
    listens = (facts.Called,)
    ops = (*CROSS_ENTROPY, *BCE_WITH_LOGITS)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.op not in self.ops:
            return None
        made = maker(fact.arguments.get("input"))
        if made is None or word(made.op) not in _CLAMPING or not made.parents:
            return None
        before = source(made.parents[0])
        if before is None or before.made is None or word(before.made.op) not in SCORES:
            return None
        first, loss = short_name(made.op), short_name(fact.op)
        message = f"{first} between {short_name(before.made.op)} and {loss}: every negative score becomes 0"
        return self.report(
            fact,
            message,
            site=place(made) or fact.site,
            trail=steps_to(fact, made, context),
            fits=("no activation after the last layer",),
        )
