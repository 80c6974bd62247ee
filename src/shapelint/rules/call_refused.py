"""SHP120 call-refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, NeedRule


class CallRefused(NeedRule):
    """torch refuses a call, for a reason that has no rule of its own.

    Why
    The message says what torch would say. Gradients are followed too: `backward()` is refused where nothing below needs
    gradients, where an earlier one has freed the graph, and where a value that an operation keeps for its gradients was
    changed in place since (`x += self.conv(x)`).

    Bad
        import torch

        torch.randn(3, 4).item()  # error: [call-refused]

    Good
        import torch

        torch.randn(1).item()
    """

    code = "SHP120"
    name = "call-refused"
    listens: ClassVar[tuple[type[facts.Fact], ...]] = (facts.NeedFailed, facts.Raised)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        yield from super().check(said, context)
        for fact in said:
            if isinstance(fact, facts.Raised) and isinstance(fact.cause, facts.LibraryRefuses):
                found = self.report(
                    fact,
                    f"{_asked(context.spelled(fact.site, 60))}: {fact.message}",
                    severity="error" if fact.by_program else "info",
                )
                if found is not None:
                    yield found


def _asked(text: str) -> str:
    """Of a statement with a block only its head: `out > 0` of `if out > 0: …`."""
    head = re.match(r"(?:if|elif|while|assert)\s+(.*?)(?::(?:\s.*)?)?$", text)
    return head.group(1) if head is not None else text
