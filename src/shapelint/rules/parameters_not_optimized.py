"""SHP317 parameters-not-optimized."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.modes import learnt, step_key
from shapelint.rules.registered import parameters
from shapelint.rules.surroundings import speaks_of
from shapelint.values import Module

_FIXED = regex(
    r"target|teacher|ema\b|momentum_|frozen|freeze|fixed|random_net|perceptual|pretrained|weights=|from_pretrained",
    re.I,
)


class ParametersNotOptimized(Rule):
    """A network takes part in the loss, and no optimizer has its parameters.

    Why
        `Adam(encoder.parameters())` beside a decoder that is trained with it leaves the decoder at its random start. The loss
        still falls, since the encoder adapts to it. Information only: teachers, target networks and losses made of
        networks stay as they are on purpose.

    Bad
        import torch
        from torch import nn

        encoder, decoder = nn.Linear(8, 2), nn.Linear(2, 8)
        optimizer = torch.optim.SGD(encoder.parameters(), lr=0.1)  # info: [parameters-not-optimized]
        x = torch.randn(16, 8)
        loss = (decoder(encoder(x)) - x).pow(2).mean()
        loss.backward()
        optimizer.step()

    Good
        import torch
        from torch import nn

        encoder, decoder = nn.Linear(8, 2), nn.Linear(2, 8)
        optimizer = torch.optim.SGD([*encoder.parameters(), *decoder.parameters()], lr=0.1)
        x = torch.randn(16, 8)
        loss = (decoder(encoder(x)) - x).pow(2).mean()
        loss.backward()
        optimizer.step()
    """

    code = "SHP317"
    name = "parameters-not-optimized"
    severity = "info"
    listens = (facts.ModelCalled, facts.Called, facts.OptimizerBuilt, facts.OptimizerUsed, facts.StateLoaded)
    ops = ("torch.Tensor.backward",)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        optimizers = [f for f in said if isinstance(f, facts.OptimizerBuilt)]
        if not optimizers or any(f.parameters is None for f in optimizers):
            return
        if not any(isinstance(f, facts.OptimizerUsed) and f.what == "step" for f in said):
            return
        owned = {id(t) for f in optimizers for t in f.parameters or ()}
        loaded = {id(f.module) for f in said if isinstance(f, facts.StateLoaded)}
        taught = learnt(said)
        told: set[int] = set()
        for fact in said:
            if (
                not isinstance(fact, facts.ModelCalled)
                or fact.grad is not True
                or not isinstance(fact.module, Module)
            ):
                continue
            mine = [t for t in parameters(fact.module) if t.requires_grad is not False]
            if (
                not mine
                or id(fact.module) in told
                or id(fact.module) in loaded
                or step_key(fact.output) not in taught
            ):
                continue
            if any(id(t) in owned for t in mine) or speaks_of(context, fact.site, _FIXED):
                continue
            told.add(id(fact.module))
            last = optimizers[-1]
            if last.site is None or fact.site is None:
                continue
            call = context.spelled(fact.site, 50)
            step = TrailStep(
                fact.site.path, fact.site.line, fact.site.column, f"it takes part in the loss: {call}"
            )
            found = self.report(
                last,
                f"no optimizer has the parameters of {call.partition('(')[0]}: this {fact.module.cls.name} takes part in the loss "
                f"in line {fact.site.line}",
                trail=(step,),
                fits=(
                    "an optimizer that has its parameters too",
                    "requires_grad_(False) where it is to stay as it is",
                ),
            )
            if found is not None:
                yield found
