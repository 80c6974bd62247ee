"""SHP205 batch-total-divides-samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import MOVES, before, behind, given, older, step
from shapelint.rules.base import Context, Rule, shape, trail_of
from shapelint.values import Tensor

_GUARDS = frozenset("add clamp clamp_min maximum clip float to long".split())


class BatchTotalDividesSamples(Rule):
    """The mean of each sample is taken with the number of entries of the whole batch.

    Why
        `mask.sum()` counts the tokens of all sentences. Dividing each sentence's sum by it makes every vector smaller the
        larger the batch is, and dependent on its neighbours. The count belongs to the sample: `mask.sum(1, keepdim=True)`.

    Bad
        import torch
        from torch import nn

        class Pool(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(50, 8)

            def forward(self, ids, mask):
                total = (self.embed(ids) * mask.unsqueeze(-1)).sum(1)
                return total / mask.sum()  # error: [batch-total-divides-samples]

        Pool()(torch.randint(0, 50, (4, 12)), torch.ones(4, 12))

    Good
        import torch
        from torch import nn

        class Pool(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(50, 8)

            def forward(self, ids, mask):
                total = (self.embed(ids) * mask.unsqueeze(-1)).sum(1)
                return total / mask.sum(1, keepdim=True)

        Pool()(torch.randint(0, 50, (4, 12)), torch.ones(4, 12))
    """

    code = "SHP205"
    name = "batch-total-divides-samples"
    listens = (facts.Called,)
    ops = ("torch.div", "torch.Tensor.div_", "torch.sum", "torch.mean")

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        summed = [
            f.arguments.get("input")
            for f in said
            if isinstance(f, facts.Called) and base_name(f.op) in ("sum", "mean")
        ]
        for fact in said:
            if isinstance(fact, facts.Called) and base_name(fact.op) in ("div", "divide", "true_divide"):
                found = self._judged(fact, summed, context)
                if found is not None:
                    yield found

    def _judged(self, fact: Any, summed: list[Any], context: Context) -> Diagnostic | None:
        x, y = fact.arguments.get("input"), fact.arguments.get("other")
        if not isinstance(x, Tensor) or not isinstance(y, Tensor) or not x.known or not y.known:
            return None
        if x.after_failure or y.after_failure or y.shape or x.rank != 2 or fact.model_call is None:
            return None
        count = _unguarded(y)
        mask = before(count)
        if (
            step(count) != "sum"
            or given(count, "dim") is not None
            or mask is None
            or not mask.known
            or not _counts_steps(mask)
        ):
            return None
        if step(x) != "sum" or given(x, "keepdim") is True:
            return None
        product = before(x)
        if step(product) not in ("mul", "multiply", "masked_fill") or product is None or product.rank != 3:
            return None
        root = behind(mask, MOVES)
        if not any(behind(t, MOVES) is root for t in older(product, 12)):
            return None
        lineage = lineage_of(context)
        samples = lineage.number(mask.shape[0])
        if samples is None or samples < 2 or lineage.number(x.shape[0]) != samples:
            return None
        if any(t is fact.result for late in summed if isinstance(late, Tensor) for t in older(late, 8)):
            return None  # summed over the batch in the end: then the total is the right count
        message = (
            f"{context.spelled(fact.site, 60)}: each of {samples} samples is divided by the sum over all of "
            f"{shape(mask.shape)}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x, y))
        assert isinstance(count, Tensor) and count.made is not None
        return self.report(
            fact,
            message,
            site=count.made.site or fact.site,
            trail=trail_of(need, context),
            fits=("sum(1, keepdim=True)" if mask.rank == 2 else "sum(1)",),
        )


def _counts_steps(mask: Tensor) -> bool:
    """Whether a mask has one entry for each step of each sample: `(B, L)`, or `(B, L, 1)`."""
    return mask.rank == 2 or (mask.rank == 3 and mask.shape[2] == 1)


def _unguarded(tensor: Tensor) -> Tensor | None:
    at: Tensor | None = tensor
    for _ in range(4):
        if at is None or step(at) not in _GUARDS:
            return at
        at = before(at)
    return at
