"""SHP120 call-refused."""

from __future__ import annotations

from shapelint.rules.base import NeedRule


class CallRefused(NeedRule):
    """torch refuses a call, for a reason that has no rule of its own.

    Why
    The message says what torch would say.

    Bad
        import torch

        torch.randn(3, 4).item()  # error: [call-refused]

    Good
        import torch

        torch.randn(1).item()
    """

    code = "SHP120"
    name = "call-refused"
