"""SHP215 batch-reduced-for-time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.batches import OPS, batches
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import older
from shapelint.rules.base import Context, Rule, entry_step, shape, size, trail_of
from shapelint.values import Tensor

_REDUCING = tuple(f"torch.{n}" for n in ("mean", "sum", "max", "amax"))


class BatchReducedForTime(Rule):
    """A mean or sum over axis 0 of a batch-first tensor pools the samples, and keeps the time steps.

    Why
        `x.mean(0)` pools over time in time-major code. Behind a layer with `batch_first=True`, or a convolution, axis
        0 is the batch: what the network gives has a row for each time step, made of all samples.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
                self.head = nn.Linear(16, 3)

            def forward(self, x):
                x = self.layer(x).mean(dim=0)  # error: [batch-reduced-for-time]
                return self.head(x)

        Net()(torch.randn(5, 12, 16))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
                self.head = nn.Linear(16, 3)

            def forward(self, x):
                x = self.layer(x).mean(dim=1)
                return self.head(x)

        Net()(torch.randn(5, 12, 16))
    """

    code = "SHP215"
    name = "batch-reduced-for-time"
    listens = (facts.Called, facts.ModelCalled)
    ops = (*OPS, *_REDUCING)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        for fact in said:
            if isinstance(fact, facts.Called) and f"torch.{base_name(fact.op)}" in _REDUCING:
                found = self._judged(fact, said, context)
                if found is not None:
                    yield found

    def _judged(self, fact: Any, said: Sequence[facts.Fact], context: Context) -> Diagnostic | None:
        x = fact.arguments.get("input")
        if (
            fact.model_call is None
            or not isinstance(x, Tensor)
            or not x.known
            or x.rank != 3
            or x.after_failure
        ):
            return None
        if fact.arguments.get("dim") not in (0, -3) or fact.arguments.get("keepdim") is True:
            return None
        lineage = lineage_of(context)
        samples, steps, _ = lineage.axes(x)
        output = fact.model_call.output
        if (
            len(samples) != 1
            or not steps
            or not isinstance(output, Tensor)
            or not output.known
            or not output.shape
        ):
            return None
        known = batches(said, context)
        if (
            samples[0].key not in known
            or any(a.key in known for a in steps)
            or (lineage.number(x.shape[0]) or 0) < 2
        ):
            return None
        result = fact.result[0] if isinstance(fact.result, tuple) else fact.result
        if (
            lineage.axes(output)[0] != steps
            or any(a.kind != "named" for a in steps)
            or not any(t is result for t in older(output, 60))
        ):
            return None
        if any(samples[0] in axis for axis in lineage.axes(output)):
            return None
        message = (
            f"{context.spelled(fact.site, 50)} pools the {size(x.shape[0])} samples of {shape(x.shape)}, not the steps "
            f"({known[samples[0].key]}): the network gives {shape(output.shape)}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x,))
        call = entry_step(fact)
        return self.report(
            fact, message, trail=[*([call] if call else []), *trail_of(need, context)], fits=("dim=1",)
        )
