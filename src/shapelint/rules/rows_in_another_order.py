"""SHP421 rows-in-another-order."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import Axis, Lineage, lineage_of
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import older, step
from shapelint.rules.base import Context, Rule, shape, trail_of
from shapelint.values import Tensor

_F = "torch.nn.functional."
_OF_CLASSES = (f"{_F}cross_entropy", f"{_F}nll_loss", "torch.nn.CrossEntropyLoss", "torch.nn.NLLLoss")
_OF_VALUES = (
    f"{_F}mse_loss", f"{_F}l1_loss", f"{_F}smooth_l1_loss", f"{_F}huber_loss", f"{_F}binary_cross_entropy",
    f"{_F}binary_cross_entropy_with_logits", "torch.nn.MSELoss", "torch.nn.L1Loss", "torch.nn.SmoothL1Loss",
    "torch.nn.HuberLoss", "torch.nn.BCELoss", "torch.nn.BCEWithLogitsLoss",
)  # fmt: skip
_CONSTANT = frozenset(
    "ones zeros full empty ones_like zeros_like full_like empty_like new_ones new_zeros new_full new_empty fill fill_ zero".split()
)
_NAMES_OF_CLASSES = frozenset(map(base_name, _OF_CLASSES))


class RowsInAnotherOrder(Rule):
    """A loss is given rows that count time and batch one way, and targets that count them the other way.

    Why
        `logits.reshape(-1, C)` of `[time, batch, C]` counts all samples of the first step, then those of the second;
        `targets.view(-1)` of `[batch, time]` counts all steps of the first sample. There are as many, so nothing raises,
        and every prediction is compared with the target of another place.

    Bad
        import torch
        import torch.nn.functional as F
        from torch import nn

        rnn, head = nn.GRU(8, 16), nn.Linear(16, 5)
        words, tags = torch.randn(3, 7, 8), torch.randint(0, 5, (3, 7))
        steps, _ = rnn(words.transpose(0, 1))
        loss = F.cross_entropy(head(steps).reshape(-1, 5), tags.view(-1))  # warning: [rows-in-another-order]

    Good
        import torch
        import torch.nn.functional as F
        from torch import nn

        rnn, head = nn.GRU(8, 16), nn.Linear(16, 5)
        words, tags = torch.randn(3, 7, 8), torch.randint(0, 5, (3, 7))
        steps, _ = rnn(words.transpose(0, 1))
        loss = F.cross_entropy(head(steps).reshape(-1, 5), tags.t().reshape(-1))
    """

    code = "SHP421"
    name = "rows-in-another-order"
    severity = "warning"  # which of two axes is time is told by their sizes
    listens = (facts.Called,)
    ops = (*_OF_CLASSES, *_OF_VALUES)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.op not in self.ops:
            return None
        scores, targets = fact.arguments.get("input"), fact.arguments.get("target")
        if not isinstance(scores, Tensor) or not isinstance(targets, Tensor):
            return None
        if not (scores.known and targets.known) or scores.after_failure or targets.after_failure:
            return None
        wanted = (2, 1) if base_name(fact.op) in _NAMES_OF_CLASSES else (targets.rank, targets.rank)
        if (scores.rank, targets.rank) != wanted or targets.rank not in (1, 2):
            return None
        lineage = lineage_of(context)
        rows, others = (_counted(lineage, lineage.axes(x)[0]) for x in (scores, targets))
        if rows is None or others is None or rows == others or sorted(rows) != sorted(others):
            return None
        if any(step(x) in _CONSTANT for side in (scores, targets) for x in older(side, 8)):
            return None  # one number everywhere: it has no order
        message = (
            f"the rows of {shape(scores.shape)} count {_by(rows)}, those of the targets {_by(others)}: each prediction is "
            "compared with the target of another place"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(scores, targets))
        return self.report(
            fact,
            message,
            trail=trail_of(need, context),
            fits=("transpose(0, 1) on one side, before it is flattened",),
        )


def _counted(lineage: Lineage, axis: Axis) -> list[int] | None:
    """The sizes of what an axis counts, outermost first, where it counts several things of different sizes and all are known."""
    numbers = [lineage.number(atom.size) for atom in axis]
    sizes = [n for n in numbers if n is not None and n > 1]
    if None in numbers or len(sizes) < 2 or len(set(sizes)) != len(sizes):
        return None
    return None if any(atom.kind == "foreign" or atom.parent is not None for atom in axis) else sizes


def _by(sizes: list[int]) -> str:
    return " by ".join(map(str, sizes))
