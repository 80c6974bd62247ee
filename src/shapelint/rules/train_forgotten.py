"""SHP415 train-forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.rules.modes import learnt, moody, step_key
from shapelint.values import Module


class TrainForgotten(Rule):
    """The network trains in training mode in the first turn, and in evaluation mode from then on.

    Why
        `eval()` before the validation at the end of an epoch stays in force until somebody calls `train()`. Dropout and batch
        norm are then switched off for the rest of the training, silently. Who freezes batch norm on purpose does so from
        the first step on; here the same line trained in the other mode before.

    Bad
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(), nn.Linear(8, 2))
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        for epoch in range(2):
            optimizer.zero_grad()
            net(torch.randn(16, 4)).sum().backward()  # warning: [train-forgotten]
            optimizer.step()
            net.eval()
            with torch.no_grad():
                scores = net(torch.randn(16, 4))

    Good
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(), nn.Linear(8, 2))
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
        for epoch in range(2):
            net.train()
            optimizer.zero_grad()
            net(torch.randn(16, 4)).sum().backward()
            optimizer.step()
            net.eval()
            with torch.no_grad():
                scores = net(torch.randn(16, 4))
    """

    code = "SHP415"
    name = "train-forgotten"
    severity = "warning"
    listens = (facts.ModelCalled, facts.Called)
    ops = ("torch.Tensor.backward",)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        trained: dict[tuple[object, int], facts.ModelCalled] = {}
        told: set[object] = set()
        taught = learnt(said)
        for fact in said:
            if not isinstance(fact, facts.ModelCalled) or fact.grad is not True or fact.site in told:
                continue
            if not (isinstance(fact.module, Module) and step_key(fact.output) in taught):
                continue
            key = (fact.site, id(fact.module))
            if fact.training is True:
                trained.setdefault(key, fact)
            elif fact.training is False and fact.certain and key in trained and moody(fact.module):
                told.add(fact.site)
                found = self.report(
                    fact,
                    f"{context.spelled(fact.site, 50)}: {fact.module.cls.name} trains in training mode in the first turn, and "
                    "in evaluation mode from the second on: nothing calls train() again",
                    fits=("train() at the start of every turn",),
                )
                if found is not None:
                    yield found
