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
from shapelint.rules.axes.steps import before, behind, given, step
from shapelint.rules.base import Context, Rule, shape, size, trail_of
from shapelint.values import Tensor


class PositionsBySample(Rule):
    """A table of positions is cut to the size of the batch: each sample gets one vector for all steps.

    Why
        `pe[: x.size(0)]` is written for `(time, batch, features)`. With the batch first it adds vector number i to
        every step of sample i: the network is told which place in the batch a sample has, and nothing about the order
        of its steps.

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
    ops = ("torch.add", "torch.Tensor.add_", *OPS)

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
            if x.after_failure or x.rank != 3 or table.rank != 3:
                continue
            rows_of_table = _cut(table)
            if rows_of_table is None:
                rows_of_table = _embedded(table)
            if rows_of_table is None:
                continue
            lineage = lineage_of(context)
            rows = lineage.axes(x)[0]
            steps = lineage.number(x.shape[1])
            if len(rows) != 1 or rows[0].key is not rows_of_table or steps is None or steps < 2:
                continue
            if lineage.number(table.shape[1]) != 1 or rows[0].key not in (known := batches(said, context)):
                continue
            message = (
                f"{shape(x.shape)} + {shape(table.shape)}: the table is cut to the {size(x.shape[0])} samples of the batch "
                f"({known[rows[0].key]}), and all {steps} steps of one get the same vector"
            )
            need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x, table))
            return self.report(
                fact,
                message,
                trail=trail_of(need, context),
                fits=("as many positions as axis 1 is long, along axis 1",),
            )
        return None


def _cut(table: Tensor) -> Sym | None:
    """How many rows `pe[: n]` takes of a stored table."""
    if step(table) != "__getitem__":
        return None
    whole, index = before(table), given(table, "index")
    first = index[0] if isinstance(index, tuple) and index else index
    if whole is None or not whole.known or not whole.shape or not isinstance(whole.shape[0], int):
        return None  # a table is as long as it was made; what follows an input is none
    if not isinstance(first, slice) or first.start not in (None, 0):
        return None
    return first.stop if isinstance(first.stop, Sym) else None


def _embedded(table: Tensor) -> Sym | None:
    """n of `embedding(torch.arange(n))`, with an axis put in behind."""
    rows = behind(table, frozenset(("unsqueeze", "view", "reshape", "__getitem__")))
    if step(rows) not in ("Embedding", "embedding"):
        return None
    numbers = behind(before(rows), frozenset(("to", "long", "unsqueeze")))
    end = given(numbers, "end")
    if step(numbers) != "arange" or not isinstance(numbers, Tensor):
        return None
    for value in (given(numbers, "start"), end):
        if isinstance(value, Sym):
            return value
    return numbers.shape[0] if numbers.known and isinstance(numbers.shape[0], Sym) else None
