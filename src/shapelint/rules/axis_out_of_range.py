"""SHP113 axis-out-of-range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, NeedRule, shape


class AxisOutOfRange(NeedRule):
    """An axis that the tensor does not have.

    Why
    `dim` must lie between minus the number of axes and one less than their number, and `permute` must name each
    axis once: torch raises. `x.shape[2]` of a tensor of two axes raises IndexError.

    Bad
        import torch

        torch.randn(4, 8).sum(dim=2)  # error: [axis-out-of-range]

    Good
        import torch

        torch.randn(4, 8).sum(dim=1)
    """

    code = "SHP113"
    name = "axis-out-of-range"
    listens: ClassVar[tuple[type[facts.Fact], ...]] = (facts.NeedFailed, facts.Raised)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        yield from super().check(said, context)
        for fact in said:
            if isinstance(fact, facts.Raised) and isinstance(fact.cause, facts.SizeAsked):
                sizes = fact.cause.sizes
                what = f"{shape(sizes)} has {len(sizes)} {'axis' if len(sizes) == 1 else 'axes'}, none is number {fact.cause.index}"
                found = self.report(fact, f"{context.spelled(fact.site, 60)}: {what}")
                if found is not None:
                    yield found
