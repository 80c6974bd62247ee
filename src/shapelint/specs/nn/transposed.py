"""Transposed convolutions: what a convolution of the same arguments would have come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes import window
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, Refused, show
from shapelint.specs.nn.bases import CONV, CONV_TRANSPOSE
from shapelint.specs.nn.convolution import AnyConvolution, check_channels, check_weight, not_empty, spatial
from shapelint.specs.nn.sizes import fitted, given, is_none, one_of, optional, positive, size, spread
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor


def convolve_back(
    need: Need, count: int, input: Tensor, weight: Tensor, bias: Tensor | None,
    stride: Any, padding: Any, output_padding: Any, groups: Any, dilation: Any,
) -> Tensor:  # fmt: skip
    """[N] C_in L -> [N] C_out L', each L' by `window.transposed`. MACs: every input value takes kernel * C_out/groups."""
    *batch, channels = need.axes(input, f"[N] C {spatial(count)}")[:-count]
    sizes = input.shape[-count:]
    c_in, c_group, *kernel = need.axes(weight, f"I O {spatial(count)}", what="the weight")
    groups = size(need, groups, "groups")
    positive(need, (groups,), "groups")
    strides = fitted(need, stride, count, "stride")
    pads = fitted(need, padding, count, "padding")
    extra = fitted(need, output_padding, count, "output_padding")
    dilations = fitted(need, dilation, count, "dilation")
    positive(need, strides, "stride")
    positive(need, dilations, "dilation", least=0)
    positive(need, pads, "padding", least=0)
    positive(need, extra, "output_padding", least=0)
    positive(need, (*kernel, c_group), "the weight")
    c_out = c_group * groups
    check_weight(need, c_in, groups, bias, c_out)
    need.equal(channels, c_in, "conv-channel-mismatch", "the input's channels", "in_channels")
    working = not_empty(need, batch, channels, sizes)
    if working:
        positive(need, dilations, "dilation")
        same_dtype(need, weight=weight, input=input, bias=bias)
    lengths: list[Dim] = []
    for n, k, s, p, d, more in zip(sizes, kernel, strides, pads, dilations, extra, strict=True):
        if working:
            need.at_least(
                dims.maximum(s, d) - 1, more, "call-refused", "the largest output_padding", "output_padding"
            )
        lengths.append(window.transposed(n, k, s, p, d, more))
        need.at_least(lengths[-1], 0, "kernel-larger-than-input", "the output", "the smallest size")
    need.macs(dims.product([*batch, *sizes, *kernel, c_in, c_group]))
    return input.with_shape(*batch, c_out, *lengths)


def _functional(count: int) -> None:
    @op(
        f"torch.nn.functional.conv_transpose{count}d, torch.conv_transpose{count}d",
        "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1",
    )
    def conv_transpose(
        need: Need, input: Tensor, weight: Tensor, bias: Tensor | None,
        stride: Any, padding: Any, output_padding: Any, groups: Any, dilation: Any,
    ) -> Tensor:  # fmt: skip
        return convolve_back(
            need, count, input, weight, bias, stride, padding, output_padding, groups, dilation
        )


for _count in (1, 2, 3):
    _functional(_count)


class _Transposed:
    """What ConvTranspose1d, ConvTranspose2d and ConvTranspose3d share."""

    count = 0

    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        rule = "invalid-constructor-argument"
        for name in ("kernel_size", "stride", "padding", "output_padding", "dilation"):
            setattr(self, name, spread(need, getattr(self, name), self.count, name))
        self.transposed = True
        check_channels(need, self.in_channels, self.out_channels, self.groups)
        one_of(need, self.padding_mode, ("zeros",), "padding_mode", rule)
        for n in (self.in_channels, self.out_channels, *self.kernel_size):
            need.at_least(need.dim(n), 0, rule, "a size of the weight", "the smallest size")
        shape = (self.in_channels, need.dim(self.out_channels) // need.dim(self.groups), *self.kernel_size)
        self.weight = need.parameter(shape, dtype)
        self.bias = optional(need, bias, (self.out_channels,), dtype)

    def forward(self: Any, need: Need, input: Tensor, output_size: Any = None) -> Tensor:
        extra = self.output_padding
        if not is_none(output_size):
            extra = self.wanted(need, input, need.dims(output_size, "output_size"))
        return convolve_back(
            need,
            self.count,
            input,
            self.weight,
            given(self.bias),
            self.stride,
            self.padding,
            extra,
            self.groups,
            self.dilation,
        )

    def reset_parameters(self: Any, need: Need) -> None:
        return None

    def wanted(self: Any, need: Need, input: Tensor, output_size: Sequence[Dim]) -> tuple[Dim, ...]:
        """The output padding that makes `output_size`, which must lie within one stride of the least size."""
        count = self.count
        rank = need.rank(input, count + 1, count + 2)
        if len(output_size) == rank:
            output_size = output_size[-count:]
        if len(output_size) != count:
            need.refuse(
                "call-refused",
                f"output_size must hold {count} or {rank} numbers, it is {show(output_size)}",
                "ValueError",
            )
        if any(len(each) < count for each in (self.kernel_size, self.stride, self.padding, self.dilation)):
            need.refuse(
                "call-refused",
                f"output_size needs {count} numbers in each argument of the layer",
                "IndexError",
            )
        extra: list[Dim] = []
        ok = True
        for n, out, k, s, p, d in zip(
            input.shape[-count:],
            output_size,
            self.kernel_size,
            self.stride,
            self.padding,
            self.dilation,
            strict=False,
        ):
            least = window.transposed(n, k, s, p, d, 0)
            ok &= need.at_least(out, least, "call-refused", "output_size", "the least output")
            ok &= need.at_least(least + s - 1, out, "call-refused", "the largest output", "output_size")
            extra.append(out - least)
        if not ok:
            raise Refused
        return tuple(extra)


layer(
    CONV_TRANSPOSE,
    "in_channels, out_channels, kernel_size, stride, padding, dilation, transposed, output_padding, groups, bias, "
    "padding_mode, device=None, dtype=None",
    base=CONV,
)(AnyConvolution)

_ARGUMENTS = (
    "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, "
    "padding_mode='zeros', device=None, dtype=None"
)


@layer("torch.nn.ConvTranspose1d", _ARGUMENTS, base=CONV_TRANSPOSE)
class ConvTranspose1d(_Transposed):
    count = 1


@layer("torch.nn.ConvTranspose2d", _ARGUMENTS, base=CONV_TRANSPOSE)
class ConvTranspose2d(_Transposed):
    count = 2


@layer("torch.nn.ConvTranspose3d", _ARGUMENTS, base=CONV_TRANSPOSE)
class ConvTranspose3d(_Transposed):
    count = 3
