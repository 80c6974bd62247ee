"""Linear layers: the last axis goes from in_features to out_features."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.specs.need import Need
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor


@op("torch.nn.functional.linear", "input, weight, bias=None")
def linear(need: Need, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """y = x Aᵀ + b. MACs: every output element takes in_features of them."""
    out_features, in_features = need.axes(weight, "out in", what="the weight")
    *batch, features = need.axes(input, "* C")
    need.equal(features, in_features, "linear-size-mismatch", "the last axis of the input", "in_features")
    need.macs(dims.product([*batch, in_features, out_features]))
    return input.with_shape(*batch, out_features)


@layer("torch.nn.Linear", "in_features, out_features, bias=True, device=None, dtype=None")
class Linear:
    def build(self, need: Need, bias: Any, dtype: Any) -> None:
        self.weight = need.parameter((self.out_features, self.in_features), dtype)  # type: ignore[attr-defined]
        self.bias = need.parameter((self.out_features,), dtype) if bias else None  # type: ignore[attr-defined]

    def forward(self, need: Need, input: Tensor) -> Tensor:
        return linear(need, input, self.weight, self.bias)
