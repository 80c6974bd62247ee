"""SHP303 parameter-not-registered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.lineage import ancestors
from shapelint.rules.registered import built, held_parameters, overrides, parameters
from shapelint.rules.surroundings import class_around, file_text, mentions
from shapelint.values import Site, Tensor


class ParameterNotRegistered(Rule):
    """An attribute holds what an operation made of an nn.Parameter: a plain tensor, never trained.

    Why
        `nn.Parameter(…).view(…)`, `.to(dtype)`, `.cuda()` and arithmetic give an ordinary tensor. Only a Parameter is
        registered: this one is not among `parameters()`, is not saved, and stays what it was when it was made. Put the
        operation inside: `nn.Parameter(torch.zeros(8).view(1, 8))`. A tensor that is only made with `requires_grad=True` is
        no parameter either; said where an optimizer has the other parameters of its module.

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.scale = nn.Parameter(torch.ones(8)).view(1, 8)  # warning: [parameter-not-registered]

            def forward(self, x):
                return x * self.scale

        Net()(torch.randn(4, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.scale = nn.Parameter(torch.ones(8).view(1, 8))

            def forward(self, x):
                return x * self.scale

        Net()(torch.randn(4, 8))
    """

    code = "SHP303"
    name = "parameter-not-registered"
    severity = "warning"
    listens = (facts.ModuleBuilt, facts.OptimizerBuilt)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        held = held_parameters(said, context)
        stepped = _stepped(said)
        for fact in built(said, context):
            module = fact.module
            if overrides(module, "parameters", "named_parameters"):
                continue
            for name, value in module.attrs.items():
                place = module.history.assigned.get(name)
                if (
                    place is not None
                    and isinstance(value, Tensor)
                    and value.kind == "tensor"
                    and id(value) not in held
                ):
                    found = self._judge(fact, name, value, place, held, context)
                    found = found or self._of_leaf(fact, name, value, place, stepped, context)
                    if found is not None:
                        yield found

    def _judge(
        self, fact: facts.ModuleBuilt, name: str, value: Tensor, place: Site, held: set[int], context: Context
    ) -> Diagnostic | None:
        if value.made is None or value.requires_grad is False or name in fact.module.buffers:
            return None
        if value.made.op == "either":  # on one side of a condition it may be the parameter itself
            return None
        lost = [t for t in ancestors(value) if t.is_parameter]
        if not lost or any(id(t) in held for t in lost) or len(lost) > 1:
            return None
        site = value.made.site
        trail = []
        if site is not None:
            trail.append(TrailStep(site.path, site.line, site.column, context.spelled(site, 70)))
        op = short_name(value.made.op)
        message = f"self.{name} is what {op} made of an nn.Parameter: a plain tensor, which is never trained"
        return self.report(
            fact,
            message,
            site=place,
            trail=trail,
            fits=(f"self.{name} = nn.Parameter(…), with the operation inside",),
        )

    def _of_leaf(
        self,
        fact: facts.ModuleBuilt,
        name: str,
        value: Tensor,
        place: Site,
        stepped: set[int] | None,
        context: Context,
    ) -> Diagnostic | None:
        """A tensor that gradients are wanted for, in a module whose parameters an optimizer has."""
        given = value.made.given if value.made is not None else None
        if (
            not stepped
            or given is None
            or given.get("requires_grad") is not True
            or name in fact.module.buffers
        ):
            return None
        if id(value) in stepped or not any(id(p) in stepped for p in parameters(fact.module)):
            return None
        around = class_around(context, place)
        if around is None or _takes_it_elsewhere(file_text(context, place), around.text, name):
            return None
        message = f"self.{name} is a plain tensor: parameters() does not hold it, and the optimizer never changes it"
        return self.report(fact, message, site=place, fits=(f"self.{name} = nn.Parameter(…)",))


def _stepped(said: Sequence[facts.Fact]) -> set[int] | None:
    """What the optimizers have, by identity; None where some of it is not known."""
    found: set[int] = set()
    for fact in said:
        if isinstance(fact, facts.OptimizerBuilt):
            if fact.parameters is None:
                return None
            found |= {id(t) for t in fact.parameters}
    return found


def _takes_it_elsewhere(text: str, own: str, name: str) -> bool:
    """Whether anything but the class's own computing may have to do with the attribute: its gradient, another name for it."""
    inside = len(re.findall(rf"self\.{re.escape(name)}\b", own))
    return (
        mentions(text, name) != inside
        or inside < 2
        or re.search(r"\.grad\b|autograd|register_parameter|__dict__|\[\s*self\." + re.escape(name), text)
        is not None
    )
