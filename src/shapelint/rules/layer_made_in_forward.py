"""SHP305 layer-made-in-forward."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, Severity
from shapelint.rules.base import Context, Rule
from shapelint.rules.registered import trainable
from shapelint.rules.surroundings import SAMPLES, class_around, function_around
from shapelint.values import Site

_DROPOUT = ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")
# Layers whose weights start at random: what a new one computes differs at every call.
_RANDOM = regex(
    r"(Lazy)?(Linear|Bilinear|Conv(Transpose)?[123]d|Embedding|EmbeddingBag|(RNN|LSTM|GRU)(Cell)?|MultiheadAttention|Transformer\w*)"
)


class LayerMadeInForward(Rule):
    """A layer is built while forward runs: it is new at every call.

    Why
        Its weights are random at every call and no optimizer has seen them. A dropout that is built in forward is always in
        training mode: `model.eval()` cannot reach it. Layers belong into `__init__`. (Parameter-free layers such as ReLU or
        a loss may be built anywhere.)

    Bad
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 8)

            def forward(self, x):
                x = nn.Dropout(0.5)(self.fc(x))  # warning: [layer-made-in-forward]
                return nn.Linear(8, 2)(x)  # warning: [layer-made-in-forward]

        Net()(torch.randn(4, 8))

    Good
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 8)
                self.dropout = nn.Dropout(0.5)
                self.head = nn.Linear(8, 2)

            def forward(self, x):
                return self.head(self.dropout(nn.ReLU()(self.fc(x))))

        Net()(torch.randn(4, 8))
    """

    code = "SHP305"
    name = "layer-made-in-forward"
    severity = "warning"
    listens = (facts.ModuleBuilt,)

    def check(self, said: Sequence[facts.Fact], context: Context) -> Iterable[Diagnostic]:
        for fact in said:
            if isinstance(fact, facts.ModuleBuilt) and fact.model_call is not None:
                found = self._judge(fact, context)
                if found is not None:
                    yield found

    def _judge(self, fact: facts.ModuleBuilt, context: Context) -> Diagnostic | None:
        module, site = fact.module, fact.site
        history = module.history
        if (
            site is None
            or history.held
            or history.walked
            or not history.called
            or not module.cls.qualname.startswith("torch.nn.")
        ):
            return None
        around = function_around(context, site)
        if around is None:
            return None
        kind = module.cls.name
        if kind in _DROPOUT:
            if module.attrs.get("training") is not True or module.attrs.get("p") in (0, 0.0):
                return None
            whole = class_around(context, site)
            severity: Severity = "warning"
            if "training" in around.text or whole is None or SAMPLES.search(whole.text):
                severity = "info"
            message = f"nn.{kind} is built in {around.name}: it always drops, model.eval() does not reach it"
            return self.report(
                fact, message, fits=(f"self.dropout = nn.{kind}(…) in __init__",), severity=severity
            )
        if not trainable(module):
            return None
        severity = (
            "warning" if _RANDOM.fullmatch(kind) and _is_only_called(context, site, around.text) else "info"
        )
        message = (
            f"nn.{kind} is built in {around.name}: its weights are new at every call and are never trained"
        )
        return self.report(fact, message, fits=(f"self.layer = nn.{kind}(…) in __init__",), severity=severity)


def _is_only_called(context: Context, site: Site, text: str) -> bool:
    """Whether the new layer is called on the spot, or bound to a name that is only ever called (its weights are not set)."""
    built = context.spelled(site, 400)
    if built.endswith(")"):
        line = context.line(site)
        after = line[site.end_column - 1 :].lstrip() if site.line == site.end_line else ""
        if after.startswith("("):
            return True
        bound = re.match(r"\s*(\w+)\s*=\s*$", line[: site.column - 1])
        if bound is not None:
            uses = re.findall(rf"(?<![\w.]){re.escape(bound.group(1))}\b(?!\s*=[^=])\s*(\S?)", text)
            return bool(uses) and all(after == "(" for after in uses)
    return False
