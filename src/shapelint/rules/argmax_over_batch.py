"""SHP216 argmax-over-batch."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.lineage import axis_of
from shapelint.rules.axes.steps import MOVES, before, behind, given, older, step
from shapelint.rules.base import Context, Rule, shape, size, trail_of
from shapelint.rules.batch_axis import is_batch
from shapelint.rules.lineage import word
from shapelint.rules.losses import SCORES
from shapelint.values import Made, Module, Tensor

_KEEPS_CLASSES = frozenset(
    "Softmax LogSoftmax Sigmoid softmax log_softmax sigmoid exp div mul add sub Dropout dropout ReLU relu detach".split()
)


class ArgmaxOverBatch(Rule):
    """The largest score is looked for along the batch: the best sample of each class.

    Why
        `torch.max(outputs, 0)` of `(B, classes)` gives one index for each class. Compared with the labels it raises as a
        rule; where a batch has as many samples as there are classes, it gives an accuracy that means nothing.

    Bad
        import torch
        from torch import nn

        net = nn.Linear(20, 5)
        images, labels = torch.randn(5, 20), torch.randint(0, 5, (5,))
        predicted = net(images).argmax(0)  # error: [argmax-over-batch]
        correct = (predicted == labels).sum()

    Good
        import torch
        from torch import nn

        net = nn.Linear(20, 5)
        images, labels = torch.randn(5, 20), torch.randint(0, 5, (5,))
        predicted = net(images).argmax(1)
        correct = (predicted == labels).sum()
    """

    code = "SHP216"
    name = "argmax-over-batch"
    listens = (facts.Called,)
    ops = ("torch.eq", "torch.ne", "torch.Tensor.eq", "torch.Tensor.ne")

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.op not in self.ops:
            return None
        a, b = fact.arguments.get("input"), fact.arguments.get("other")
        for found, labels in ((a, b), (b, a)):
            if isinstance(found, Tensor) and isinstance(labels, Tensor) and found.known and labels.known:
                diagnostic = self._judged(fact, found, labels, context)
                if diagnostic is not None:
                    return diagnostic
        return None

    def _judged(
        self, fact: facts.Called, found: Tensor, labels: Tensor, context: Context
    ) -> Diagnostic | None:
        largest = behind(found, MOVES)
        scores = _searched(largest)
        if scores is None or labels.rank != 1 or found.rank != 1 or labels.after_failure:
            return None
        lineage = lineage_of(context)
        samples, classes = lineage.axes(scores)
        many = lineage.number(scores.shape[1])
        if many is None or many < 2 or lineage.number(labels.shape[0]) != many:
            return None  # it raises, and is told as that
        if len(samples) != 1 or not is_batch(samples[0].key) or not _scored(scores):
            return None
        if lineage.axes(labels)[0] == classes or any(t is scores for t in older(labels, 20)):
            return None
        assert isinstance(largest, Tensor) and isinstance(largest.made, Made)
        place = largest.made.site or fact.site
        message = (
            f"{context.spelled(place, 60)} looks along the {size(scores.shape[0])} samples of {shape(scores.shape)}: it gives "
            f"the best sample of each of {many} classes, compared with the {size(labels.shape[0])} labels"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(scores,))
        return self.report(fact, message, site=place, trail=trail_of(need, context), fits=("dim=1",))


def _searched(largest: Tensor | None) -> Tensor | None:
    """The matrix along whose first axis the place of the largest was looked for."""
    name = step(largest)
    if largest is None or name not in ("argmax", "max") or given(largest, "keepdim") is True:
        return None
    if name == "max" and largest.made is not None and largest.made.part != (1,):
        return None
    x = before(largest)
    if x is None or not x.known or x.rank != 2 or x.after_failure:
        return None
    return x if axis_of(given(largest, "dim"), 2) == 0 else None


def _scored(scores: Tensor) -> bool:
    """Whether a matrix is what a linear layer put out, one score for each class."""
    at: Tensor | None = scores
    for _ in range(8):
        if at is None or at.made is None:
            return False
        if word(at.made.op) in SCORES and isinstance(at.made.layer, Module):
            return True
        if word(at.made.op) not in _KEEPS_CLASSES and step(at) not in MOVES:
            return False
        at = before(at)
    return False
