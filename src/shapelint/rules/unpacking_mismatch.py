"""SHP123 unpacking-mismatch."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, shape
from shapelint.values import List, Size, Tensor


class UnpackingMismatch(Rule):
    """More or fewer names than there are sizes, or tensors, to unpack into them.

    Why
        `b, c, h, w = x.shape` states how many axes `x` has. Python raises ValueError when it has another number.

    Bad
        import torch
        from torch import nn

        class Gate(nn.Module):
            def forward(self, x):
                b, c, h, w = x.shape  # error: [unpacking-mismatch]
                return x * x.mean((2, 3)).view(b, c, 1, 1)

        Gate()(torch.randn(2, 8, 16))

    Good
        import torch
        from torch import nn

        class Gate(nn.Module):
            def forward(self, x):
                b, c, h, w = x.shape
                return x * x.mean((2, 3)).view(b, c, 1, 1)

        Gate()(torch.randn(2, 8, 16, 16))
    """

    code = "SHP123"
    name = "unpacking-mismatch"
    listens = (facts.Raised,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        cause = fact.cause
        if not isinstance(cause, facts.Unpacked):
            return None
        value, got = cause.value, cause.count
        names = f"{'at least ' * cause.starred}{cause.names} name{'s' * (cause.names != 1)}"
        if isinstance(value, Size):
            what = f"{got} size{'s' * (got != 1)} {shape(value)} {'are' if got != 1 else 'is'} unpacked into {names}"
        elif isinstance(value, Tensor):
            what = f"the {got} rows of {shape(value.shape)} are unpacked into {names}"
        elif isinstance(value, tuple) and any(map(_holds_tensors, value)):
            what = f"a tuple of {got} is unpacked into {names}"
        else:
            return None
        return self.report(fact, f"{context.spelled(fact.site, 60)}: {what}")


def _holds_tensors(value: Any) -> bool:
    """A tensor, or a batch as a loader gives it."""
    return isinstance(value, Tensor) or (
        isinstance(value, List) and value.open is None and any(isinstance(v, Tensor) for v in value.items)
    )
