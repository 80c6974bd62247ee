"""Windows that slide over an axis: how many places one has, for convolutions and for poolings. Knows no layer."""

from __future__ import annotations

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.needs import Needs


def extent(kernel: Dim, dilation: Dim) -> Dim:
    """The length that a dilated kernel covers."""
    return dilation * (kernel - 1) + 1


def slide(need: Needs, size: Dim, kernel: Dim, stride: Dim, pad: Dim, dilation: Dim) -> Dim | None:
    """floor((size + pad - dilation*(kernel-1) - 1) / stride) + 1, where `pad` counts both ends; None when it does not fit.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
    """
    span = extent(kernel, dilation)
    if not need.at_least(size + pad, span, "kernel-larger-than-input", "the padded input", "the kernel"):
        return None
    return (size + pad - span) // stride + 1


def pool(size: Dim, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim, ceil_mode: bool) -> Dim:
    """The number of pooling windows; with `ceil_mode` the last one may hang over, but must start inside the input or
    its left padding.

    Source: pooling_output_shape in ATen/native/Pool.h
    """
    room = size + 2 * padding - extent(kernel, dilation)
    if not ceil_mode:
        return room // stride + 1
    return dims.minimum(dims.ceildiv(room, stride) + 1, dims.ceildiv(size + padding, stride))


def transposed(size: Dim, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim, output_padding: Dim) -> Dim:
    """(size - 1)*stride - 2*padding + dilation*(kernel-1) + output_padding + 1.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
    """
    return (size - 1) * stride - 2 * padding + extent(kernel, dilation) + output_padding
