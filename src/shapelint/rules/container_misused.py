"""SHP124 container-misused."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.values import BoundMethod, Builtin, Class, Function


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
        cause = fact.cause
        if not isinstance(cause, (facts.CalledWithoutForward, facts.RegisteredNoLayer)):
            return None
        if cause.module.incomplete:
            return None
        call, name = context.spelled(fact.site, 60), cause.module.cls.name
        if isinstance(cause, facts.CalledWithoutForward):
            fits = ("nn.Sequential",) if name == "ModuleList" else ()
            return self.report(fact, f"{call}: {name} has no forward, and is called", fits=fits)
        given, fits = f"a {cause.type_name}", ()
        if cause.type_name in ("list", "tuple"):
            fits = (f"{name}(*layers)",)
        elif isinstance(cause.value, Class):
            given, fits = f"the class {cause.value.name}", (f"{cause.value.name}()",)
        elif isinstance(cause.value, (Builtin, Function, BoundMethod)):
            given = "a function"
        return self.report(fact, f"{call}: {given} is no layer, and {name} takes layers", fits=fits)
