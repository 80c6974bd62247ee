"""SHP418 optimizer-never-steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.gradients import BACKWARD, has_other_ways, reached

_STEPS = regex(r"(\w+)\s*\.\s*step\b")
_SCHEDULER = regex(r"sched|lr_|_lr$|^lr$|warmup", re.I)


class OptimizerNeverSteps(Rule):
    """Gradients are cleared and computed in a loop, and the optimizer never steps.

    Why
        `backward` only computes gradients: it is `optimizer.step()` that follows them. Without it the loss of every turn is
        that of the first weights. A scheduler's `step` sets the learning rate, and moves no weight.

    Bad
        import torch
        from torch import nn

        model = nn.Linear(8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()  # warning: [optimizer-never-steps]
            loss = model(torch.randn(4, 8)).mean()
            loss.backward()

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

    code = "SHP418"
    name = "optimizer-never-steps"
    severity = "warning"  # what may step is judged by its name
    listens = (facts.OptimizerBuilt, facts.OptimizerUsed, facts.Called)
    ops = (BACKWARD,)
    every_call = True  # the files they stand in are those that were seen

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        uses = [f for f in said if isinstance(f, facts.OptimizerUsed)]
        backwards = [f for f in said if isinstance(f, facts.Called) and f.op == BACKWARD]
        below = reached(backwards) if uses and backwards else None
        if below is None or not _all_seen(said, context):
            return
        owned = {id(f.optimizer): f.parameters for f in said if isinstance(f, facts.OptimizerBuilt)}
        stepping = {id(f.optimizer) for f in uses if f.what == "step"}
        told: set[int] = set()
        for use in uses:
            key = id(use.optimizer)
            again = sum(f.site == use.site and id(f.optimizer) == key for f in uses) > 1 or use.repeats
            if key in stepping or key in told or not again or not use.by_program:
                continue
            if use.what != "zero_grad" or not any(id(t) in below for t in owned.get(key) or ()):
                continue
            told.add(key)
            at = backwards[-1].site
            trail = (
                [TrailStep(at.path, at.line, at.column, context.spelled(at, 60))] if at is not None else []
            )
            name = context.spelled(use.site, 40).partition(".zero_grad")[0]
            found = self.report(
                use,
                f"{name} clears its gradients in every turn and never follows them: nothing calls {name}.step()",
                trail=trail,
                fits=(f"{name}.step() behind backward()",),
            )
            if found is not None:
                yield found


def _all_seen(said: Sequence[facts.Fact], context: Context) -> bool:
    """Whether no other text may step: each `step` in the files is a scheduler's, or that of an optimizer that was seen."""
    seen = {
        (f.site.path, f.site.line) for f in said if isinstance(f, facts.OptimizerUsed) and f.site is not None
    }
    for path in sorted({s.path for f in said for s in (f.site, *f.stack) if s is not None}):
        file = context.sources(path)
        if file is None or has_other_ways(file.text):
            return False
        for number, line in enumerate(file.lines, 1):
            for hit in _STEPS.finditer(line.partition("#")[0]):
                if _SCHEDULER.search(hit[1]) is None and (path, number) not in seen:
                    return False
    return True
