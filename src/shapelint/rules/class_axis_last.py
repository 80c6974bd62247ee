"""SHP408 class-axis-last."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, shape, short_name
from shapelint.rules.losses import CROSS_ENTROPY, NLL
from shapelint.values import Made, Tensor

# What leaves every axis where it is.
_IN_PLACE = (
    "LogSoftmax",
    "log_softmax",
    "Dropout",
    "dropout",
    "float",
    "clone",
    "contiguous",
    "detach",
    "to",
    "Identity",
)


class ClassAxisLast(Rule):
    """Cross entropy takes axis 1 for the classes, and the layer before it has put them last.

    Why
        For scores of more than two axes the classes stand on axis 1: `[N, C, T]`, not `[N, T, C]`. Where T and C happen to
        be equal nothing raises: each place is then scored over the other places.

    Bad
        import torch
        from torch import nn

        scores = nn.Linear(8, 5)(torch.randn(4, 5, 8))
        nn.CrossEntropyLoss()(scores, torch.randint(0, 5, (4, 5)))  # error: [class-axis-last]

    Good
        import torch
        from torch import nn

        scores = nn.Linear(8, 5)(torch.randn(4, 5, 8))
        nn.CrossEntropyLoss()(scores.transpose(1, 2), torch.randint(0, 5, (4, 5)))
    """

    code = "SHP408"
    name = "class-axis-last"
    listens = (facts.Called,)
    ops = (*CROSS_ENTROPY, *NLL)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        x, target = fact.arguments.get("input"), fact.arguments.get("target")
        if fact.op not in self.ops or not isinstance(x, Tensor) or not isinstance(target, Tensor):
            return None
        if not x.known or not target.known or x.rank < 3 or target.rank != x.rank - 1 or x.after_failure:
            return None
        made = _straight(x)
        if (
            made is None
            or made.op not in ("torch.nn.Linear", "torch.nn.functional.linear")
            or fact.result.after_failure
        ):
            return None
        last = x.rank - 1
        message = (
            f"{short_name(fact.op)} takes axis 1 of {shape(x.shape)} for the classes, "
            f"{short_name(made.op)} has put them on axis {last}"
        )
        return self.report(
            fact, message, fits=(f".transpose(1, {last})" if last == 2 else f".movedim({last}, 1)",)
        )


def _straight(x: Tensor) -> Made | None:
    at: Any = x
    for _ in range(8):
        if not isinstance(at, Tensor) or at.made is None:
            return None
        if at.made.op.rpartition(".")[2] not in _IN_PLACE:
            return at.made
        at = at.made.parents[0] if at.made.parents else None
    return None
