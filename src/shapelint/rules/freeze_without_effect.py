"""SHP318 freeze-without-effect."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.values import Module


class FreezeWithoutEffect(Rule):
    """A flag that looks like `requires_grad` is set where torch does not read it: nothing is frozen.

    Why
        Only a tensor's `requires_grad` decides whether it is trained. On a module it is an attribute like any other, and so is
        every misspelling of it on a parameter: no error, and the layers go on learning.

    Bad
        import torch
        from torch import nn

        backbone = nn.Sequential(nn.Linear(8, 8), nn.ReLU())
        backbone.requires_grad = False  # error: [freeze-without-effect]
        for p in backbone.parameters():
            p.require_grad = False  # error: [freeze-without-effect]

    Good
        import torch
        from torch import nn

        backbone = nn.Sequential(nn.Linear(8, 8), nn.ReLU())
        backbone.requires_grad_(False)
        for p in backbone.parameters():
            p.requires_grad = False
    """

    code = "SHP318"
    name = "freeze-without-effect"
    listens = (facts.FlagSet,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if not isinstance(fact.value, bool) or not fact.certain:
            return None
        text = context.spelled(fact.site, 60)
        if isinstance(fact.owner, Module):
            if text.startswith(("self.requires_grad", "cls.")) or _reads_it(fact.owner):
                return None  # an attribute of its own, which its own methods may read
            what = f"{fact.owner.cls.name} is a module, and torch reads requires_grad of tensors only"
            return self.report(
                fact, f"{text}: {what}: nothing changes", fits=(f".requires_grad_({fact.value})",)
            )
        import difflib  # deferred: hardly any program gets here

        if not difflib.get_close_matches(fact.name, ["requires_grad"], 1, 0.85):
            return None
        what = f"a tensor has requires_grad, not {fact.name}"
        return self.report(fact, f"{text}: {what}: nothing changes", fits=(f".requires_grad = {fact.value}",))


def _reads_it(module: Module) -> bool:
    """Whether a class that the module comes from asks for its own `requires_grad`."""
    for cls in module.cls.mro:
        if cls.node is None or cls.namespace is None or cls.namespace.file is None:
            continue
        first, _, last, _ = cls.node.at
        if any(_OWN.search(line) for line in cls.namespace.file.lines[first - 1 : last]):
            return True
    return False


_OWN = regex(r"\bself\.requires_grad\b|[\"']requires_grad[\"']")
