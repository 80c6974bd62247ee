"""SHP212 instance-norm-takes-batch-for-channels."""

from __future__ import annotations

from typing import Any

from shapelint import facts
from shapelint.report import Diagnostic
from shapelint.rules.axes import lineage_of
from shapelint.rules.base import Context, Rule, shape, size, trail_of
from shapelint.values import Module, Tensor

_AXES = {"torch.nn.InstanceNorm1d": 3, "torch.nn.InstanceNorm2d": 4, "torch.nn.InstanceNorm3d": 5}


class InstanceNormTakesBatchForChannels(Rule):
    """An instance norm is given a batch without the axes it normalises over.

    Why
        `InstanceNorm1d(F)` reads `(batch, F)` as one sample `(channels, length)`: each row is normalised over its own
        features, and `num_features` is not looked at. It takes `(batch, F, length)`. For columns of a table use
        `BatchNorm1d`, for the features of a row `LayerNorm`.

    Bad
        import torch
        from torch import nn

        norm = nn.InstanceNorm1d(20)
        norm(torch.randn(32, 20))  # error: [instance-norm-takes-batch-for-channels]

    Good
        import torch
        from torch import nn

        norm = nn.InstanceNorm1d(20)
        norm(torch.randn(32, 20, 7))
        norm(torch.randn(20, 7))
        nn.BatchNorm1d(20)(torch.randn(32, 20))
    """

    code = "SHP212"
    name = "instance-norm-takes-batch-for-channels"
    listens = (facts.Called,)
    ops = tuple(_AXES)

    def judge(self, fact: Any, context: Context) -> Diagnostic | None:
        x = fact.arguments.get("input")
        if (
            fact.op not in _AXES
            or not isinstance(fact.layer, Module)
            or not isinstance(x, Tensor)
            or not x.known
        ):
            return None
        if x.rank != _AXES[fact.op] - 1 or x.after_failure:
            return None
        number = lineage_of(context).number
        features = fact.layer.attrs.get("num_features")
        if not isinstance(features, int):
            return None
        first, second = number(x.shape[0]), number(x.shape[1])
        if first is None or second != features or first == features:
            return None
        kind = fact.op.rsplit(".", 1)[-1]
        message = (
            f"nn.{kind}({features}) reads {shape(x.shape)} as one sample of {size(x.shape[0])} channels, not as "
            f"{size(x.shape[0])} samples of {features}"
        )
        need = facts.NeedFailed(fact.site, fact.stack, fact.certain, tensors=(x,), built=fact.layer.built_at)
        fits = (
            (f"nn.BatchNorm{kind[-2:]}({features})", f"nn.LayerNorm({features})") if kind[-2:] == "1d" else ()
        )
        return self.report(fact, message, trail=trail_of(need, context), fits=fits)
