"""SHP124 container-misused."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.values import Module


class ContainerMisused(Rule):
    """A container of layers is called though it has no forward, or is given something that is no layer.

    Why
        A ModuleList only holds its layers: who runs them one after the other is a Sequential. And `nn.Sequential` takes
        the layers themselves, not a list of them: `nn.Sequential(*layers)`. torch raises.

    Bad
        import torch
        from torch import nn

        layers = nn.ModuleList([nn.Linear(4, 4), nn.ReLU()])
        layers(torch.randn(2, 4))  # error: [container-misused]

    Good
        import torch
        from torch import nn

        layers = nn.Sequential(*[nn.Linear(4, 4), nn.ReLU()])
        layers(torch.randn(2, 4))
    """

    code = "SHP124"
    name = "container-misused"
    listens = (facts.Raised,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        module = fact.about
        if not isinstance(module, Module) or module.incomplete:
            return None
        call = context.spelled(fact.site, 60)
        if fact.exception == "NotImplementedError" and fact.message.endswith("missing the required forward"):
            fits = ("nn.Sequential",) if module.cls.name == "ModuleList" else ()
            return self.report(fact, f"{call}: {module.cls.name} has no forward, and is called", fits=fits)
        if fact.exception == "TypeError" and fact.message.endswith("is not a Module subclass"):
            given = fact.message.split()[0]
            fits = (f"{module.cls.name}(*layers)",) if given in ("list", "tuple") else ()
            return self.report(
                fact, f"{call}: a {given} is no layer, and {module.cls.name} takes layers", fits=fits
            )
        return None
