"""SHP210 one-number-for-all-samples."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.dims import Sym
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import MOVES, before, behind, given, older, step
from shapelint.rules.base import Context, Rule, shape, size, trail_of
from shapelint.values import Tensor

_F = "torch.nn.functional."
_LOSSES = (
    f"{_F}mse_loss", f"{_F}l1_loss", f"{_F}smooth_l1_loss", f"{_F}huber_loss", "torch.nn.MSELoss", "torch.nn.L1Loss",
    "torch.nn.SmoothL1Loss", "torch.nn.HuberLoss",
)  # fmt: skip
_LOSS_NAMES = frozenset(base_name(op) for op in _LOSSES)
_ARITHMETIC = frozenset("add sub subtract mul multiply eq ne".split())
_PRODUCTS = frozenset("mul multiply".split())
_CHOICES = frozenset("one_hot scatter eq".split())


class OneNumberForAllSamples(Rule):
    """A reduction without `dim` swallows the batch, and its one number is then compared with every sample.

    Why
        `(q * one_hot).sum()` adds up the chosen values of all samples; the targets have one each. The number broadcasts, so
        every sample is pulled towards the total of the batch. `argmax()` without `dim` likewise gives one place in the
        flattened batch. What was meant is a number for each sample: `sum(dim=1)`, `argmax(dim=1)`.

    Bad
        import torch
        import torch.nn.functional as F
        from torch import nn

        net = nn.Linear(4, 6)
        states, targets = torch.rand(8, 4), torch.randn(8)
        chosen = F.one_hot(torch.randint(0, 6, (8,)), 6).float()
        q = torch.sum(net(states) * chosen)  # error: [one-number-for-all-samples]
        loss = (targets - q).pow(2).mean()

    Good
        import torch
        import torch.nn.functional as F
        from torch import nn

        net = nn.Linear(4, 6)
        states, targets = torch.rand(8, 4), torch.randn(8)
        chosen = F.one_hot(torch.randint(0, 6, (8,)), 6).float()
        q = torch.sum(net(states) * chosen, dim=1)
        loss = (targets - q).pow(2).mean() + (targets - targets.mean()).pow(2).sum()
    """

    code = "SHP210"
    name = "one-number-for-all-samples"
    listens = (facts.Called,)
    ops = (
        "torch.add",
        "torch.sub",
        "torch.mul",
        "torch.eq",
        "torch.ne",
        "torch.Tensor.add_",
        "torch.Tensor.sub_",
        "torch.Tensor.mul_",
        *_LOSSES,
    )

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        name = base_name(fact.op)
        loss = name in _LOSS_NAMES
        if not loss and name not in _ARITHMETIC:
            return None
        a, b = fact.arguments.get("input"), fact.arguments.get("target" if loss else "other")
        for number, vector in ((a, b), (b, a)):
            if (
                not isinstance(number, Tensor)
                or not isinstance(vector, Tensor)
                or not number.known
                or not vector.known
            ):
                continue
            if number.shape or vector.rank not in (1, 2) or number.after_failure or vector.after_failure:
                continue
            found = self._judged(fact, number, vector, loss and number is a, name, context)
            if found is not None:
                return found
        return None

    def _judged(
        self, fact: facts.Called, number: Tensor, vector: Tensor, predicted: bool, name: str, context: Context
    ) -> Diagnostic | None:
        reduced = behind(number, MOVES)
        kind = step(reduced)
        whole = before(reduced)
        if (
            reduced is None
            or whole is None
            or not whole.known
            or whole.rank != 2
            or given(reduced, "dim") is not None
        ):
            return None
        lineage = lineage_of(context)
        rows = lineage.number(whole.shape[0])
        if (
            rows is None
            or rows < 2
            or rows != lineage.number(vector.shape[0])
            or not isinstance(whole.shape[0], Sym)
        ):
            return None
        if vector.rank == 2 and lineage.number(vector.shape[1]) != 1:
            return None
        if any(t is whole for t in older(vector, 40)):
            return None  # what is left of a sample beside the total of all: a share, a distance from the mean
        if kind == "sum":
            if step(whole) not in _PRODUCTS or whole.made is None:
                return None
            chosen = any(
                step(t) in _CHOICES for p in whole.made.parents if isinstance(p, Tensor) for t in older(p, 6)
            )
            if not predicted and not (chosen and name in ("sub", "subtract")):
                return None
        elif kind not in ("argmax", "argmin") or name not in ("eq", "ne"):
            return None
        place = reduced.made.site if reduced.made is not None else None
        message = (
            f"{context.spelled(place, 60)} gives one number for all of {shape(whole.shape)}; it is used for each of "
            f"{size(vector.shape[0])} samples"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(whole, vector))
        return self.report(fact, message, site=place, trail=trail_of(need, context), fits=(f"{kind}(dim=1)",))
