"""SHP407 softmax-twice."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.lineage import maker, word
from shapelint.rules.losses import steps_to
from shapelint.rules.softmax_over_one_value import SOFTMAXES, axis_of


class SoftmaxTwice(Rule):
    """A softmax, or its logarithm, of what softmax has made along the same axis.

    Why
        The second one takes the probabilities for scores: everything is drawn towards the uniform distribution. The
        logarithm of probabilities is `torch.log`, or log_softmax of the scores.

    Bad
        import torch
        import torch.nn.functional as F

        probabilities = F.softmax(torch.randn(4, 10), dim=1)
        F.nll_loss(F.log_softmax(probabilities, dim=1), torch.randint(0, 10, (4,)))  # error: [softmax-twice]

    Good
        import torch
        import torch.nn.functional as F

        scores = torch.randn(4, 10)
        F.nll_loss(F.log_softmax(scores, dim=1), torch.randint(0, 10, (4,)))
    """

    code = "SHP407"
    name = "softmax-twice"
    listens = (facts.Called,)
    ops = SOFTMAXES

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if not fact.op.lower().endswith("softmax"):
            return None
        x, axis = fact.arguments.get("input"), axis_of(fact)
        made = maker(x)
        if made is None or word(made.op) not in ("softmax", "Softmax") or axis is None:
            return None
        if f"softmax:{axis}" not in x.marks:
            return None
        message = f"{short_name(fact.op)} of what {short_name(made.op)} made along the same axis"
        fits = ("torch.log",) if "log" in fact.op.lower() else ("one softmax",)
        return self.report(fact, message, trail=steps_to(fact, made, context), fits=fits)
