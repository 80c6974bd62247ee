"""SHP314 dropout-on-one-layer."""

from __future__ import annotations

import ast
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.base import Context, Rule

_RECURRENT = ("torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU")


class DropoutOnOneLayer(Rule):
    """A recurrent layer with `dropout` and a single layer: the dropout is never applied.

    Why
        The `dropout` of nn.RNN, nn.LSTM and nn.GRU acts between stacked layers, not behind the last one. With
        `num_layers=1` there is no such place; torch prints a warning once and goes on.

    Bad
        import torch
        from torch import nn

        rnn = nn.LSTM(20, 64, num_layers=1, dropout=0.5)  # warning: [dropout-on-one-layer]
        rnn(torch.randn(7, 3, 20))

    Good
        import torch
        from torch import nn

        rnn = nn.LSTM(20, 64, num_layers=2, dropout=0.5)
        rnn(torch.randn(7, 3, 20))
    """

    code = "SHP314"
    name = "dropout-on-one-layer"
    severity = "warning"
    listens = (facts.ModuleBuilt,)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        module = fact.module
        if module.cls.qualname not in _RECURRENT:
            return None
        dropout, layers = module.attrs.get("dropout"), module.attrs.get("num_layers")
        if (
            layers != 1
            or isinstance(dropout, bool)
            or not isinstance(dropout, (int, float))
            or not 0 < dropout <= 1
        ):
            return None
        message = f"nn.{module.cls.name} with num_layers=1 never applies its dropout={dropout:g}, which acts between stacked layers"
        meant = fact.by_program or _says_one(context.spelled(fact.site, 2_000))
        fits = ("num_layers=2", "nn.Dropout behind it")
        return self.report(fact, message, fits=fits, severity="warning" if meant else "info")


def _says_one(call: str) -> bool:
    """Whether a call itself says that there is one layer, or nothing of it; a number that callers choose may be another."""
    try:
        node = ast.parse(call.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return False
    if not isinstance(node, ast.Call) or any(isinstance(a, ast.Starred) for a in node.args):
        return False
    given = {k.arg: k.value for k in node.keywords}
    if None in given:
        return False
    number = node.args[2] if len(node.args) > 2 else given.get("num_layers")
    return number is None or isinstance(number, ast.Constant)
