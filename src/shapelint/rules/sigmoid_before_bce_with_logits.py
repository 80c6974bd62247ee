"""SHP402 sigmoid-before-bce-with-logits."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.lineage import maker, place, word
from shapelint.rules.losses import BCE_WITH_LOGITS, steps_to

_SQUASHING = ("sigmoid", "Sigmoid", "expit", "softmax", "Softmax", "Softmax2d")


class SigmoidBeforeBceWithLogits(Rule):
    """BCE with logits is given probabilities: it applies sigmoid itself.

    Why
        Sigmoid of a value between 0 and 1 lies between 0.5 and 0.73, so the loss never comes near zero and the gradient is
        small wherever the network is sure. Either the loss or the network applies sigmoid, not both.

    Bad
        import torch
        from torch import nn

        model = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())  # error: [sigmoid-before-bce-with-logits]
        nn.BCEWithLogitsLoss()(model(torch.randn(4, 8)), torch.ones(4, 1))

    Good
        import torch
        from torch import nn

        model = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
        nn.BCELoss()(model(torch.randn(4, 8)), torch.ones(4, 1))
    """

    code = "SHP402"
    name = "sigmoid-before-bce-with-logits"
    listens = (facts.Called,)
    ops = BCE_WITH_LOGITS
    by_operations = True

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.op not in self.ops:
            return None
        made = maker(fact.arguments.get("input"))
        if made is None or word(made.op) not in _SQUASHING:
            return None
        first = short_name(made.op)
        message = f"{first} before {short_name(fact.op)}, which applies sigmoid itself"
        return self.report(
            fact,
            message,
            site=place(made) or fact.site,
            trail=steps_to(fact, made, context),
            fits=(f"no {first}", "nn.BCELoss, which takes probabilities"),
        )
