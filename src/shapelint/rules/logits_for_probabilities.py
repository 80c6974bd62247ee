"""SHP412 logits-for-probabilities."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.lineage import maker, word
from shapelint.rules.losses import BCE, SCORES, steps_to
from shapelint.values import Made

# What gives values below 0 or above 1, whatever it is given.
_ANY_SIZE = SCORES | frozenset(
    "log_softmax LogSoftmax logsigmoid LogSigmoid LayerNorm layer_norm BatchNorm1d BatchNorm2d".split()
)
# What gives such values where it is given values of any size; of probabilities it makes others that may well be some.
_ACTIVATIONS = frozenset(
    "tanh Tanh relu ReLU leaky_relu LeakyReLU elu ELU gelu GELU silu SiLU softplus Softplus".split()
)


class LogitsForProbabilities(Rule):
    """Binary cross entropy is given scores of any size, not probabilities.

    Why
        `BCELoss` wants values between 0 and 1. A score outside raises while training ("all elements of input should be
        between 0 and 1"), on a GPU as an assertion of the device. So does what a tanh or a ReLU makes of one.

    Bad
        import torch
        from torch import nn

        model = nn.Linear(8, 1)
        criterion = nn.BCELoss()
        try:
            criterion(model(torch.randn(4, 8)), torch.ones(4, 1))  # warning: [logits-for-probabilities]
        except RuntimeError:
            print("outside of 0 to 1")

    Good
        import torch
        from torch import nn

        model = nn.Linear(8, 1)
        nn.BCEWithLogitsLoss()(model(torch.randn(4, 8)), torch.ones(4, 1))
    """

    code = "SHP412"
    name = "logits-for-probabilities"
    severity = "warning"
    listens = (facts.Called,)
    ops = BCE

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        made = maker(fact.arguments.get("input")) if fact.op in self.ops else None
        before = (
            maker(next(iter(made.parents), None))
            if made is not None and _is_one(made, _ACTIVATIONS)
            else made
        )
        if made is None or not _is_one(before, _ANY_SIZE):
            return None
        loss = short_name(fact.op)
        message = f"{loss} wants probabilities, it is given what {short_name(made.op)} puts out"
        return self.report(
            fact,
            message,
            trail=steps_to(fact, made, context),
            fits=("nn.BCEWithLogitsLoss", "sigmoid before it"),
        )


def _is_one(made: Made | None, names: frozenset[str]) -> bool:
    return made is not None and word(made.op) in names
