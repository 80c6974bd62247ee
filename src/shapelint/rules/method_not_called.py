"""SHP319 method-not-called."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.values import Instance, Module, Tensor

_DOES = {
    "step": "no step is taken",
    "zero_grad": "the gradients stay",
    "backward": "no gradients are computed",
    "eval": "the mode stays",
    "train": "the mode stays",
    "requires_grad_": "nothing changes",
    "detach_": "nothing changes",
}


class MethodNotCalled(Rule):
    """A statement names a method of an optimizer, a loss or a network, and does not call it.

    Why
        Without its parentheses the line does nothing, and Python does not mind: the network is never trained, or is
        evaluated in training mode.

    Bad
        import torch
        from torch import nn

        model = nn.Linear(8, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        optimizer.zero_grad()
        model(torch.randn(4, 8)).sum().backward()
        optimizer.step  # error: [method-not-called]

    Good
        import torch
        from torch import nn

        model = nn.Linear(8, 2)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        optimizer.zero_grad()
        model(torch.randn(4, 8)).sum().backward()
        optimizer.step()
    """

    code = "SHP319"
    name = "method-not-called"
    listens = (facts.NotCalled,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.name not in _DOES or not fact.certain:
            return None
        owner = fact.value
        whole = isinstance(owner, (Module, Tensor)) or (
            isinstance(owner, Instance) and owner.cls.kind in ("optimizer", "scheduler")
        )
        if not whole:
            return None
        text = context.spelled(fact.site, 60)
        return self.report(
            fact, f"{text} names the method and does not call it: {_DOES[fact.name]}", fits=(f"{text}()",)
        )
