"""SHP213 norm-over-one-value."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.base import Context, Rule, shape, short_name, trail_of
from shapelint.values import List, Module, Tensor


class NormOverOneValue(Rule):
    """A norm takes mean and deviation of a single value: what comes out is its bias, whatever goes in.

    Why
        `LayerNorm(1)`, or `GroupNorm(C, C)` on `(batch, C)`, subtracts from each value itself. The output is zero (plus the
        learned bias) for every input, and nothing before the layer is ever trained.

    Bad
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(8, 1), nn.LayerNorm(1))
        net(torch.randn(4, 8))  # error: [norm-over-one-value]

    Good
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(8, 6), nn.LayerNorm(6), nn.GroupNorm(3, 6))
        net(torch.randn(4, 8))
        nn.GroupNorm(6, 6)(torch.randn(4, 6, 5, 5))
    """

    code = "SHP213"
    name = "norm-over-one-value"
    listens = (facts.Called,)
    ops = ("torch.nn.LayerNorm", "torch.nn.GroupNorm")

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        x = fact.arguments.get("input")
        if (
            fact.op not in self.ops
            or not isinstance(fact.layer, Module)
            or not isinstance(x, Tensor)
            or not x.known
        ):
            return None
        if x.after_failure:
            return None
        number = lineage_of(context).number
        attrs = fact.layer.attrs
        if fact.op == "torch.nn.LayerNorm":
            normalized = attrs.get("normalized_shape")
            sizes = normalized.items if isinstance(normalized, List) else normalized
            sizes = sizes if isinstance(sizes, (tuple, list)) else (sizes,)
            if any(s != 1 for s in sizes):
                return None
        else:
            groups, channels = attrs.get("num_groups"), attrs.get("num_channels")
            if (
                not isinstance(groups, int)
                or groups != channels
                or x.rank < 2
                or any(number(d) != 1 for d in x.shape[2:])
            ):
                return None
        message = (
            f"{short_name(fact.op)} over {shape(x.shape)} takes the mean of one value at a time: its output does not "
            "depend on its input"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x,), built=fact.layer.built_at)
        return self.report(fact, message, trail=trail_of(need, context))
