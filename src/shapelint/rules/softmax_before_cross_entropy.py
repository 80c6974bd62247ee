"""SHP401 softmax-before-cross-entropy."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.lineage import maker, place, word
from shapelint.rules.losses import CROSS_ENTROPY, steps_to

_WHAT = {
    "softmax": "probabilities",
    "Softmax": "probabilities",
    "Softmax2d": "probabilities",
    "sigmoid": "values between 0 and 1",
    "Sigmoid": "values between 0 and 1",
}


class SoftmaxBeforeCrossEntropy(Rule):
    """Cross entropy is given probabilities: it applies softmax itself.

    Why
        The scores are squashed twice. The loss cannot come near zero (with ten classes it stays above 1.46), gradients
        shrink, and training looks slow rather than wrong. Cross entropy wants the scores as they leave the last layer.
        (log_softmax before it changes nothing and is not meant.)

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 3)

            def forward(self, x):
                return torch.softmax(self.fc(x), dim=1)  # error: [softmax-before-cross-entropy]

        nn.CrossEntropyLoss()(Net()(torch.randn(4, 8)), torch.randint(0, 3, (4,)))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 3)

            def forward(self, x):
                return self.fc(x)

        nn.CrossEntropyLoss()(Net()(torch.randn(4, 8)), torch.randint(0, 3, (4,)))
    """

    code = "SHP401"
    name = "softmax-before-cross-entropy"
    listens = (facts.Called,)
    ops = CROSS_ENTROPY

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.op not in self.ops:
            return None
        made = maker(fact.arguments.get("input"))
        if made is None or word(made.op) not in _WHAT:
            return None
        first = short_name(made.op)
        message = f"{first} before {short_name(fact.op)}, which applies softmax itself: it is given {_WHAT[word(made.op)]}"
        return self.report(
            fact,
            message,
            site=place(made) or fact.site,
            trail=steps_to(fact, made, context),
            fits=(f"no {first}: the scores of the last layer", "nn.NLLLoss with log_softmax"),
        )
