"""Convolutions: windows slide over the last one, two or three axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes import window
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, Refused, sequence
from shapelint.specs.nn.bases import CONV
from shapelint.specs.nn.padding import pad
from shapelint.specs.nn.sizes import fitted, given, is_text, is_zero, one_of, optional, positive, size, spread
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor

_AXES = ("D", "H", "W")
_PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def spatial(count: int) -> str:
    """The names of the last `count` axes."""
    return " ".join(_AXES[-count:]) if count > 1 else "L"


def convolve(
    need: Need, count: int, input: Tensor, weight: Tensor, bias: Tensor | None,
    stride: Any, padding: Any, dilation: Any, groups: Any,
) -> Tensor:  # fmt: skip
    """[N] C_in L -> [N] C_out L', each L' counted by `window.slide`.

    MACs: every output value takes kernel * C_in/groups.
    """
    *batch, channels = need.axes(input, f"[N] C {spatial(count)}")[:-count]
    sizes = input.shape[-count:]
    c_out, c_group, *kernel = need.axes(weight, f"O I {spatial(count)}", what="the weight")
    groups = size(need, groups, "groups")
    positive(need, (groups,), "groups")
    strides = fitted(need, stride, count, "stride")
    dilations = fitted(need, dilation, count, "dilation")
    positive(need, strides, "stride")
    positive(need, dilations, "dilation", least=0)
    pads = _both_ends(need, padding, count, kernel, strides, dilations)
    check_weight(need, c_out, groups, bias, c_out)
    matched = need.equal(
        channels, c_group * groups, "conv-channel-mismatch", "the input's channels", "in_channels"
    )
    out = [window.slide(need, *each) for each in zip(sizes, kernel, strides, pads, dilations, strict=True)]
    if None in out:
        raise Refused
    if not_empty(need, batch, channels, sizes):
        positive(need, kernel, "kernel_size")
        positive(need, dilations, "dilation")
        same_dtype(need, weight=weight, input=input, bias=bias)
    lengths = [o for o in out if o is not None]
    need.macs(dims.product([*batch, *lengths, *kernel, c_out, c_group]))
    if matched and is_zero(channels):
        c_out = 0
    return input.with_shape(*batch, c_out, *lengths)


def not_empty(need: Need, batch: Sequence[Dim], channels: Dim, sizes: Sequence[Dim]) -> bool:
    """Whether there is work to do: convolutions take an empty batch and no channels, but no empty spatial axis."""
    if any(is_zero(n) for n in batch) or is_zero(channels):
        return False
    for n in sizes:
        need.at_least(n, 1, "call-refused", "a spatial axis of the input", "the smallest size")
    return True


def check_weight(need: Need, rows: Dim, groups: Dim, bias: Tensor | None, channels: Dim) -> None:
    """The weight's first axis is shared out to the groups; the bias has one value a channel."""
    need.at_least(rows, groups, "conv-channel-mismatch", "the first axis of the weight", "groups")
    need.divides(groups, rows, "conv-channel-mismatch", "the first axis of the weight", "groups")
    if bias is not None:
        (length,) = need.axes(bias, "C", what="the bias")
        need.equal(length, channels, "conv-channel-mismatch", "the length of the bias", "out_channels")


def _both_ends(
    need: Need,
    padding: Any,
    count: int,
    kernel: Sequence[Dim],
    strides: Sequence[Dim],
    dilations: Sequence[Dim],
) -> list[Dim]:
    """What is added to each axis, both ends together."""
    if is_text(padding):
        if padding == "same":
            for s in strides:
                need.equal(s, 1, "call-refused", "the stride", "padding='same'")
            return [d * (k - 1) for k, d in zip(kernel, dilations, strict=True)]
        if padding != "valid":
            need.refuse("call-refused", f"padding must be 'same', 'valid' or numbers, it is {padding!r}")
        return [0] * count
    pads = fitted(need, padding, count, "padding")
    positive(need, pads, "padding", least=0)
    return [2 * p for p in pads]


def _functional(count: int) -> None:
    @op(
        f"torch.nn.functional.conv{count}d, torch.conv{count}d",
        "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1",
    )
    def conv(
        need: Need,
        input: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        stride: Any,
        padding: Any,
        dilation: Any,
        groups: Any,
    ) -> Tensor:
        return convolve(need, count, input, weight, bias, stride, padding, dilation, groups)


for _count in (1, 2, 3):
    _functional(_count)


def check_channels(need: Need, in_channels: Any, out_channels: Any, groups: Any) -> None:
    """A convolution's constructor: groups must divide the channels on both sides."""
    rule = "invalid-constructor-argument"
    groups = size(need, groups, "groups")
    if dims.less(groups, 1).yes:
        need.refuse(rule, f"groups must be positive, it is {groups}", "ValueError")
    ok = need.divides(
        groups, size(need, in_channels, "in_channels"), rule, "in_channels", "groups", "ValueError"
    )
    ok &= need.divides(
        groups, size(need, out_channels, "out_channels"), rule, "out_channels", "groups", "ValueError"
    )
    if not ok:
        raise Refused


class _Convolution:
    """What Conv1d, Conv2d and Conv3d share."""

    count = 0

    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        rule = "invalid-constructor-argument"
        count = self.count
        self.kernel_size = spread(need, self.kernel_size, count, "kernel_size")
        self.stride = spread(need, self.stride, count, "stride")
        self.dilation = spread(need, self.dilation, count, "dilation")
        self.transposed = False
        self.output_padding = (0,) * count
        check_channels(need, self.in_channels, self.out_channels, self.groups)
        if is_text(self.padding):
            if self.padding not in ("same", "valid"):
                need.refuse(
                    rule, f"padding must be 'same', 'valid' or numbers, it is {self.padding!r}", "ValueError"
                )
            if self.padding == "same" and any(
                not dims.equal(s, 1).yes and not dims.equal(s, 1).unknown for s in self.stride
            ):
                need.refuse(rule, "padding='same' is not supported for strided convolutions", "ValueError")
        else:
            self.padding = spread(need, self.padding, count, "padding")
        one_of(need, self.padding_mode, _PADDING_MODES, "padding_mode", rule)
        for n in (self.in_channels, self.out_channels, *self.kernel_size):
            need.at_least(need.dim(n), 0, rule, "a size of the weight", "the smallest size")
        shape = (self.out_channels, need.dim(self.in_channels) // need.dim(self.groups), *self.kernel_size)
        self.weight = need.parameter(shape, dtype)
        self.bias = optional(need, bias, (self.out_channels,), dtype)

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return self._conv_forward(need, input, self.weight, given(self.bias))  # type: ignore[no-any-return]

    def _conv_forward(self: Any, need: Need, input: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        padding = self.padding
        if not isinstance(self.padding_mode, str) or self.padding_mode != "zeros":
            input = pad(need, input, self.reversed_padding(), self.padding_mode, None)
            padding = 0
        return convolve(
            need, self.count, input, weight, bias, self.stride, padding, self.dilation, self.groups
        )

    def reset_parameters(self: Any, need: Need) -> None:
        return None

    def reversed_padding(self: Any) -> tuple[Dim, ...]:
        """The padding as F.pad wants it: last axis first, both ends of each."""
        ends: tuple[Dim, ...] = ()
        if self.padding == "same":
            for k, d in reversed(list(zip(self.kernel_size, self.dilation, strict=False))):
                total = d * (k - 1)
                ends += (total // 2, total - total // 2)
            return ends
        padding = 0 if self.padding == "valid" else self.padding
        for p in reversed(padding if isinstance(padding, tuple) else (padding,) * self.count):
            ends += (p, p)
        return ends


_ARGUMENTS = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, "
    "padding_mode='zeros', device=None, dtype=None"
)


@layer("torch.nn.Conv1d", _ARGUMENTS, base=CONV)
class Conv1d(_Convolution):
    count = 1


@layer("torch.nn.Conv2d", _ARGUMENTS, base=CONV)
class Conv2d(_Convolution):
    count = 2


@layer("torch.nn.Conv3d", _ARGUMENTS, base=CONV)
class Conv3d(_Convolution):
    count = 3


@layer(
    CONV,
    "in_channels, out_channels, kernel_size, stride, padding, dilation, transposed, output_padding, groups, bias, "
    "padding_mode, device=None, dtype=None",
)
class AnyConvolution:
    """What programs derive convolutions of their own from: the weight and the bias."""

    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        check_channels(need, self.in_channels, self.out_channels, self.groups)
        count = len(sequence(self.kernel_size, "kernel_size"))
        kernel = spread(need, self.kernel_size, count, "kernel_size")
        ends = (
            (self.in_channels, self.out_channels)
            if self.transposed
            else (self.out_channels, self.in_channels)
        )
        self.weight = need.parameter((ends[0], need.dim(ends[1]) // need.dim(self.groups), *kernel), dtype)
        self.bias = optional(need, bias, (self.out_channels,), dtype)

    def reset_parameters(self: Any, need: Need) -> None:
        return None


@op("torch.conv_tbc, torch.nn.functional.conv_tbc", "input, weight, bias, pad=0")
def conv_tbc(need: Need, input: Tensor, weight: Tensor, bias: Tensor, pad: Any) -> Tensor:
    """T B C_in -> T' B C_out with a weight of k C_in C_out, T' = T + 2*pad - k + 1."""
    time, batch, channels = need.axes(input, "T B C")
    kernel, c_in, c_out = need.axes(weight, "K I O", what="the weight")
    (length,) = need.axes(bias, "O", what="the bias")
    need.equal(channels, c_in, "conv-channel-mismatch", "the input's channels", "in_channels")
    need.equal(length, c_out, "conv-channel-mismatch", "the length of the bias", "out_channels")
    out = time + 2 * size(need, pad, "pad") - kernel + 1
    if not need.at_least(out, 0, "kernel-larger-than-input", "the output", "the smallest size"):
        raise Refused
    return input.with_shape(out, batch, c_out)
