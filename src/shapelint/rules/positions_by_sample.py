"""SHP209 positions-by-sample."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.dims import Sym
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.batches import OPS, batches
from shapelint.rules.axes.lineage import base_name
from shapelint.rules.axes.steps import before, given, step
from shapelint.rules.base import Context, Rule, shape, size, trail_of
from shapelint.values import Tensor


class PositionsBySample(Rule):
    """A table of positions is cut to the size of the batch: each sample gets one vector for all steps.

    Why
        `pe[: x.size(0)]` is written for `(time, batch, features)`. With the batch first it adds vector number i to every step
        of sample i: the network is told which place in the batch a sample has, and nothing about the order of its steps.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.register_buffer("pe", torch.randn(512, 1, 16))
                self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)

            def forward(self, x):
                x = x + self.pe[: x.size(0)]  # error: [positions-by-sample]
                return self.layer(x)

        Net()(torch.randn(5, 12, 16))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.register_buffer("pe", torch.randn(512, 1, 16))
                self.layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)

            def forward(self, x):
                x = x + self.pe[: x.size(1)].transpose(0, 1)
                return self.layer(x)

        Net()(torch.randn(5, 12, 16))
    """

    code = "SHP209"
    name = "positions-by-sample"
    listens = (facts.Called, facts.ModelCalled)
    ops = ("torch.add", *OPS)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        for fact in said:
            if isinstance(fact, facts.Called) and base_name(fact.op) == "add" and fact.model_call is not None:
                found = self._judged(fact, said, context)
                if found is not None:
                    yield found

    def _judged(self, fact: Any, said: Sequence[facts.Fact], context: Context) -> Diagnostic | None:
        a, b = fact.arguments.get("input"), fact.arguments.get("other")
        for x, table in ((a, b), (b, a)):
            if not isinstance(x, Tensor) or not isinstance(table, Tensor) or not x.known or not table.known:
                continue
            if x.after_failure or x.rank != 3 or table.rank != 3 or step(table) != "__getitem__":
                continue
            whole = before(table)
            index = given(table, "index")
            first = index[0] if isinstance(index, tuple) and index else index
            if whole is None or whole.made is not None and whole.kind == "tensor" and whole.made.parents:
                if whole is None or whole.kind == "tensor":
                    continue
            if not isinstance(first, slice) or not isinstance(first.stop, Sym) or first.start not in (None, 0):
                continue
            lineage = lineage_of(context)
            rows = lineage.axes(x)[0]
            steps = lineage.number(x.shape[1])
            if len(rows) != 1 or rows[0].key is not first.stop or steps is None or steps < 2:
                continue
            if lineage.number(table.shape[1]) != 1 or rows[0].key not in (known := batches(said, context)):
                continue
            call = context.spelled(table.made.site if table.made is not None else fact.site, 50)
            message = (
                f"{shape(x.shape)} + {shape(table.shape)}: the table is cut to the {size(x.shape[0])} samples of the batch "
                f"({known[rows[0].key]}), and all {steps} steps of one get the same vector"
            )
            need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x, table))
            return self.report(
                fact, message, trail=trail_of(need, context), fits=(f"{call}: the size of axis 1, and the steps along axis 1",)
            )
        return None
