"""SHP414 eval-forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.modes import moody
from shapelint.rules.surroundings import SAMPLES, speaks_of
from shapelint.values import Site


class EvalForgotten(Rule):
    """A network with dropout or batch norm is asked without gradients while it is in training mode.

    Why
        `torch.no_grad()` only saves memory. Without `eval()` dropout goes on dropping, and a batch norm normalises by the
        batch at hand and even changes its statistics: what is measured is not the network that was trained. Information
        only, since some measure in training mode on purpose.

    Bad
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(), nn.Linear(8, 2))
        with torch.no_grad():
            scores = net(torch.randn(16, 4))  # info: [eval-forgotten]

    Good
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(), nn.Linear(8, 2))
        net.eval()
        with torch.no_grad():
            scores = net(torch.randn(16, 4))
    """

    code = "SHP414"
    name = "eval-forgotten"
    severity = "info"
    listens = (facts.ModelCalled, facts.StateLoaded)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        loaded: dict[int, Site] = {}
        told: set[Site | None] = set()
        for fact in said:
            if isinstance(fact, facts.StateLoaded) and fact.site is not None:
                loaded[id(fact.module)] = fact.site
            elif isinstance(fact, facts.ModelCalled) and fact.grad is False and fact.training is True:
                layers = moody(fact.module) if fact.site not in told else []
                if not layers or speaks_of(context, fact.site, SAMPLES):
                    continue
                told.add(fact.site)
                found = self._tell(fact, layers, loaded.get(id(fact.module)), context)
                if found is not None:
                    yield found

    def _tell(
        self, fact: facts.ModelCalled, layers: list[str], loaded: Site | None, context: Context
    ) -> Diagnostic | None:
        name = fact.module.cls.name
        message = (
            f"{context.spelled(fact.site, 50)}: {name} is asked without gradients, and its {' and '.join(layers[:2])} "
            f"{'is' if len(layers) == 1 else 'are'} in training mode"
        )
        trail = []
        if loaded is not None:
            text = f"loaded here: {context.spelled(loaded, 60)}"
            trail.append(TrailStep(loaded.path, loaded.line, loaded.column, text))
        return self.report(fact, message, trail=trail, fits=("eval() before it",))
