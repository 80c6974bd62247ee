"""SHP208 last-sample-for-last-step."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.axes.batches import SEQUENCE_OPS, batch_first, maker_of
from shapelint.rules.axes.steps import made_by
from shapelint.rules.base import Context, Rule, shape, short_name, size, trail_of
from shapelint.values import Tensor

_RECURRENT = ("torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU")


class LastSampleForLastStep(Rule):
    """`out[-1]` of a batch-first layer is the last sample, not the last time step.

    Why
        With `batch_first=True` the output is `(batch, time, features)`: `out[-1]` is one sample's whole sequence. The
        rest of the batch is thrown away; where the batch is as long as the sequence even the sizes fit. The state
        `h_n` keeps its batch along axis 1 in either layout: its last layer is `h_n[-1]`, not `h_n[:, -1]`.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.LSTM(5, 16, batch_first=True)
                self.head = nn.Linear(16, 1)

            def forward(self, x):
                out, _ = self.rnn(x)
                return self.head(out[-1])  # error: [last-sample-for-last-step]

        Net()(torch.randn(32, 32, 5))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = nn.LSTM(5, 16, batch_first=True)
                self.head = nn.Linear(16, 1)

            def forward(self, x):
                out, (h, c) = self.rnn(x)
                return self.head(out[:, -1]) + self.head(h[-1])

        Net()(torch.randn(32, 32, 5))
    """

    code = "SHP208"
    name = "last-sample-for-last-step"
    listens = (facts.Called,)
    ops = ("torch.Tensor.__getitem__",)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.op not in self.ops or fact.model_call is None:
            return None
        x, index = fact.arguments.get("input"), fact.arguments.get("index")
        if not isinstance(x, Tensor) or not x.known or x.rank != 3 or x.after_failure:
            return None
        parts = index if isinstance(index, tuple) else (index,)
        lineage = lineage_of(context)
        made = maker_of(x, SEQUENCE_OPS, lineage, 2)
        if made is None or made.made is None or made.rank != 3:
            return None
        state = made.made.op in _RECURRENT and made.made.part[:1] == (1,)
        if state:
            if len(parts) < 2 or parts[0] != slice(None) or not _last(parts[1]) or _all_layers(parts):
                return None
        elif (
            not _last(parts[0])
            or batch_first(made_by(made)) is not True
            or any(isinstance(p, int) for p in parts[1:])
        ):
            return None
        samples = x.shape[1 if state else 0]
        if (lineage.number(samples) or 0) < 2:
            return None
        call = context.spelled(fact.site, 50)
        layout = "[layers, batch, features]" if state else "[batch, time, features]"
        message = (
            f"{call} is the last of the {size(samples)} samples, not the last time step: {short_name(made.made.op)} "
            f"gives {shape(made.shape)} as {layout}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x,))
        fits = "h_n[-1]" if state else "out[:, -1]"
        return self.report(fact, message, trail=trail_of(need, context), fits=(fits,))


def _last(part: object) -> bool:
    return isinstance(part, int) and not isinstance(part, bool) and part == -1


def _all_layers(parts: tuple[Any, ...]) -> bool:
    """Whether more is picked than the sample: `h[:, -1, 0]` looks at one number."""
    return any(isinstance(p, int) for p in parts[2:])
