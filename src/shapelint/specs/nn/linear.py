"""Linear layers: the last axis goes from in_features to out_features."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.specs import layouts
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need
from shapelint.specs.nn.sizes import given, optional, size
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor

_RULE = "linear-size-mismatch"


@op("torch.nn.functional.linear", "input, weight, bias=None")
def linear(need: Need, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """y = x Aᵀ + b. MACs: every output element takes in_features of them."""
    if weight.known and weight.rank == 1:
        return _dot(need, input, weight, bias)
    out_features, in_features = need.axes(weight, "out in", what="the weight")
    *batch, features = need.axes(input, "* C")
    need.equal(features, in_features, _RULE, "the last axis of the input", "in_features")
    if bias is not None and bias.known and bias.rank == 1 and dims.equal(bias.shape[0], 1).no:
        need.equal(bias.shape[0], out_features, _RULE, "the length of the bias", "out_features")
    same_dtype(need, weight=weight, input=input, bias=bias)
    need.macs(dims.product([*batch, in_features, out_features]))
    return layouts.new(input.with_shape(*batch, out_features))


def _dot(need: Need, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """A weight of one row: the last axis goes."""
    *batch, features = need.axes(input, "* C")
    need.equal(features, weight.shape[0], _RULE, "the last axis of the input", "in_features")
    same_dtype(need, weight=weight, input=input, bias=bias)
    return input.with_shape(*batch)


@layer("torch.nn.Linear", "in_features, out_features, bias=True, device=None, dtype=None")
class Linear:
    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        invalid = "invalid-constructor-argument"
        inside, out = (
            size(need, self.in_features, "in_features"),
            size(need, self.out_features, "out_features"),
        )
        need.at_least(inside, 0, invalid, "in_features", "the smallest size")
        need.at_least(out, 0, invalid, "out_features", "the smallest size")
        self.weight = need.parameter((out, inside), dtype)
        self.bias = optional(need, bias, (out,), dtype)

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return linear(need, input, self.weight, given(self.bias))

    def reset_parameters(self: Any, need: Need) -> None:
        return None
