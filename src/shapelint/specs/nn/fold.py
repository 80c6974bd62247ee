"""Unfold lays the windows of an image out as columns; Fold adds such columns up to an image."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes import window
from shapelint.specs.need import Need, Refused
from shapelint.specs.nn.sizes import exactly, positive
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor

_RULE = "kernel-larger-than-input"


def _arguments(need: Need, *values: tuple[Any, str, int]) -> list[tuple[Dim, ...]]:
    made = []
    for value, what, least in values:
        pair = exactly(need, value, 2, what)
        positive(need, pair, what, least=least)
        made.append(pair)
    return made


def _blocks(
    need: Need, sizes: tuple[Dim, ...], kernel: tuple[Dim, ...], dilation: tuple[Dim, ...], padding: tuple[Dim, ...],
    stride: tuple[Dim, ...],
) -> Dim:  # fmt: skip
    """How many windows there are."""
    counts = [
        window.slide(need, n, k, s, 2 * p, d)
        for n, k, s, p, d in zip(sizes, kernel, stride, padding, dilation, strict=True)
    ]
    if None in counts:
        raise Refused
    return dims.product([c for c in counts if c is not None])


@op("torch.nn.functional.unfold", "input, kernel_size, dilation=1, padding=0, stride=1")
def unfold(need: Need, input: Tensor, kernel_size: Any, dilation: Any, padding: Any, stride: Any) -> Tensor:
    """[N] C H W -> [N] C*kernel windows."""
    *batch, channels, height, width = need.axes(input, "[N] C H W")
    kernel, dilations, pads, strides = _arguments(
        need,
        (kernel_size, "kernel_size", 1),
        (dilation, "dilation", 1),
        (padding, "padding", 0),
        (stride, "stride", 1),
    )
    for n in (channels, height, width):
        need.at_least(n, 1, "call-refused", "an axis of the input", "the smallest size")
    count = _blocks(need, (height, width), kernel, dilations, pads, strides)
    takes(need, input, "fcb")
    return input.with_shape(*batch, channels * kernel[0] * kernel[1], count)


@op("torch.nn.functional.fold", "input, output_size, kernel_size, dilation=1, padding=0, stride=1")
def fold(
    need: Need, input: Tensor, output_size: Any, kernel_size: Any, dilation: Any, padding: Any, stride: Any
) -> Tensor:
    """[N] C*kernel windows -> [N] C output_size; the windows must be as many as such an image has."""
    *batch, rows, columns = need.axes(input, "[N] R L")
    size, kernel, dilations, pads, strides = _arguments(
        need, (output_size, "output_size", 1), (kernel_size, "kernel_size", 1), (dilation, "dilation", 1),
        (padding, "padding", 0), (stride, "stride", 1),
    )  # fmt: skip
    for n in (rows, columns):
        need.at_least(n, 1, "call-refused", "an axis of the input", "the smallest size")
    area = kernel[0] * kernel[1]
    if not need.divides(area, rows, "view-size-mismatch", "the rows of the input", "the kernel's area"):
        raise Refused
    count = _blocks(need, size, kernel, dilations, pads, strides)
    need.equal(columns, count, "view-size-mismatch", "the columns of the input", "the number of windows")
    takes(need, input, "fcb")
    return input.with_shape(*batch, rows // area, *size)


@layer("torch.nn.Unfold", "kernel_size, dilation=1, padding=0, stride=1")
class Unfold:
    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return unfold(need, input, self.kernel_size, self.dilation, self.padding, self.stride)


@layer("torch.nn.Fold", "output_size, kernel_size, dilation=1, padding=0, stride=1")
class Fold:
    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return fold(need, input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)
