"""Normalisation over trailing axes, groups of channels, or neighbouring channels. The shape stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs import layouts
from shapelint.specs.need import Need, is_sequence, sequence, show
from shapelint.specs.nn.batch_norm import several_values
from shapelint.specs.nn.sizes import floating, given, normalised_dtype, optional, size
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor, Unknown
from shapelint.values.torch_types import is_integral

_RULE = "norm-size-mismatch"


def _over_last(
    need: Need, input: Tensor, normalized_shape: Sequence[Dim], parameters: dict[str, Tensor | None]
) -> Tensor:
    """The input's last axes must be `normalized_shape`, and so must the parameters'."""
    count = len(normalized_shape)
    if not count:
        need.refuse("call-refused", "normalized_shape must name at least one axis")
    if input.known and input.rank < count:
        need.refuse(
            "wrong-rank",
            f"normalized_shape {show(normalized_shape)} names {count} axes, the input is {show(input.shape)}",
        )
    axes = need.axes(input, "* " + " ".join(f"D{i}" for i in range(count)))
    for i, (actual, wanted) in enumerate(zip(axes[-count:], normalized_shape, strict=True)):
        need.equal(actual, wanted, _RULE, _ordinal(count - i), "normalized_shape")
    for what, x in parameters.items():
        if x is not None:
            if x.rank != count:
                need.refuse(_RULE, f"{what} is {show(x.shape)}, normalized_shape is {show(normalized_shape)}")
            for actual, wanted in zip(x.shape, normalized_shape, strict=True):
                need.equal(actual, wanted, _RULE, what, "normalized_shape")
    return input.like()


def _normalised(
    need: Need, input: Tensor, normalized_shape: Any, parameters: dict[str, Tensor | None]
) -> Tensor:
    """What a function is given: of sizes that are not known not even their number is, but what a parameter says of them."""
    if not isinstance(normalized_shape, Unknown):
        return _over_last(need, input, _shape(need, normalized_shape), parameters)
    known = next((x for x in parameters.values() if isinstance(x, Tensor) and x.known), None)
    return input.like() if known is None else _over_last(need, input, known.shape, parameters)


def _ordinal(back: int) -> str:
    return "the last axis of the input" if back == 1 else f"axis -{back} of the input"


@op("torch.nn.functional.layer_norm", "input, normalized_shape, weight=None, bias=None, eps=1e-05")
@op("torch.layer_norm", "input, normalized_shape, weight=None, bias=None, eps=1e-05, cudnn_enable=True")
def layer_norm(
    need: Need, input: Tensor, normalized_shape: Any, weight: Tensor | None, bias: Tensor | None, **_: Any
) -> Tensor:
    """The shape of the input, whose last axes must be `normalized_shape`."""
    out = _normalised(need, input, normalized_shape, {"the weight": weight, "the bias": bias})
    normalised_dtype(need, input, None, "")
    if weight is not None:
        normalised_dtype(need, input, weight, "the weight")
    if bias is not None:
        normalised_dtype(need, input, bias, "the bias")
    return layouts.new(out)


@op("torch.nn.functional.rms_norm, torch.rms_norm", "input, normalized_shape, weight=None, eps=None")
def rms_norm(need: Need, input: Tensor, normalized_shape: Any, weight: Tensor | None, eps: Any) -> Tensor:
    """The shape of the input, whose last axes must be `normalized_shape`."""
    out = _normalised(need, input, normalized_shape, {"the weight": weight})
    floating(need, input)
    return out


def _shape(need: Need, normalized_shape: Any) -> tuple[Dim, ...]:
    values = (
        sequence(normalized_shape, "normalized_shape")
        if is_sequence(normalized_shape)
        else (normalized_shape,)
    )
    return tuple(size(need, n, "normalized_shape") for n in values)


@op("torch.nn.functional.group_norm", "input, num_groups, weight=None, bias=None, eps=1e-05")
def group_norm(
    need: Need, input: Tensor, num_groups: Any, weight: Tensor | None, bias: Tensor | None, **_: Any
) -> Tensor:
    """torch.group_norm, which takes a single value per channel; this function does not."""
    made = group_norm_plain(need, input, num_groups, weight, bias)
    batch, channels, *rest = need.axes(input, "N C *")
    if not need.failed:
        several_values(need, input, (batch * channels // size(need, num_groups, "num_groups"), *rest))
    return made


@op("torch.group_norm", "input, num_groups, weight=None, bias=None, eps=1e-05, cudnn_enabled=True")
def group_norm_plain(
    need: Need, input: Tensor, num_groups: Any, weight: Tensor | None, bias: Tensor | None, **_: Any
) -> Tensor:
    """The shape of the input, whose second axis must be a multiple of num_groups."""
    channels = need.axes(input, "N C *")[1]
    groups = size(need, num_groups, "num_groups")
    if dims.less(groups, 1).yes:
        need.refuse("call-refused", f"num_groups must be positive, it is {groups}")
    need.divides(groups, channels, _RULE, "the input's channels", "num_groups")
    normalised_dtype(need, input, None, "")
    for what, x in (("the weight", weight), ("the bias", bias)):
        if x is not None:
            (length,) = need.axes(x, "C", rule=_RULE, what=what)
            need.equal(channels, length, _RULE, "the input's channels", f"the length of {what}")
            normalised_dtype(need, input, x, what)
    return input.like()


@op("torch.nn.functional.local_response_norm", "input, size, alpha=0.0001, beta=0.75, k=1.0")
def local_response_norm(need: Need, input: Tensor, size: Any, **_: Any) -> Tensor:
    """The shape of the input; integers become floats."""
    need.axes(input, "N C L *")
    if dims.equal(input.numel, 0).yes:
        return input
    neighbours = need.dim(size, "size")
    need.at_least(neighbours, 1, "call-refused", "size", "the smallest size")
    if input.dtype in ("bool", "uint8"):
        need.refuse("wrong-dtype", f"the input must be floating point, it is {input.dtype}")
    return input.like("float32" if is_integral(input.dtype) else "same")


class _OverLast:
    """LayerNorm and RMSNorm: parameters of shape `normalized_shape`."""

    with_bias = True

    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        self.normalized_shape = _shape(need, self.normalized_shape)
        for n in self.normalized_shape:
            need.at_least(n, 0, "invalid-constructor-argument", "normalized_shape", "the smallest size")
        self.weight = optional(need, self.elementwise_affine, self.normalized_shape, dtype)
        if self.with_bias:
            both = bias if self.elementwise_affine is True else self.elementwise_affine
            self.bias = optional(need, both, self.normalized_shape, dtype) if bias is not False else None

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        if self.with_bias:
            return layer_norm(need, input, self.normalized_shape, given(self.weight), given(self.bias))
        return rms_norm(need, input, self.normalized_shape, given(self.weight), None)

    def reset_parameters(self: Any, need: Need) -> None:
        return None


@layer(
    "torch.nn.LayerNorm",
    "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None",
)
class LayerNorm(_OverLast):
    pass


@layer("torch.nn.RMSNorm", "normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None")
class RMSNorm(_OverLast):
    with_bias = False


@layer(
    "torch.nn.GroupNorm",
    "num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None, *, bias=True",
)
class GroupNorm:
    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        rule = "invalid-constructor-argument"
        channels, groups = (
            size(need, self.num_channels, "num_channels"),
            size(need, self.num_groups, "num_groups"),
        )
        need.divides(groups, channels, rule, "num_channels", "num_groups", "ValueError")
        need.at_least(channels, 0, rule, "num_channels", "the smallest size")
        self.weight = optional(need, self.affine, (channels,), dtype)
        both = bias if self.affine is True else self.affine
        self.bias = optional(need, both, (channels,), dtype) if bias is not False else None

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return group_norm(need, input, self.num_groups, given(self.weight), given(self.bias))

    def reset_parameters(self: Any, need: Need) -> None:
        return None


@layer("torch.nn.LocalResponseNorm", "size, alpha=0.0001, beta=0.75, k=1.0")
class LocalResponseNorm:
    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return local_response_norm(need, input, self.size)


@layer("torch.nn.CrossMapLRN2d", "size, alpha=0.0001, beta=0.75, k=1")
class CrossMapLRN2d:
    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        need.rank(input, 4)
        return input.like()
