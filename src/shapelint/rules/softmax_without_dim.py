"""SHP409 softmax-without-dim."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, shape, short_name
from shapelint.rules.batch_axis import is_batch, time_major
from shapelint.rules.softmax_over_one_value import SOFTMAXES
from shapelint.values import Tensor


class SoftmaxWithoutDim(Rule):
    """A softmax without `dim` on a tensor of three axes: torch takes axis 0, the batch.

    Why
        Without `dim` the axis depends on the rank: 1 for matrices and images, 0 for three axes. Attention weights
        `[batch, queries, keys]` are then normalised over the samples of the batch. torch only warns that it is deprecated.

    Bad
        import torch
        import torch.nn.functional as F
        from torch import nn

        class Attention(nn.Module):
            def forward(self, query, key):
                weights = F.softmax(torch.bmm(query, key.transpose(1, 2)))  # error: [softmax-without-dim]
                return torch.bmm(weights, key)

        Attention()(torch.randn(4, 6, 32), torch.randn(4, 9, 32))

    Good
        import torch
        import torch.nn.functional as F
        from torch import nn

        class Attention(nn.Module):
            def forward(self, query, key):
                weights = F.softmax(torch.bmm(query, key.transpose(1, 2)), dim=-1)
                return torch.bmm(weights, key)

        Attention()(torch.randn(4, 6, 32), torch.randn(4, 9, 32))
    """

    code = "SHP409"
    name = "softmax-without-dim"
    listens = (facts.Called,)
    ops = SOFTMAXES

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if not fact.op.lower().endswith("softmax"):
            return None
        x = fact.arguments.get("input")
        holder = fact.layer.attrs if fact.layer is not None else fact.arguments
        if (
            "dim" not in holder
            or holder["dim"] is not None
            or not isinstance(x, Tensor)
            or not x.known
            or x.after_failure
        ):
            return None
        if x.rank == 3:
            sure = is_batch(x.shape[0]) and not time_major(fact.model_call)
            message = f"{short_name(fact.op)} without dim takes axis 0 of {shape(x.shape)}"
            return self.report(
                fact,
                message + (", the batch" if sure else ""),
                fits=("dim=-1",),
                severity="error" if sure else "info",
            )
        if x.rank > 3:
            return self.report(
                fact,
                f"{short_name(fact.op)} without dim takes axis 1 of {shape(x.shape)}",
                fits=("dim=…",),
                severity="info",
            )
        return None
