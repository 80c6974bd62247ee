"""SHP313 dropout-ignores-eval."""

from __future__ import annotations

import re
from typing import Any

from shapelint import facts
from shapelint.patterns import regex
from shapelint.report import Diagnostic, Severity
from shapelint.rules.base import Context, Rule
from shapelint.rules.surroundings import SAMPLES, Block, class_around, file_text, function_around
from shapelint.values import Site

_F = "torch.nn.functional."
_ON = (f"{_F}dropout", f"{_F}dropout1d", f"{_F}dropout2d", f"{_F}dropout3d")
_OFF = (f"{_F}alpha_dropout", f"{_F}feature_alpha_dropout")
_ATTENTION = f"{_F}scaled_dot_product_attention"


class DropoutIgnoresEval(Rule):
    """F.dropout in a module's forward without `training=self.training`: it drops in evaluation too.

    Why
        The function does not know the module's mode. Its `training` defaults to True, so `model.eval()` does not turn it off
        and predictions differ from call to call. (`F.alpha_dropout` is the other way round: it defaults to False and never
        drops.) `training=True` written out is taken as meant. F.scaled_dot_product_attention has no such argument: it drops
        `dropout_p` of the attention whenever it is not 0.

    Bad
        import torch
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                return self.fc(F.dropout(x, p=0.5))  # warning: [dropout-ignores-eval]

        Net().eval()(torch.randn(4, 8))

    Good
        import torch
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                return self.fc(F.dropout(x, p=0.5, training=self.training))

        Net().eval()(torch.randn(4, 8))
    """

    code = "SHP313"
    name = "dropout-ignores-eval"
    severity = "warning"
    listens = (facts.Called,)
    ops = (*_ON, *_OFF, _ATTENTION)
    by_operations = True

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        if fact.op not in self.ops or fact.model_call is None or fact.node is None:
            return None
        if fact.op == _ATTENTION:
            return self._attention(fact, context)
        given = getattr(fact.node, "args", None)
        named = {name for name, _ in getattr(fact.node, "keywords", ())}
        if (
            given is None
            or len(given) > 2
            or named & {"training", "train", None}
            or fact.arguments.get("p") in (0, 0.0)
        ):
            return None
        call, around, whole = (
            context.spelled(fact.site),
            function_around(context, fact.site),
            class_around(context, fact.site),
        )
        name = fact.op.rpartition(".")[2]
        if around is None or whole is None or not re.search(rf"{name}\s*\(", call):
            return None
        severity: Severity = "warning"
        scope = around.text if around.name == "forward" else whole.text
        guarded = "training" in re.sub(r"training\s*=\s*self\.training", "", scope)
        probability = dict(getattr(fact.node, "keywords", ())).get("p", given[1] if len(given) > 1 else None)
        computed = probability is not None and type(probability).__name__ not in ("Const", "Attribute")
        if guarded or computed or SAMPLES.search(whole.text) or whole.indent >= around.indent:
            severity = "info"
        does = "drops in evaluation too" if fact.op in _ON else "never drops: its training defaults to False"
        message = f"{call} does not know the module's mode: it {does}"
        return self.report(fact, message, fits=("training=self.training",), severity=severity)

    def _attention(self, fact: Any, context: Context) -> Diagnostic | None:
        """Attention with a probability that is one number in either mode."""
        by_position, named = getattr(fact.node, "args", ())[4:5], dict(getattr(fact.node, "keywords", ()))
        probability = by_position[0] if by_position else named.get("dropout_p")
        p = fact.arguments.get("dropout_p")
        around, whole = function_around(context, fact.site), class_around(context, fact.site)
        kind = type(probability).__name__
        if kind not in ("Const", "Attribute") or p in (0, 0.0):
            return None
        if around is None or whole is None or whole.indent >= around.indent:
            return None
        call = context.spelled(fact.site)
        known = isinstance(p, (int, float)) and not isinstance(p, bool)
        switched = (
            _KNOWS_THE_MODE.search(re.sub(r"training\s*=\s*self\.training", "", whole.text)) is not None
        )
        if kind == "Attribute":
            switched = switched or _set_again(context, whole, fact.site, getattr(probability, "attr", ""))
        sure = known and not switched and SAMPLES.search(whole.text) is None
        message = f"{call} does not know the module's mode: it drops in evaluation too"
        fits = ("dropout_p=… if self.training else 0.0",)
        return self.report(fact, message, fits=fits, severity="warning" if sure else "info")


# The mode is asked for, or a class does something of its own when it is switched.
_KNOWS_THE_MODE = regex(r"training|\.eval\(|def (train|eval)\b")


def _set_again(context: Context, whole: Block, site: Site | None, name: str) -> bool:
    """Whether an attribute of this name is given a value in more places than one of the class: one may be for evaluation."""
    by_itself = re.findall(rf"self\.{name}\s*(?::[^=\n]*)?=(?!=)", whole.text)
    by_others = re.search(rf"(?<!self)\.{name}\s*=(?!=)|setattr\([^\n]*\b{name}\b", file_text(context, site))
    return len(by_itself) > 1 or by_others is not None
