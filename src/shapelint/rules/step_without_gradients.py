"""SHP416 step-without-gradients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.surroundings import file_lines, function_around
from shapelint.values import Site, Tensor

# Anything between the two that may compute gradients in a way of its own.
_MAY_LEARN = regex(r"backward|\.grad\b|autograd|closure|\.backward|manual_|accelerat|fabric|engine", re.I)
# Calls that compute no gradients, whatever they are given.
_HARMLESS = frozenset(
    "print item append clip_grad_norm_ clip_grad_value_ clip_grad_norm parameters float int len format update "
    "set_postfix add_scalar log step zero_grad".split()
)


class StepWithoutGradients(Rule):
    """The optimizer steps right after the gradients were cleared: it has nothing to follow.

    Why
        The order of a training step is zero_grad, backward, step (or backward, step, zero_grad). Where `zero_grad` stands
        between `backward` and `step`, or `step` before `backward`, each step finds the gradients cleared. Nothing raises, and
        nothing is learnt.

    Bad
        import torch
        from torch import nn

        model = nn.Linear(8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            loss = model(torch.randn(4, 8)).mean()
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()  # warning: [step-without-gradients]

    Good
        import torch
        from torch import nn

        model = nn.Linear(8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            loss = model(torch.randn(4, 8)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    """

    code = "SHP416"
    name = "step-without-gradients"
    severity = "warning"  # what stands between the two is judged by its names
    listens = (facts.OptimizerUsed, facts.Called)
    ops = ("torch.Tensor.backward",)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        backwards = [f for f in said if isinstance(f, facts.Called) and f.op == "torch.Tensor.backward"]
        uses = [f for f in said if isinstance(f, facts.OptimizerUsed)]
        cleared: dict[int, facts.OptimizerUsed] = {}
        told: set[Site] = set()
        for fact in uses:
            if fact.what == "zero_grad":
                cleared[id(fact.optimizer)] = fact
                continue
            before = cleared.get(id(fact.optimizer))
            if before is None or fact.site is None or fact.site in told:
                continue
            if not (before.certain and fact.certain) or any(
                before.order < b.order < fact.order for b in backwards
            ):
                continue
            text = _between(before.site, fact.site, context)
            if text is None or _MAY_LEARN.search(text):
                continue
            learnt = _before(before, backwards, uses) if _does_nothing(text) else None
            learnt = learnt or _behind(before, fact, backwards)
            if learnt is None or not _same_function(learnt.site, fact.site, context):
                continue  # its gradients come from somewhere else
            told.add(fact.site)
            found = self._tell(fact, before, learnt, context)
            if found is not None:
                yield found

    def _tell(
        self,
        fact: facts.OptimizerUsed,
        before: facts.OptimizerUsed,
        learnt: facts.Called,
        context: Context,
    ) -> Diagnostic | None:
        learns = learnt.site
        assert fact.site is not None and before.site is not None and learns is not None
        step, clears = context.spelled(fact.site, 40), context.spelled(before.site, 40)
        late = learns.line > fact.site.line
        why = f"{context.spelled(learns, 40)} comes behind it" if late else "backward() came before that"
        trail = [
            TrailStep(s.path, s.line, s.column, context.spelled(s, 60)) for s in sorted((before.site, learns))
        ]
        return self.report(
            fact,
            f"{step} follows {clears} with no gradients in between: {why}, and nothing is learnt",
            trail=trail,
            fits=("zero_grad(), backward(), step()",),
        )


def _before(
    cleared: facts.OptimizerUsed, backwards: Sequence[facts.Called], uses: Sequence[facts.OptimizerUsed]
) -> facts.Called | None:
    """The backward whose gradients were cleared before anything followed them."""
    last = next((b for b in reversed(backwards) if b.order < cleared.order), None)
    if last is None or any(last.order < u.order < cleared.order for u in uses):
        return None
    return last


def _behind(
    cleared: facts.OptimizerUsed, step: facts.OptimizerUsed, backwards: Sequence[facts.Called]
) -> facts.Called | None:
    """The backward that comes behind a step, of a loss that was computed before it."""
    for found in backwards:
        loss = found.arguments.get("self")
        made = loss.made.site if isinstance(loss, Tensor) and loss.made is not None else None
        if (
            found.order > step.order
            and made is not None
            and cleared.site is not None
            and step.site is not None
        ):
            return found if cleared.site.line <= made.line <= step.site.line else None
    return None


def _between(first: Site | None, last: Site, context: Context) -> str | None:
    """The text between two places of one function, the one after the other; None where they do not stand so."""
    if first is None or first.path != last.path or not first.line <= last.line:
        return None
    if not _same_function(first, last, context):
        return None
    lines = file_lines(context, last)[first.end_line - 1 : last.line - 1]
    if lines:
        lines[0] = lines[0][first.end_column - 1 :]
    return "\n".join(re.sub(r"#.*", "", line) for line in lines)


def _does_nothing(text: str) -> bool:
    """Whether what is called there computes no gradients, whatever it is given."""
    return set(re.findall(r"(\w+)\s*\(", text)) <= _HARMLESS


def _same_function(a: Site | None, b: Site, context: Context) -> bool:
    if a is None or a.path != b.path:
        return False
    one, other = function_around(context, a), function_around(context, b)
    return (one.first if one else 0) == (other.first if other else 0)
