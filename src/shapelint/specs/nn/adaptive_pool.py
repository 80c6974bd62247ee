"""Pooling to a given output size: adaptive pools, whose windows divide the axis, and fractional ones, at random places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.specs.need import Need, Refused, is_no_sequence, is_sequence, sequence, show
from shapelint.specs.nn.convolution import spatial
from shapelint.specs.nn.sizes import exactly, is_none, positive, size
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor, Unknown


def adaptive(need: Need, count: int, input: Tensor, output_size: Any, *, average: bool = False) -> Tensor:
    """[N] C L -> [N] C output_size; None keeps an axis."""
    values = sequence(output_size, "output_size") if is_sequence(output_size) else (output_size,) * count
    if len(values) != count:
        need.refuse("call-refused", f"output_size must be one number or {count}, it holds {len(values)}")
    if count == 1 and is_none(values[0]):
        need.refuse("call-refused", "output_size must be an integer, it is None", "TypeError")
    if average and input.known:
        ones = [dims.equal(v, 1) if isinstance(v, (int, Sym)) else dims.Verdict.NO for v in values]
        if all(one.yes for one in ones):
            return _mean(need, count, input, listed=is_sequence(output_size))
        usual = input.rank in (count + 1, count + 2) and not any(dims.equal(n, 0).yes for n in input.shape)
        if not usual and not any(one.no for one in ones):
            need.unknown("whether the pool gives one value is not known, which has other needs")
    axes = need.axes(input, f"[N] C {spatial(count)}")
    sizes = [
        n if is_none(v) else size(need, v, "output_size") for v, n in zip(values, axes[-count:], strict=True)
    ]
    positive(need, sizes, "output_size", least=0)
    for n in axes[-count:] if average and count < 3 else axes[1:]:
        need.at_least(n, 1, "call-refused", "an axis of the input", "the smallest size")
    made = input.with_shape(*axes[:-count], *sizes)
    if average and count < 3:
        takes(need, made, "f")
    else:
        takes(need, input, "f", always=True)
    return made


def _mean(need: Need, count: int, input: Tensor, *, listed: bool) -> Tensor:
    """To one value: torch takes the mean over the last axes, whatever is before them (1d looks at the rank first)."""
    ranks = range(2, 4) if count == 1 else range(count + listed, 65)
    if input.rank not in ranks:
        need.refuse(
            "wrong-rank", f"the input must have {count + 1} or {count + 2} axes, it is {show(input.shape)}"
        )
    takes(need, input, "f")
    return input.with_shape(*input.shape[:-count], *[1] * count)


def _functional(count: int) -> None:
    names = f"torch.nn.functional.adaptive_avg_pool{count}d" + (
        ", torch.adaptive_avg_pool1d" if count == 1 else ""
    )

    @op(names, "input, output_size")
    def average(need: Need, input: Tensor, output_size: Any) -> Tensor:
        return adaptive(need, count, input, output_size, average=True)

    names = f"torch.nn.functional.adaptive_max_pool{count}d_with_indices" + (
        ", torch.adaptive_max_pool1d" if count == 1 else ""
    )

    @op(names, "input, output_size, return_indices=True")
    def with_indices(need: Need, input: Tensor, output_size: Any, return_indices: Any) -> Any:
        return largest(need, count, input, output_size, True)

    @op(f"torch.nn.functional.adaptive_max_pool{count}d", "input, output_size, return_indices=False")
    def maximal(need: Need, input: Tensor, output_size: Any, return_indices: Any) -> Any:
        return largest(need, count, input, output_size, bool(return_indices))


def largest(need: Need, count: int, input: Tensor, output_size: Any, indices: bool) -> Any:
    values = adaptive(need, count, input, output_size)
    return (values, values.like("int64")) if indices else values


for _count in (1, 2, 3):
    _functional(_count)


class _Adaptive:
    count = 0

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return adaptive(need, self.count, input, self.output_size, average=True)


class _AdaptiveMax:
    count = 0

    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return largest(need, self.count, input, self.output_size, bool(self.return_indices))


def _layers(count: int) -> None:
    layer(f"torch.nn.AdaptiveAvgPool{count}d", "output_size")(
        type(f"AdaptiveAvgPool{count}d", (_Adaptive,), {"count": count})
    )
    layer(f"torch.nn.AdaptiveMaxPool{count}d", "output_size, return_indices=False")(
        type(f"AdaptiveMaxPool{count}d", (_AdaptiveMax,), {"count": count})
    )


for _count in (1, 2, 3):
    _layers(_count)


def fractional(
    need: Need,
    count: int,
    input: Tensor,
    kernel_size: Any,
    output_size: Any,
    output_ratio: Any,
    indices: bool,
) -> Any:
    """[N] C L -> [N] C output_size, or int(L * output_ratio); kernel + output - 1 must fit the axis."""
    axes = need.axes(input, f"[N] C {spatial(count)}")
    kernels = exactly(need, kernel_size, count, "kernel_size")
    if not is_none(output_size):
        sizes: Sequence[Dim] = exactly(need, output_size, count, "output_size")
    elif not is_none(output_ratio):
        sizes = [
            _share(need, n, r) for n, r in zip(axes[-count:], _ratios(need, output_ratio, count), strict=True)
        ]
    else:
        need.refuse("call-refused", "an output_size or an output_ratio is needed", "ValueError")
    positive(need, input.shape[1:], "an axis of the input")
    takes(need, input, "f")
    positive(need, kernels, "kernel_size")
    ok = True
    for n, k, o in zip(axes[-count:], kernels, sizes, strict=True):
        room = k + o - 1 if count == 2 else k + o
        ok &= need.at_least(
            n, room, "kernel-larger-than-input", "the input", "the kernel and the output together"
        )
    if not ok:
        raise Refused
    values = input.with_shape(*axes[:-count], *sizes)
    return (values, values.like("int64")) if indices else values


def _ratios(need: Need, output_ratio: Any, count: int) -> tuple[Any, ...]:
    if is_no_sequence(output_ratio) or isinstance(output_ratio, Unknown):
        if count == 2:
            need.refuse("call-refused", "output_ratio must be a sequence of 2", "TypeError")
        return (output_ratio,) * count
    values = sequence(output_ratio, "output_ratio")
    if len(values) != count:
        need.refuse(
            "call-refused",
            f"output_ratio must be one number or {count}, it holds {len(values)}",
            "ValueError",
        )
    return values


def _share(need: Need, n: Dim, ratio: Any) -> Dim:
    if isinstance(n, Sym):
        number = dims.witness(n)
        if number is None:
            need.unknown("a share of an axis whose size is not known")
        n = number
    return int(n * ratio)


def _fractional(count: int) -> None:
    signature = (
        "input, kernel_size, output_size=None, output_ratio=None, return_indices={}, _random_samples=None"
    )

    @op(f"torch.nn.functional.fractional_max_pool{count}d", signature.format(False))
    def pool(
        need: Need,
        input: Tensor,
        kernel_size: Any,
        output_size: Any,
        output_ratio: Any,
        return_indices: Any,
        _random_samples: Any,
    ) -> Any:
        return fractional(need, count, input, kernel_size, output_size, output_ratio, bool(return_indices))

    @op(f"torch.nn.functional.fractional_max_pool{count}d_with_indices", signature.format(True))
    def with_indices(
        need: Need,
        input: Tensor,
        kernel_size: Any,
        output_size: Any,
        output_ratio: Any,
        return_indices: Any,
        _random_samples: Any,
    ) -> Any:
        return fractional(need, count, input, kernel_size, output_size, output_ratio, True)

    def build(self: Any, need: Need) -> None:
        rule = "invalid-constructor-argument"
        for name in ("kernel_size", "output_size", "output_ratio"):
            value = getattr(self, name)
            if not is_none(value):
                setattr(self, name, tuple(sequence(value, name)) if is_sequence(value) else (value,) * count)
        if is_none(self.output_size) and is_none(self.output_ratio):
            need.refuse(rule, "an output_size or an output_ratio is needed", "ValueError")
        if not is_none(self.output_size) and not is_none(self.output_ratio):
            need.refuse(rule, "only one of output_size and output_ratio may be given", "ValueError")
        if not is_none(self.output_ratio) and not all(0 < r < 1 for r in self.output_ratio[:count]):
            need.refuse(rule, "output_ratio must be between 0 and 1", "ValueError")

    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return fractional(
            need,
            count,
            input,
            self.kernel_size,
            self.output_size,
            self.output_ratio,
            bool(self.return_indices),
        )

    definition = type(f"FractionalMaxPool{count}d", (), {"build": build, "forward": forward})
    layer(
        f"torch.nn.FractionalMaxPool{count}d",
        "kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None",
    )(definition)


for _count in (2, 3):
    _fractional(_count)
