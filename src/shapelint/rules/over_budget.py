"""SHP504 over-budget."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule, short_name
from shapelint.rules.parameter_totals import count
from shapelint.source.comments import Comments
from shapelint.values import Module

_BUDGET = regex(r"shapelint:\s*budget\s+params\s*[=<:]+\s*(?P<limit>\d[\d_,]*)")


class OverBudget(Rule):
    """A network has more parameters, operations or bytes than it is allowed.

    Why
        A budget keeps a network from growing unseen. It stands in the configuration, for every network or for one,

            [tool.shapelint.budget]
            params = 5_000_000
            [tool.shapelint.budget."net.py:Net"]
            macs = 300_000_000

        or, for parameters, behind the line that builds it.

    Bad
        from torch import nn

        model = nn.Linear(784, 128)  # shapelint: budget params=50_000  # error: [over-budget]

    Good
        from torch import nn

        model = nn.Linear(784, 64)  # shapelint: budget params=50_300
    """

    code = "SHP504"
    name = "over-budget"
    listens = (facts.ModuleBuilt, facts.Measured)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        limits: dict[str, dict[int, int]] = {}
        measured: dict[object, list[facts.Measured]] = {}
        for fact in said:
            found = None
            if isinstance(fact, facts.Measured):
                if fact.value > fact.limit:
                    measured.setdefault((fact.model, fact.site), []).append(fact)
            elif (
                isinstance(fact, facts.ModuleBuilt)
                and fact.site is not None
                and isinstance(fact.module, Module)
            ):
                held = limits.get(fact.site.path)
                if held is None:
                    held = limits[fact.site.path] = _limits(fact.site.path, context)
                limit = held.get(fact.site.end_line)
                value = count(fact.module) if limit is not None else None
                if limit is not None and value is not None:
                    name = short_name(fact.module.cls.qualname.removeprefix("__main__."))
                    if value > limit:
                        found = self.report(fact, f"{name} has {_over('params', value, limit)}")
            if found is not None:
                yield found
        for several in measured.values():
            over = " and ".join(_over(f.measure, f.value, f.limit) for f in several)
            told = self.report(several[0], f"{several[0].model} has {over}")
            if told is not None:
                yield told


def _over(measure: str, value: int, limit: int) -> str:
    words = {"params": "parameters", "macs": "MACs", "flops": "FLOPs", "memory": "bytes of memory"}
    return f"{value:,} {words.get(measure, measure)}, {value - limit:,} more than its budget of {limit:,}"


def _limits(path: str, context: Context) -> dict[int, int]:
    """Budgets in comments, by line."""
    file = context.sources(path)
    if file is None or "budget" not in file.text:
        return {}
    found = ((line, _BUDGET.search(text)) for line, text in Comments(file).by_line.items())
    return {line: int(re.sub(r"[_,]", "", m["limit"])) for line, m in found if m is not None}
