"""SHP125 sequence-for-tensor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, NeedRule
from shapelint.values import Size, Tensor


class SequenceForTensor(NeedRule):
    """A tuple, list or dict of tensors is given where one tensor is asked for.

    Why
        A recurrent layer gives `(output, state)`, `torch.max(x, dim)` gives `(values, indices)`, a network with an
        auxiliary head gives two outputs or a dict of them. The next layer or loss takes one of them; given them all,
        torch raises TypeError.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(8, 16, batch_first=True)
                self.fc = nn.Linear(16, 2)

            def forward(self, x):
                x = self.lstm(x)
                return self.fc(x)  # error: [sequence-for-tensor]

        Net()(torch.randn(2, 5, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(8, 16, batch_first=True)
                self.fc = nn.Linear(16, 2)

            def forward(self, x):
                x, _ = self.lstm(x)
                return self.fc(x)

        Net()(torch.randn(2, 5, 8))
    """

    code = "SHP125"
    name = "sequence-for-tensor"
    listens: ClassVar[tuple[type[facts.Fact], ...]] = (facts.NeedFailed, facts.Raised)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        yield from super().check(said, context)
        for fact in said:
            if isinstance(fact, facts.Raised):
                found = self._of_python(fact, context)
                if found is not None:
                    yield found

    def _of_python(self, fact: facts.Raised, context: Context) -> Diagnostic | None:
        """`out.view(…)`, `out[:, -1]` where `out` is a tuple of tensors."""
        cause = fact.cause
        if not isinstance(cause, (facts.AttributeAsked, facts.IndexedByTuple)):
            return None
        value = cause.value
        if not isinstance(value, tuple) or isinstance(value, Size):
            return None
        if not any(isinstance(v, Tensor) for v in value):
            return None
        if isinstance(cause, facts.AttributeAsked):
            what = f".{cause.name} is asked of a tuple of {len(value)}, not of a tensor"
        else:
            what = f"several indices for a tuple of {len(value)}, which is no tensor"
        return self.report(fact, f"{context.spelled(fact.site, 60)}: {what}")
