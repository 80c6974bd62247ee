"""Layers that learn their input's size at the first call: until then it is a symbol of its own, which the call binds."""

from __future__ import annotations

from typing import Any

from shapelint.specs.need import Need
from shapelint.specs.nn import batch_norm, convolution, transposed
from shapelint.specs.nn.linear import Linear
from shapelint.specs.registry import layer
from shapelint.values import Tensor

_CONV = (
    "out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, "
    "dtype=None"
)
_TRANSPOSED = (
    "out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, "
    "padding_mode='zeros', device=None, dtype=None"
)
_NORM = (
    "eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, *, bias=True"
)


@layer("torch.nn.LazyLinear", "out_features, bias=True, device=None, dtype=None", base="torch.nn.Linear")
class LazyLinear:
    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        self.in_features = need.fresh("in_features")
        Linear.build(self, need, bias, dtype)

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return Linear.forward(self, need, input)


def _convolution(count: int, kind: str, parent: Any, signature: str) -> None:
    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        self.in_channels = need.fresh("in_channels")
        parent.build(self, need, bias, dtype)

    def forward(self: Any, need: Need, input: Tensor, *output_size: Any) -> Any:
        channels = need.axes(input, f"[N] C {convolution.spatial(count)}")[-count - 1]
        need.equal(channels, self.in_channels, "conv-channel-mismatch", "the input's channels", "in_channels")
        groups = need.dim(self.groups)
        need.divides(groups, channels, "invalid-constructor-argument", "in_channels", "groups", "ValueError")
        return parent.forward(self, need, input, *output_size)

    definition = type(f"Lazy{kind}{count}d", (parent,), {"build": build, "forward": forward})
    layer(f"torch.nn.Lazy{kind}{count}d", signature, base=f"torch.nn.{kind}{count}d")(definition)


def _norm(count: int, kind: str, parent: Any, channel_axis: int) -> None:
    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        self.num_features = need.fresh("num_features")
        parent.build(self, need, bias, dtype)

    def forward(self: Any, need: Need, input: Tensor) -> Any:
        need.rank(input, *self.ranks)
        channels = input.shape[channel_axis]
        need.equal(channels, self.num_features, "norm-size-mismatch", "the input's channels", "num_features")
        return parent.forward(self, need, input)

    definition = type(f"Lazy{kind}{count}d", (parent,), {"build": build, "forward": forward})
    layer(f"torch.nn.Lazy{kind}{count}d", _NORM, base=f"torch.nn.{kind}{count}d")(definition)


for _count in (1, 2, 3):
    _convolution(_count, "Conv", getattr(convolution, f"Conv{_count}d"), _CONV)
    _convolution(_count, "ConvTranspose", getattr(transposed, f"ConvTranspose{_count}d"), _TRANSPOSED)
    _norm(_count, "BatchNorm", getattr(batch_norm, f"BatchNorm{_count}d"), 1)
    _norm(_count, "InstanceNorm", getattr(batch_norm, f"InstanceNorm{_count}d"), 1)
