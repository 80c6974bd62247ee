"""SHP206 mask-counted-once."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import MOVES, before, behind, given, step
from shapelint.rules.base import Context, Rule, shape, trail_of
from shapelint.rules.surroundings import function_around
from shapelint.values import Tensor

_GUARDS = frozenset("add clamp clamp_min maximum clip float to".split())


class MaskCountedOnce(Rule):
    """A masked mean counts its mask before broadcasting: the sum is over more values than are counted.

    Why
        `(values * mask).sum() / mask.sum()` is a mean only when the mask has an entry for every value. A `(B, L, 1)`
        mask on `(B, L, 24)` values gives 24 times the mean. A warning where the function calls itself a mean;
        elsewhere a sum over the last axis may be wanted, and it is only information.

    Bad
        import torch

        def masked_mean(values, mask):
            mask = mask.unsqueeze(-1)
            return (values * mask).sum() / mask.sum()  # warning: [mask-counted-once]

        masked_mean(torch.rand(4, 30, 24), torch.ones(4, 30))

    Good
        import torch

        def masked_mean(values, mask):
            mask = mask.unsqueeze(-1).expand_as(values)
            return (values * mask).sum() / mask.sum()

        masked_mean(torch.rand(4, 30, 24), torch.ones(4, 30))
    """

    code = "SHP206"
    name = "mask-counted-once"
    severity = "warning"
    listens = (facts.Called,)
    ops = ("torch.div", "torch.Tensor.div_")

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if base_name(fact.op) not in ("div", "divide", "true_divide"):
            return None
        x, y = fact.arguments.get("input"), fact.arguments.get("other")
        if (
            not isinstance(x, Tensor)
            or not isinstance(y, Tensor)
            or not x.known
            or not y.known
            or x.shape
            or y.shape
        ):
            return None
        if x.after_failure or y.after_failure:
            return None
        count: Tensor | None = y
        while count is not None and step(count) in _GUARDS:
            count = before(count)
        product, mask = before(x), before(count)
        if (
            step(x) != "sum"
            or step(count) != "sum"
            or given(x, "dim") is not None
            or given(count, "dim") is not None
        ):
            return None
        if (
            product is None
            or mask is None
            or step(product) not in ("mul", "multiply")
            or product.made is None
        ):
            return None
        root = behind(mask, MOVES)
        sides = [p for p in product.made.parents if isinstance(p, Tensor)]
        if (
            len(sides) != 2
            or sum(behind(p, MOVES) is root for p in sides) != 1
            or not product.known
            or not mask.known
        ):
            return None
        lineage = lineage_of(context)
        values, counted = (_numel(lineage, t) for t in (product, mask))
        if values is None or counted is None or counted >= values or values % counted:
            return None
        around = function_around(context, fact.site)
        named = around is not None and any(word in around.name.lower() for word in ("mean", "average", "avg"))
        message = (
            f"{context.spelled(fact.site, 60)}: the sum is over {shape(product.shape)}, the mask is counted over "
            f"{shape(mask.shape)}: {values // counted} times the mean"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(product, mask))
        return self.report(
            fact, message, trail=trail_of(need, context), fits=("mask.expand_as(values)",),
            severity="warning" if named else "info",
        )  # fmt: skip


def _numel(lineage: Any, tensor: Tensor) -> int | None:
    product = 1
    for dim in tensor.shape:
        n = lineage.number(dim)
        if n is None:
            return None
        product *= n
    return product
