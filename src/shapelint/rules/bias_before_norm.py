"""SHP312 bias-before-norm."""

from __future__ import annotations

import re
from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic, TrailStep
from shapelint.rules.base import Context, Rule
from shapelint.values import Module, Tensor

_NORMS = (
    "torch.nn.BatchNorm1d", "torch.nn.BatchNorm2d", "torch.nn.BatchNorm3d", "torch.nn.SyncBatchNorm",
    "torch.nn.InstanceNorm1d", "torch.nn.InstanceNorm2d", "torch.nn.InstanceNorm3d",
)  # fmt: skip


class BiasBeforeNorm(Rule):
    """A bias directly before a batch norm: the norm takes it away again.

    Why
        Batch norm subtracts the mean of each channel, and with it any bias that was added to the channel just before. The
        parameters are dead weight. Only a hint: where the norm is frozen, or runs on loaded statistics, the bias counts.

    Bad
        import torch
        from torch import nn

        model = nn.Sequential(
            nn.Conv2d(3, 8, 3),  # info: [bias-before-norm]
            nn.BatchNorm2d(8),
        )
        model(torch.randn(2, 3, 16, 16))

    Good
        import torch
        from torch import nn

        model = nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8))
        model(torch.randn(2, 3, 16, 16))
    """

    code = "SHP312"
    name = "bias-before-norm"
    severity = "info"
    listens = (facts.Called,)
    ops = _NORMS

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        x = fact.arguments.get("input") if fact.op in self.ops else None
        made = x.made if isinstance(x, Tensor) else None
        if (
            made is None
            or not isinstance(made.layer, Module)
            or fact.layer is None
            or fact.layer.attrs.get("training") is False
        ):
            return None
        before, bias = made.layer, made.layer.attrs.get("bias")
        if re.fullmatch(r"Linear|Conv(Transpose)?[123]d", before.cls.name) is None or before.built_at is None:
            return None
        if not isinstance(bias, Tensor) or bias.requires_grad is False or "weight" not in before.attrs:
            return None
        at = fact.layer.built_at or before.built_at
        step = TrailStep(at.path, at.line, at.column, f"the norm behind it: {context.line(at).strip()}"[:100])
        message = f"the bias of nn.{before.cls.name} directly before nn.{fact.layer.cls.name} has no effect in training"
        return self.report(fact, message, site=before.built_at, trail=(step,), fits=("bias=False",))
