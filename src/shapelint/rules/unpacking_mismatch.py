"""SHP123 unpacking-mismatch."""

from __future__ import annotations

import re
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, shape
from shapelint.values import Size, Tensor


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
        match = re.search(r"to unpack \(expected (at least )?(\d+), got (\d+)\)", fact.message)
        if fact.exception != "ValueError" or match is None:
            return None
        least, wanted, got = match.groups()
        names = f"{least or ''}{wanted} name{'s' * (wanted != '1')}"
        about = fact.about
        if isinstance(about, Size):
            what = f"{got} size{'s' * (got != '1')} {shape(about)} {'are' if got != '1' else 'is'} unpacked into {names}"
        elif isinstance(about, Tensor):
            what = f"the {got} rows of {shape(about.shape)} are unpacked into {names}"
        elif isinstance(about, tuple) and any(isinstance(v, Tensor) for v in about):
            what = f"a tuple of {got} is unpacked into {names}"
        else:
            return None
        return self.report(fact, f"{context.spelled(fact.site, 60)}: {what}")
