"""SHP422 clip-without-effect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.surroundings import function_around, speaks_of
from shapelint.values import Site

_CLIPS = ("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_value_")
_BACKWARD = "torch.Tensor.backward"
# Other ways for gradients to come to a parameter, or for a step to be taken.
_OTHER_WAYS = regex(
    r"autograd\.grad|\.grad\b|manual_backward|accelerat|fabric|deepspeed|closure|engine", re.I
)


class ClipWithoutEffect(Rule):
    """Gradients are clipped where there are none: they were cleared before, or come only behind it.

    Why
        The order of a training step is zero_grad, backward, clip, step. Between `zero_grad` and `backward` there is nothing to
        clip, and behind `step` the gradients have been followed already: training runs as if they were not clipped.

    Bad
        import torch
        from torch import nn

        model = nn.LSTM(8, 4)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            loss = model(torch.randn(5, 2, 8))[0].mean()
            optimizer.zero_grad()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # warning: [clip-without-effect]
            loss.backward()
            optimizer.step()

    Good
        import torch
        from torch import nn

        model = nn.LSTM(8, 4)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(3):
            loss = model(torch.randn(5, 2, 8))[0].mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
    """

    code = "SHP422"
    name = "clip-without-effect"
    severity = "warning"  # other ways to gradients are judged by their names
    listens = (facts.OptimizerUsed, facts.Called)
    ops = (*_CLIPS, _BACKWARD)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        events = [
            f
            for f in said
            if isinstance(f, facts.OptimizerUsed) or (isinstance(f, facts.Called) and f.op in self.ops)
        ]
        if not any(_what(f) == "clip" for f in events) or not all(f.certain and f.site for f in events):
            return
        if len({id(f.optimizer) for f in events if isinstance(f, facts.OptimizerUsed)}) != 1:
            return
        events.sort(key=lambda f: f.order)
        judged: dict[Site, list[Diagnostic | None]] = {}
        for at, fact in enumerate(events):
            if _what(fact) == "clip" and fact.site is not None:
                judged.setdefault(fact.site, []).append(self._judged(fact, events, at, context))
        for found in judged.values():
            # The last turn of a loop has nothing behind it.
            told = [d for d in found if d is not None]
            if told and len(told) >= max(1, len(found) - 1):
                yield told[0]

    def _judged(
        self, fact: facts.Fact, events: Sequence[facts.Fact], at: int, context: Context
    ) -> Diagnostic | None:
        before, behind = events[:at][::-1], events[at + 1 :]
        last = next((f for f in before if _what(f) != "clip"), None)
        following = next((f for f in behind if _what(f) != "clip"), None)
        if last is None or following is None or not _in_one(context, fact, last, following):
            return None
        order = _what(last), _what(following)
        if order == ("zero_grad", "backward"):
            why = "were cleared before it and come behind it"
        elif order == ("step", "zero_grad"):
            why = "have been followed by then, and are cleared next"
        else:
            return None
        if re.match(r"\s*[\w.]*clip_grad\w+\(", context.line(fact.site)) is None if fact.site else True:
            return None  # its result, the norm, is wanted
        if speaks_of(context, fact.site, _OTHER_WAYS):
            return None
        trail = [
            TrailStep(f.site.path, f.site.line, f.site.column, context.spelled(f.site, 60))
            for f in (last, following)
            if f.site is not None
        ]
        call = context.spelled(fact.site, 60)
        return self.report(
            fact,
            f"{call} clips nothing: the gradients {why}",
            trail=trail,
            fits=("backward(), clip, step()",),
        )


def _what(fact: facts.Fact) -> str:
    if isinstance(fact, facts.OptimizerUsed):
        return fact.what
    return "backward" if isinstance(fact, facts.Called) and fact.op == _BACKWARD else "clip"


def _in_one(context: Context, *several: facts.Fact) -> bool:
    """Whether all of it stands in one function of one file."""
    if len({f.site.path for f in several if f.site is not None}) != 1:
        return False
    blocks = [function_around(context, f.site) for f in several]
    return len({block.first if block is not None else 0 for block in blocks}) == 1
