"""Max pooling: the greatest value of each window, and, when asked, where it was."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.shapes import window
from shapelint.specs.need import Need, Refused, is_sequence, sequence
from shapelint.specs.nn.convolution import spatial
from shapelint.specs.nn.sizes import exactly, fitted, is_none, positive, same_rank
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor

_RULE = "kernel-larger-than-input"


def strides_of(need: Need, stride: Any, kernels: tuple[Dim, ...], count: int) -> tuple[Dim, ...]:
    """The stride is the kernel unless told: None or an empty sequence."""
    if is_none(stride) or (is_sequence(stride) and not sequence(stride)):
        return kernels
    return fitted(need, stride, count, "stride")


def windows(
    need: Need, count: int, input: Tensor, kernels: tuple[Dim, ...], strides: tuple[Dim, ...],
    pads: tuple[Dim, ...], dilations: tuple[Dim, ...], ceil_mode: Any,
) -> tuple[Dim, ...]:  # fmt: skip
    """[N] C L -> [N] C L', each L' by `window.pool`; a pad is at most half a kernel."""
    axes = need.axes(input, f"[N] C {spatial(count)}")
    positive(need, kernels, "kernel_size")
    positive(need, strides, "stride")
    positive(need, dilations, "dilation")
    positive(need, pads, "padding", least=0)
    out: list[Dim] = []
    ok = True
    for n, k, s, p, d in zip(axes[-count:], kernels, strides, pads, dilations, strict=True):
        need.at_least(k // 2, p, "call-refused", "half of the kernel", "padding")
        o = window.pool(n, k, s, p, d, bool(ceil_mode))
        if ceil_mode:
            ok &= need.at_least(o, 1, _RULE, "the output", "the smallest size")
        else:
            ok &= need.at_least(n + 2 * p, window.extent(k, d), _RULE, "the padded input", "the kernel")
        out.append(o)
    if not ok:
        raise Refused
    return (*axes[:-count], *out)


def not_empty(need: Need, count: int, input: Tensor) -> None:
    """Pooling takes an empty batch, but no other empty axis."""
    for n in input.shape[-count - 1 :]:
        need.at_least(n, 1, "call-refused", "an axis of the input", "the smallest size")


def max_pool(
    need: Need, count: int, input: Tensor, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: Any,
    indices: bool,
) -> Any:  # fmt: skip
    kernels = fitted(need, kernel_size, count, "kernel_size")
    strides = strides_of(need, stride, kernels, count)
    pads, dilations = fitted(need, padding, count, "padding"), fitted(need, dilation, count, "dilation")
    shape = windows(need, count, input, kernels, strides, pads, dilations, ceil_mode)
    not_empty(need, count, input)
    takes(need, input, "f" if count == 1 and not indices else "if")
    values = input.with_shape(*shape)
    return (values, input.with_shape(*shape, dtype="int64")) if indices else values


def _functional(count: int) -> None:
    @op(
        f"torch.nn.functional.max_pool{count}d",
        "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False",
    )
    @op(f"torch.max_pool{count}d", "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False")
    def pool(
        need: Need, input: Tensor, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: Any,
        return_indices: Any = False,
    ) -> Any:  # fmt: skip
        return max_pool(
            need, count, input, kernel_size, stride, padding, dilation, ceil_mode, bool(return_indices)
        )

    names = [f"torch.nn.functional.max_pool{count}d_with_indices"]
    if count == 1:
        names.append("torch.max_pool1d_with_indices")

    @op(
        ", ".join(names),
        "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=True",
    )
    def with_indices(
        need: Need, input: Tensor, kernel_size: Any, stride: Any, padding: Any, dilation: Any, ceil_mode: Any,
        return_indices: Any,
    ) -> Any:  # fmt: skip
        return max_pool(need, count, input, kernel_size, stride, padding, dilation, ceil_mode, True)


for _count in (1, 2, 3):
    _functional(_count)


class _MaxPool:
    count = 0

    def build(self: Any, need: Need) -> None:
        if is_none(self.stride):
            self.stride = self.kernel_size

    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return max_pool(
            need, self.count, input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode,
            bool(self.return_indices),
        )  # fmt: skip


_ARGUMENTS = "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False"


@layer("torch.nn.MaxPool1d", _ARGUMENTS)
class MaxPool1d(_MaxPool):
    count = 1


@layer("torch.nn.MaxPool2d", _ARGUMENTS)
class MaxPool2d(_MaxPool):
    count = 2


@layer("torch.nn.MaxPool3d", _ARGUMENTS)
class MaxPool3d(_MaxPool):
    count = 3


def unpool(
    need: Need,
    count: int,
    input: Tensor,
    indices: Tensor,
    kernel_size: Any,
    stride: Any,
    padding: Any,
    output_size: Any,
) -> Tensor:
    """[N] C L -> [N] C (L-1)*stride - 2*padding + kernel, or the `output_size` given, less than one stride away."""
    kernels = exactly(need, kernel_size, count, "kernel_size")
    strides = kernels if is_none(stride) else exactly(need, stride, count, "stride", longer=count < 3)
    pads = exactly(need, padding, count, "padding", longer=count < 3)
    same_rank(need, {"the input": input, "the indices": indices}, count + 1, count + 2)
    axes = need.axes(input, f"[N] C {spatial(count)}")
    sizes = [
        (n - 1) * s + k - 2 * p for n, k, s, p in zip(axes[-count:], kernels, strides, pads, strict=True)
    ]
    if not is_none(output_size):
        wanted = need.dims(output_size, "output_size")
        if len(wanted) == count + 2:
            wanted = wanted[2:]
        if len(wanted) != count:
            need.refuse(
                "call-refused",
                f"output_size must hold {count} or {count + 2} numbers, it holds {len(wanted)}",
                "ValueError",
            )
        for w, n, s in zip(wanted, sizes, strides, strict=True):
            need.at_least(w, n - s + 1, "call-refused", "output_size", "the least output")
            need.at_least(n + s - 1, w, "call-refused", "the largest output", "output_size")
        sizes = list(wanted)
    for n in sizes:
        need.at_least(n, 0, "call-refused", "the output", "the smallest size")
    if indices.dtype is not None:
        need.holds(
            indices.dtype == "int64", "wrong-dtype", f"the indices must be int64, they are {indices.dtype}"
        )
    for a, b in zip(indices.shape, input.shape, strict=True):
        need.equal(a, b, "call-refused", "an axis of the indices", "the input")
    for n in input.shape[1:]:
        need.at_least(n, 1, "call-refused", "an axis of the input", "the smallest size")
    return input.with_shape(*axes[:-count], *sizes)


def _unpooling(count: int) -> None:
    @op(
        f"torch.nn.functional.max_unpool{count}d",
        "input, indices, kernel_size, stride=None, padding=0, output_size=None",
    )
    def max_unpool(
        need: Need,
        input: Tensor,
        indices: Tensor,
        kernel_size: Any,
        stride: Any,
        padding: Any,
        output_size: Any,
    ) -> Tensor:
        return unpool(need, count, input, indices, kernel_size, stride, padding, output_size)

    def build(self: Any, need: Need) -> None:
        if is_none(self.stride):
            self.stride = self.kernel_size
        for name in ("kernel_size", "stride", "padding"):
            value = getattr(self, name)
            setattr(self, name, tuple(sequence(value, name)) if is_sequence(value) else (value,) * count)

    def forward(self: Any, need: Need, input: Tensor, indices: Tensor, output_size: Any = None) -> Tensor:
        return unpool(need, count, input, indices, self.kernel_size, self.stride, self.padding, output_size)

    definition = type(f"MaxUnpool{count}d", (), {"build": build, "forward": forward})
    layer(f"torch.nn.MaxUnpool{count}d", "kernel_size, stride=None, padding=0")(definition)


for _count in (1, 2, 3):
    _unpooling(_count)
