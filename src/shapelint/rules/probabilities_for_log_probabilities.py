"""SHP403 probabilities-for-log-probabilities."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic, Severity
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.lineage import maker, place, word
from shapelint.rules.losses import KL, NLL, SCORES, steps_to
from shapelint.values import Made

_PROBABILITIES = ("softmax", "Softmax", "Softmax2d", "sigmoid", "Sigmoid")
_LOGARITHMS = ("log_softmax", "LogSoftmax")


class ProbabilitiesForLogProbabilities(Rule):
    """NLLLoss or KLDivLoss is given values that are not logarithms of probabilities.

    Why
        Both losses want log-probabilities. The mean of `-p` lies between -1 and 0: the loss is negative, its gradient
        hardly depends on how wrong the network is, and nothing is said.

    Bad
        import torch
        from torch import nn

        model = nn.Sequential(nn.Linear(8, 3), nn.Softmax(dim=1))  # error: [probabilities-for-log-probabilities]
        nn.NLLLoss()(model(torch.randn(4, 8)), torch.randint(0, 3, (4,)))

    Good
        import torch
        from torch import nn

        model = nn.Sequential(nn.Linear(8, 3), nn.LogSoftmax(dim=1))
        nn.NLLLoss()(model(torch.randn(4, 8)), torch.randint(0, 3, (4,)))
    """

    code = "SHP403"
    name = "probabilities-for-log-probabilities"
    listens = (facts.Called,)
    ops = (*NLL, *KL)
    by_operations = True

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.op not in self.ops:
            return None
        made = maker(fact.arguments.get("input"))
        loss = short_name(fact.op)
        if made is not None and word(made.op) in _PROBABILITIES:
            first = short_name(made.op)
            return self._tell(
                fact,
                made,
                f"{first} before {loss}, which wants log-probabilities",
                f"log_softmax instead of {first}",
                context,
            )
        if made is not None and word(made.op) in SCORES:
            message = f"{loss} wants log-probabilities, it is given what {short_name(made.op)} puts out"
            return self._tell(
                fact, made, message, "log_softmax before it, or cross_entropy", context, "warning"
            )
        return self._target(fact, loss, context)

    def _target(self, fact: Any, loss: str, context: Context) -> Diagnostic | None:
        """KLDivLoss takes its target as probabilities, with log_target=True as log-probabilities."""
        made = maker(fact.arguments.get("target"))
        if fact.op not in KL or made is None:
            return None
        logs = (
            fact.layer.attrs.get("log_target") if fact.layer is not None else fact.arguments.get("log_target")
        )
        if logs is False and word(made.op) in _LOGARITHMS:
            message = f"{loss} with log_target=False wants a target of probabilities, it is given those of {short_name(made.op)}"
            return self._tell(fact, made, message, "log_target=True", context)
        if logs is True and word(made.op) in _PROBABILITIES:
            message = f"{loss} with log_target=True wants a target of log-probabilities, it is given {short_name(made.op)}"
            return self._tell(fact, made, message, "log_target=False", context)
        return None

    def _tell(
        self, fact: Any, made: Made, message: str, fits: str, context: Context, severity: Severity = "error"
    ) -> Diagnostic | None:
        site = place(made) if severity == "error" else fact.site
        return self.report(
            fact,
            message,
            site=site or fact.site,
            trail=steps_to(fact, made, context),
            fits=(fits,),
            severity=severity,
        )
