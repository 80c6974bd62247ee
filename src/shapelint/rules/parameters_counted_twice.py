"""SHP502 parameters-counted-twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule
from shapelint.rules.parameter_totals import count, modules_in
from shapelint.rules.surroundings import function_around
from shapelint.values import Module

_COUNT = regex(r"total|count|param|^n$|num|sum|^s$|^t$|size|return|result", re.I)
_OTHER = regex(
    r"flop|macs?\b|mem(ory)?|byte|\bmb\b|\bgb\b|activation|element_size|ensemble|buffer|optimizer|\* ?4\b|bits",
    re.I,
)

_PARAMETERS = regex(r"param|numel", re.I)


class ParametersCountedTwice(Rule):
    """A count of parameters counts a shared layer once for each use.

    Why
        A layer that is applied six times, or to both inputs of a Siamese network, has one set of weights: it is
        stored, trained and counted once. (Operations are another matter: each use costs its own.) The number a
        function of the program comes to is compared with the parameters of the networks it was given.

    Bad
        import torch
        from torch import nn

        class Twins(nn.Module):
            def __init__(self):
                super().__init__()
                self.branch = nn.Linear(64, 32)
                self.head = nn.Linear(32, 1)

            def forward(self, a, b):
                return self.head(abs(self.branch(a) - self.branch(b)))

        def numel(module):
            return sum(p.numel() for p in module.parameters())

        def count_parameters(net):
            left, right = numel(net.branch), numel(net.branch)
            total = left + right + numel(net.head)  # warning: [parameters-counted-twice]
            return total

        print(count_parameters(Twins()))

    Good
        import torch
        from torch import nn

        class Twins(nn.Module):
            def __init__(self):
                super().__init__()
                self.branch = nn.Linear(64, 32)
                self.head = nn.Linear(32, 1)

            def forward(self, a, b):
                return self.head(abs(self.branch(a) - self.branch(b)))

        def count_parameters(net):
            return sum(p.numel() for p in net.parameters())

        print(count_parameters(Twins()))
    """

    code = "SHP502"
    name = "parameters-counted-twice"
    severity = "warning"
    listens = (facts.Assigned,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        told: set[tuple[str, str]] = set()
        for fact in said:
            if (
                not isinstance(fact, facts.Assigned)
                or not fact.networks
                or fact.site is None
                or not isinstance(fact.value, int)
            ):
                continue
            key = (fact.site.path, fact.function)
            if key in told:
                continue
            found = self._judged(fact, context)
            if found is not None:
                told.add(key)
                yield found

    def _judged(self, fact: Any, context: Context) -> Diagnostic | None:
        if not _COUNT.search(fact.name):
            return None
        text, speaks = self._surroundings(fact, context)
        if not speaks:
            return None
        networks = [m for m in fact.networks if isinstance(m, Module)]
        whole = count(*networks)
        if whole is None or whole == 0 or fact.value <= whole:
            return None
        extra = fact.value - whole
        parts = [
            (own, path)
            for root in networks
            for path, module in modules_in(root)
            if path
            and path.rpartition(".")[2] in text
            and (own := count(module))
            and extra % own == 0
            and own < whole
            and extra // own < 1000
            if re.search(rf"\b{re.escape(path.rpartition('.')[2])}\b", text)
        ]
        if not parts:
            return None
        own, path = max(parts)
        statement = context.spelled(fact.site, 200)
        message = (
            f"`{statement}` is {fact.value:,}, but there are {whole:,} parameters: the {own:,} of `{path}` are "
            f"counted {extra // own + 1} times, and are one set of weights"
        )
        return self.report(fact, message, fits=("sum(p.numel() for p in model.parameters())",))

    def _surroundings(self, fact: Any, context: Context) -> tuple[str, bool]:
        """The text around an assignment, and whether it counts parameters and nothing else; looked for once a place."""
        known: dict[Any, tuple[str, bool]] = context.memo.setdefault("text that counts parameters", {})
        key = fact.site, bool(fact.function)
        found = known.get(key)
        if found is None:
            around = function_around(context, fact.site) if fact.function else None
            text = around.text if around is not None else context.spelled(fact.site, 200)
            speaks = bool(_PARAMETERS.search(text)) and not _OTHER.search(text)
            found = known[key] = text, speaks
        return found
