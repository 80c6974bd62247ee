"""SHP122 tensor-replaces-parameter."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule


class TensorReplacesParameter(Rule):
    """A plain tensor is assigned to an attribute that holds a parameter.

    Why
        A registered parameter can be replaced by another Parameter or by None only: torch raises TypeError. What was meant
        is nn.Parameter(…), or a change in place under torch.no_grad().

    Bad
        import torch
        from torch import nn

        layer = nn.Linear(8, 2)
        layer.weight = layer.weight * 0.5  # error: [tensor-replaces-parameter]

    Good
        import torch
        from torch import nn

        layer = nn.Linear(8, 2)
        layer.weight = nn.Parameter(layer.weight * 0.5)
    """

    code = "SHP122"
    name = "tensor-replaces-parameter"
    listens = (facts.Raised,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if not isinstance(fact.cause, facts.ParameterReplaced):
            return None
        message = f"{context.spelled(fact.site, 60)} holds a parameter, and is given a plain tensor"
        return self.report(fact, message, fits=("nn.Parameter(…)",))
