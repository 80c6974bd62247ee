"""SHP405 cross-entropy-over-one-class."""

from __future__ import annotations

from typing import Any

from shapelint import dims, facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, shape, short_name
from shapelint.rules.losses import CROSS_ENTROPY
from shapelint.values import Tensor


class CrossEntropyOverOneClass(Rule):
    """Cross entropy over one class: the loss is always 0.

    Why
        The softmax of a single score is 1 and its logarithm 0, so nothing is learned. One score a sample (yes or no) belongs
        to `BCEWithLogitsLoss`; with cross entropy there must be a score for each class.

    Bad
        import torch
        from torch import nn

        model = nn.Linear(8, 1)
        nn.CrossEntropyLoss()(model(torch.randn(4, 8)), torch.zeros(4).long())  # error: [cross-entropy-over-one-class]

    Good
        import torch
        from torch import nn

        model = nn.Linear(8, 2)
        nn.CrossEntropyLoss()(model(torch.randn(4, 8)), torch.zeros(4).long())
    """

    code = "SHP405"
    name = "cross-entropy-over-one-class"
    listens = (facts.Called,)
    ops = CROSS_ENTROPY

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        x = fact.arguments.get("input")
        if (
            fact.op not in self.ops
            or not isinstance(x, Tensor)
            or not x.known
            or x.after_failure
            or x.rank < 2
        ):
            return None
        if dims.witness(x.shape[1]) != 1:
            return None
        message = (
            f"{short_name(fact.op)} over one class: the scores are {shape(x.shape)}, so the loss is always 0"
        )
        return self.report(
            fact, message, fits=("nn.BCEWithLogitsLoss for one score a sample", "a score for each class")
        )
