"""SHP311 layer-added-after-optimizer."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from shapelint import facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.rules.registered import parameters
from shapelint.rules.surroundings import file_text
from shapelint.values import Module


class LayerAddedAfterOptimizer(Rule):
    """A layer is put into a model after its optimizer was built, which does not know its parameters.

    Why
        An optimizer keeps the parameters it was given. A head that replaces another one later is called, gets gradients, and
        never changes. Build the model first, then the optimizer, or add the new parameters with `add_param_group`.

    Bad
        import torch
        from torch import nn

        model = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 2))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        model[1] = nn.Linear(8, 5)  # warning: [layer-added-after-optimizer]
        model(torch.randn(4, 8)).sum().backward()
        optimizer.step()

    Good
        import torch
        from torch import nn

        model = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 2))
        model[1] = nn.Linear(8, 5)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        model(torch.randn(4, 8)).sum().backward()
        optimizer.step()
    """

    code = "SHP311"
    name = "layer-added-after-optimizer"
    severity = "warning"
    listens = (facts.ModuleBuilt, facts.OptimizerBuilt, facts.OptimizerUsed)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        optimizers = [f for f in said if isinstance(f, facts.OptimizerBuilt)]
        if not optimizers or any(f.parameters is None or f.site is None for f in optimizers):
            return
        last_step: dict[int, int] = {}
        for step in said:
            if isinstance(step, facts.OptimizerUsed) and step.what == "step":
                last_step[id(step.optimizer)] = max(step.order, last_step.get(id(step.optimizer), -1))
        is_between = _between([(b.order, last_step.get(id(b.optimizer), -1)) for b in optimizers])
        modules = [f for f in said if isinstance(f, facts.ModuleBuilt)]
        late = [f for f in modules if f.module.history.held and is_between(f.order)]
        if not late:
            return
        held = _Holdings(modules, optimizers)
        for fact in late:
            if (
                not held.by(fact)
                or any(p in held.owners for p in held.by(fact))
                or any(t.requires_grad is False for t in parameters(fact.module))
            ):
                continue
            for root in held.around(fact):
                built = held.optimizer_between(root, fact)
                if built is None or last_step.get(id(built.optimizer), -1) <= fact.order:
                    continue
                if not fact.module.history.called or "param_group" in file_text(context, fact.site):
                    continue
                found = self._tell(fact, root.module, built, context)
                if found is not None:
                    yield found
                    return

    def _tell(
        self, fact: facts.ModuleBuilt, root: Module, built: facts.OptimizerBuilt, context: Context
    ) -> Diagnostic | None:
        assert built.site is not None
        step = TrailStep(
            built.site.path,
            built.site.line,
            built.site.column,
            f"built before: {context.spelled(built.site, 70)}",
        )
        message = (
            f"this {fact.module.cls.name} comes into {root.cls.name} after its optimizer was built, "
            "which does not know its parameters"
        )
        return self.report(
            fact, message, trail=(step,), fits=("the optimizer built after it", "optimizer.add_param_group")
        )


def _between(spans: list[tuple[int, int]]) -> Callable[[int], bool]:
    """Tells whether a moment lies within one of these spans, each (begin, end)."""
    begins = sorted(spans)
    latest = list(accumulate((end for _, end in begins), max))
    return lambda at: (before := bisect_left(begins, (at,))) > 0 and latest[before - 1] > at


class _Holdings:
    """Which modules hold which parameters, and which optimizers do: by the parameters' identities, so that nothing is asked of
    every pair of modules."""

    def __init__(
        self, modules: Sequence[facts.ModuleBuilt], optimizers: Sequence[facts.OptimizerBuilt]
    ) -> None:
        self._by: dict[int, frozenset[int]] = {}
        self._around: dict[int, list[facts.ModuleBuilt]] = defaultdict(list)
        self._has: dict[int, frozenset[int]] = {}
        self.owners: dict[int, list[facts.OptimizerBuilt]] = defaultdict(list)
        for fact in modules:
            for parameter in self.by(fact):
                self._around[parameter].append(fact)
        for built in optimizers:
            self._has[id(built)] = frozenset(id(t) for t in built.parameters or ())
            for parameter in self._has[id(built)]:
                self.owners[parameter].append(built)

    def by(self, fact: facts.ModuleBuilt) -> frozenset[int]:
        """The parameters of a module and below it."""
        found = self._by.get(id(fact.module))
        if found is None:
            found = self._by[id(fact.module)] = frozenset(id(t) for t in parameters(fact.module))
        return found

    def around(self, fact: facts.ModuleBuilt) -> list[facts.ModuleBuilt]:
        """The modules that hold all that a module does, and more."""
        mine = self.by(fact)
        return [root for root in self._around[next(iter(mine))] if root is not fact and mine < self.by(root)]

    def optimizer_between(
        self, root: facts.ModuleBuilt, added: facts.ModuleBuilt
    ) -> facts.OptimizerBuilt | None:
        """The optimizer that was built between a model and a layer that is now inside it, when it has some of the model and
        something else too."""
        whole = self.by(root)
        some = {id(built): built for p in whole if p in self.owners for built in self.owners[p]}
        between = [
            b for b in some.values() if root.order < b.order < added.order and self._has[id(b)] - whole
        ]
        return min(between, key=lambda b: b.order, default=None)
