"""SHP411 zero-grad-missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.surroundings import speaks_of

# Anything that may clear a gradient, or hand the step to something that does.
_CLEARS = regex(r"zero_grad|\.grad\b|set_to_none|autograd\.grad|accumul", re.I)


class ZeroGradMissing(Rule):
    """A training loop steps an optimizer and never clears the gradients.

    Why
        `backward` adds to the gradients that are there. Without `zero_grad` every step also follows all steps before it,
        and training drifts or explodes.

    Bad
        import torch
        from torch import nn

        model = nn.Linear(8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            loss = model(torch.randn(4, 8)).mean()
            loss.backward()
            optimizer.step()  # warning: [zero-grad-missing]

    Good
        import torch
        from torch import nn

        model = nn.Linear(8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            loss = model(torch.randn(4, 8)).mean()
            loss.backward()
            optimizer.step()
    """

    code = "SHP411"
    name = "zero-grad-missing"
    severity = "warning"
    listens = (facts.OptimizerUsed, facts.Called)
    ops = ("torch.Tensor.backward",)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        steps: dict[int, list[facts.OptimizerUsed]] = {}
        backwards = [f for f in said if isinstance(f, facts.Called) and f.op == "torch.Tensor.backward"]
        for fact in said:
            if isinstance(fact, facts.OptimizerUsed):
                steps.setdefault(id(fact.optimizer), []).append(fact)
        for used in steps.values():
            first, again = used[0], [f for f in used if f.site == used[0].site]
            if (
                any(f.what != "step" for f in used)
                or first.site is None
                or not (len(again) > 1 or first.repeats)
            ):
                continue
            before = [f for f in backwards if f.order < again[-1].order and f.site is not None]
            if not any(f.order > first.order for f in before) and not (
                first.repeats and any(f.repeats for f in before)
            ):
                continue  # one backward, however many steps follow it
            paths = {s.path for f in (*used, *before) for s in (f.site, *f.stack) if s is not None}
            if not before or any(speaks_of(context, f.site, _CLEARS) for f in (*used, *before)):
                continue
            if any(speaks_of(context, path, _CLEARS) for path in sorted(paths)):
                continue
            at = before[-1].site
            assert at is not None
            found = self.report(
                first,
                f"{context.spelled(first.site, 60)} in a loop, and nothing clears the gradients that backward adds up",
                trail=(TrailStep(at.path, at.line, at.column, context.spelled(at, 60)),),
                fits=("optimizer.zero_grad() in every turn",),
            )
            if found is not None:
                yield found
