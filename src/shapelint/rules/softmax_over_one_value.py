"""SHP404 softmax-over-one-value."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, shape, short_name
from shapelint.rules.lineage import source, word
from shapelint.rules.losses import SCORES
from shapelint.values import Tensor

_F = "torch.nn.functional."
SOFTMAXES = (
    "torch.softmax", "torch.log_softmax", f"{_F}softmax", f"{_F}log_softmax", "torch.nn.Softmax", "torch.nn.LogSoftmax",
)  # fmt: skip


def axis_of(fact: Any) -> int | None:
    """The axis that a softmax was asked for, counted from the front; None when it is not told or not known."""
    x = fact.arguments.get("input")
    dim = fact.layer.attrs.get("dim") if fact.layer is not None else fact.arguments.get("dim")
    if (
        not isinstance(x, Tensor)
        or not x.known
        or x.after_failure
        or not isinstance(dim, int)
        or isinstance(dim, bool)
    ):
        return None
    return dim % x.rank if x.rank and -x.rank <= dim < x.rank else None


class SoftmaxOverOneValue(Rule):
    """A softmax over an axis that holds one value: the result is always 1.

    Why
        One value normalised by itself is 1 (its logarithm 0), whatever it is. Attention becomes a plain sum, and the layer
        that computes the scores gets no gradient. Usually the axis of the places was meant.

    Bad
        import torch
        from torch import nn

        scores = nn.Linear(16, 1)
        x = torch.randn(4, 20, 16)
        weights = torch.softmax(scores(x), dim=-1)  # error: [softmax-over-one-value]

    Good
        import torch
        from torch import nn

        scores = nn.Linear(16, 1)
        x = torch.randn(4, 20, 16)
        weights = torch.softmax(scores(x), dim=1)
    """

    code = "SHP404"
    name = "softmax-over-one-value"
    listens = (facts.Called,)
    ops = SOFTMAXES

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        axis = axis_of(fact) if fact.op.rpartition(".")[2].lower().endswith("softmax") else None
        if axis is None:
            return None
        x = fact.arguments["input"]
        if not (isinstance(x.shape[axis], int) and x.shape[axis] == 1) or x.rank < 2 or not _is_one_score(x):
            return None
        others = [i for i in range(1, x.rank) if x.shape[i] != 1]
        message = f"{short_name(fact.op)} over axis {axis} of {shape(x.shape)}, which holds one value: the result is always 1"
        if "log" in fact.op.lower():
            message = message[:-1] + "0"
        return self.report(fact, message, fits=[f"dim={i}" for i in others[:2]])


# What leaves the scores of a layer scores, axis by axis.
_ELEMENTWISE = frozenset(
    "add sub mul div tanh Tanh relu ReLU leaky_relu LeakyReLU dropout Dropout masked_fill where".split()
)


def _is_one_score(x: Tensor) -> bool:
    """Whether the one value is the single score that a layer puts out; anything else may be a size that happens to be 1."""
    at: Any = x
    for _ in range(8):
        at = source(at)
        if at is None or at.made is None or not at.made.parents:
            return False
        if word(at.made.op) in SCORES and at.made.layer is not None:
            return 1 in (at.made.layer.attrs.get("out_features"), at.made.layer.attrs.get("out_channels"))
        if word(at.made.op) not in _ELEMENTWISE:
            return False
        at = at.made.parents[0]
    return False
