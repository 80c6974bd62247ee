"""Average and power-average pooling."""

from __future__ import annotations

from typing import Any

from shapelint.specs.need import Need, is_sequence, sequence
from shapelint.specs.nn.max_pool import max_pool, not_empty, strides_of, windows
from shapelint.specs.nn.sizes import fitted, is_none, is_zero
from shapelint.specs.ops.promotion import result_type, to_float
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor, Unknown
from shapelint.values.torch_types import is_float

_RULE = "invalid-constructor-argument"


def avg_pool(
    need: Need, count: int, input: Tensor, kernel_size: Any, stride: Any, padding: Any, ceil_mode: Any,
    divisor_override: Any = None,
) -> Tensor:  # fmt: skip
    """[N] C L -> [N] C L', counted as max pooling counts."""
    kernels = fitted(need, kernel_size, count, "kernel_size")
    strides = strides_of(need, stride, kernels, count)
    pads = fitted(need, padding, count, "padding")
    shape = windows(need, count, input, kernels, strides, pads, (1,) * count, ceil_mode)
    not_empty(need, count, input)
    if count == 3:
        for n, k in zip(input.shape[-3:], kernels, strict=True):
            need.at_least(n, k, "kernel-larger-than-input", "the input without padding", "the kernel")
    if not is_none(divisor_override):
        need.holds(
            not is_zero(need.dim(divisor_override)), "call-refused", "divisor_override must not be zero"
        )
    check_dtype(need, input)
    return input.with_shape(*shape)


def check_dtype(need: Need, input: Tensor) -> None:
    """Averages are computed for floats and int64."""
    if input.dtype is not None and not is_float(input.dtype) and input.dtype != "int64":
        need.holds(False, "wrong-dtype", f"the input must be floating point, it is {input.dtype}")


def _functional(count: int) -> None:
    more = ", divisor_override=None" if count > 1 else ""
    names = f"torch.nn.functional.avg_pool{count}d" + (", torch.avg_pool1d" if count == 1 else "")

    @op(names, f"input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True{more}")
    def pool(
        need: Need, input: Tensor, kernel_size: Any, stride: Any, padding: Any, ceil_mode: Any, count_include_pad: Any,
        divisor_override: Any = None,
    ) -> Tensor:  # fmt: skip
        return avg_pool(need, count, input, kernel_size, stride, padding, ceil_mode, divisor_override)

    @op(f"torch.nn.functional.lp_pool{count}d", "input, norm_type, kernel_size, stride=None, ceil_mode=False")
    def lp(
        need: Need, input: Tensor, norm_type: Any, kernel_size: Any, stride: Any, ceil_mode: Any
    ) -> Tensor:
        return lp_pool(need, count, input, norm_type, kernel_size, stride, ceil_mode)


def lp_pool(
    need: Need, count: int, input: Tensor, norm_type: Any, kernel_size: Any, stride: Any, ceil_mode: Any
) -> Tensor:
    """[N] C L -> [N] C L', counted as average pooling counts; integers become floats."""
    single = not is_sequence(kernel_size)
    infinite = isinstance(norm_type, (int, float)) and norm_type in (float("inf"), float("-inf"))
    if not single and count > 1 and len(sequence(kernel_size)) != count:
        need.refuse("call-refused", f"kernel_size must be one number or {count} for lp_pool", "ValueError")
    if infinite:
        return max_pool(need, count, input, kernel_size, stride, 0, 1, ceil_mode, False)  # type: ignore[no-any-return]
    if not single and count == 1 and not isinstance(norm_type, Unknown):
        need.refuse("call-refused", "kernel_size must be one number for lp_pool1d", "TypeError")
    powered = input.like(result_type(need, input, norm_type))
    made = avg_pool(need, count, powered, kernel_size, stride, 0, ceil_mode)
    if norm_type == 0:
        need.refuse("call-refused", "norm_type must not be zero", "ZeroDivisionError")
    return made.like(to_float(made.dtype, need.recorder.default_dtype))


for _count in (1, 2, 3):
    _functional(_count)


class _AvgPool:
    count = 0

    def build(self: Any, need: Need) -> None:
        if is_none(self.stride):
            self.stride = self.kernel_size
        if self.count == 1:
            for name in ("kernel_size", "stride", "padding"):
                value = getattr(self, name)
                setattr(self, name, tuple(sequence(value, name)) if is_sequence(value) else (value,))

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        divisor = self.divisor_override if self.count > 1 else None
        return avg_pool(
            need, self.count, input, self.kernel_size, self.stride, self.padding, self.ceil_mode, divisor
        )


_ARGUMENTS = "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"


@layer("torch.nn.AvgPool1d", _ARGUMENTS)
class AvgPool1d(_AvgPool):
    count = 1


@layer("torch.nn.AvgPool2d", f"{_ARGUMENTS}, divisor_override=None")
class AvgPool2d(_AvgPool):
    count = 2


@layer("torch.nn.AvgPool3d", f"{_ARGUMENTS}, divisor_override=None")
class AvgPool3d(_AvgPool):
    count = 3


class _LPPool:
    count = 0

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        power = float(self.norm_type) if isinstance(self.norm_type, int) else self.norm_type
        return lp_pool(need, self.count, input, power, self.kernel_size, self.stride, self.ceil_mode)


@layer("torch.nn.LPPool1d", "norm_type, kernel_size, stride=None, ceil_mode=False")
class LPPool1d(_LPPool):
    count = 1


@layer("torch.nn.LPPool2d", "norm_type, kernel_size, stride=None, ceil_mode=False")
class LPPool2d(_LPPool):
    count = 2


@layer("torch.nn.LPPool3d", "norm_type, kernel_size, stride=None, ceil_mode=False")
class LPPool3d(_LPPool):
    count = 3
