"""SHP310 one-layer-listed-twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, Severity
from shapelint.rules.base import Context, Rule
from shapelint.rules.registered import trainable
from shapelint.rules.surroundings import SHARES, class_around, file_text, function_around, mentions
from shapelint.values import Module, Site

_CONTAINERS = ("ModuleList", "Sequential")
# Detectors give every layer of a decoder one head on purpose, and list it as often as there are layers.
_HEADS = regex(r"branch|box|cls|reg", re.I)


class OneLayerListedTwice(Rule):
    """A container holds one and the same layer several times: all its "layers" share their weights.

    Why
        `[Block()] * 6` builds one block and lists it six times; so does a comprehension over a layer that was built before.
        The network has the parameters of one block. Building inside the comprehension makes six. (Where layers are shared
        on purpose, a loop that calls one layer says so better.)

    Bad
        import torch
        from torch import nn

        blocks = nn.Sequential(*[nn.Linear(8, 8)] * 6)  # warning: [one-layer-listed-twice]
        blocks(torch.randn(4, 8))

    Good
        import torch
        from torch import nn

        blocks = nn.Sequential(*[nn.Linear(8, 8) for _ in range(6)], *[nn.ReLU()] * 2)
        blocks(torch.randn(4, 8))
    """

    code = "SHP310"
    name = "one-layer-listed-twice"
    severity = "warning"
    listens = (facts.ModuleBuilt,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        for fact in said:
            if isinstance(fact, facts.ModuleBuilt) and fact.module.cls.name in _CONTAINERS:
                found = self._judge(fact, fact.module, context)
                if found is not None:
                    yield found

    def _judge(self, fact: facts.ModuleBuilt, module: Module, context: Context) -> Diagnostic | None:
        members = [v for v in module.attrs.values() if isinstance(v, Module)]
        counts = Counter(id(v) for v in members)
        again = [v for v in members if counts[id(v)] > 1 and trainable(v)]
        if not again or fact.site is None:
            return None
        layer, text = again[0], context.spelled(fact.site, 600)
        around = class_around(context, fact.site)
        scope = around.text if around is not None else file_text(context, fact.site)
        severity: Severity = "warning"
        multiplied = re.search(r"\)\s*\]\s*\*|\*\s*\(?\s*\[\s*\w[\w.]*\(", text) is not None
        maker = function_around(context, fact.site)
        if not multiplied and not _names_a_local(text, scope, maker.text if maker is not None else ""):
            severity = "info"
        if SHARES.search(scope) is not None:
            severity = "info"
        message = f"{module.cls.name} holds one {layer.cls.name} {counts[id(layer)]} times: they share one set of weights"
        fits = (f"[{layer.cls.name}(…) for _ in range({counts[id(layer)]})]",)
        site = layer.built_at if multiplied and _is_inside(layer.built_at, fact.site) else fact.site
        return self.report(fact, message, site=site, fits=fits, severity=severity)


def _is_inside(site: Site | None, outer: Site) -> bool:
    return site is not None and site.path == outer.path and outer.line <= site.line <= outer.end_line


def _names_a_local(text: str, scope: str, maker: str) -> bool:
    """Whether the listed layer is a local name that is used for nothing else: bound once, listed once or twice. `maker` is the
    function that lists it: what other functions call by that name is another thing, unless it is the function that is given it."""
    found = re.search(r"\[\s*(\w+)\s+for\s+\w+\s+in\b", text) or re.search(r"\[\s*(\w+)\s*\]\s*\*", text)
    found = found or re.search(r"\*\s*\[\s*(\w+)\s*\]", text)
    if found is None:
        return False
    name = found.group(1)
    if _HEADS.search(name) is not None:
        return False
    is_bound = re.search(rf"(?m)^\s+{name}\s*(:[^=\n]*)?=(?!=)", maker) is not None
    return mentions(maker if is_bound else scope, name) == 2
