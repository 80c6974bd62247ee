"""SHP311 layer-added-after-optimizer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
        owned = {id(t) for f in optimizers for t in f.parameters or ()}
        steps = [f for f in said if isinstance(f, facts.OptimizerUsed) and f.what == "step"]
        modules = [f for f in said if isinstance(f, facts.ModuleBuilt)]
        for fact in modules:
            mine = list(parameters(fact.module))
            if (
                not fact.module.history.held
                or not mine
                or any(id(t) in owned or t.requires_grad is False for t in mine)
            ):
                continue
            for root in modules:
                built = _optimizer_of(root, fact, optimizers)
                if built is None or not any(
                    f.optimizer is built.optimizer and f.order > fact.order for f in steps
                ):
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


def _optimizer_of(
    root: facts.ModuleBuilt, added: facts.ModuleBuilt, optimizers: list[facts.OptimizerBuilt]
) -> facts.OptimizerBuilt | None:
    """The optimizer that was built between a model and a layer that is now inside it, when it has all else of the model."""
    new = {id(t) for t in parameters(added.module)}
    all_of_it = {id(t) for t in parameters(root.module)}
    if root is added or not new < all_of_it:
        return None
    for built in optimizers:
        has = {id(t) for t in built.parameters or ()}
        if root.order < built.order < added.order and all_of_it & has and len(has - all_of_it):
            return built
    return None
