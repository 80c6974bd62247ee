"""Padding: axes grow (or shrink, for negative numbers) at both ends; the pads are listed from the last axis on."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs.need import Need, Refused, is_sequence, sequence, show
from shapelint.specs.nn.sizes import one_of, size
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor

_MODES = ("constant", "reflect", "replicate", "circular")


@op("torch.nn.functional.pad", "input, pad, mode='constant', value=None")
def pad(need: Need, input: Tensor, pad: Any, mode: Any, value: Any) -> Tensor:
    """out = size + before + after, for each padded axis.

    "reflect" needs pads smaller than the axis, "circular" not larger; other modes than "constant" pad all spatial axes.
    """
    pads = tuple(size(need, p, "pad") for p in sequence(pad, "pad"))
    one_of(need, mode, _MODES, "mode", raised="RuntimeError")
    if len(pads) % 2:
        need.refuse("call-refused", f"pad must hold two numbers for each axis, it holds {len(pads)}")
    count = len(pads) // 2
    if count > input.rank:
        need.refuse("wrong-rank", f"pad names {count} axes, the input has {input.rank}: {show(input.shape)}")
    if isinstance(mode, str) and mode != "constant":
        _check_rank(need, input, count, mode, value)
    shape = list(input.shape)
    grown = []
    for i in range(count):
        axis = len(shape) - 1 - i
        shape[axis] = _grow(need, shape[axis], pads[2 * i], pads[2 * i + 1], mode)
        grown.append(shape[axis])
    if mode in ("reflect", "replicate"):
        largest = dims.maximum(*grown)
        if not need.at_least(largest, 1, "call-refused", "the largest padded axis", "the smallest size"):
            raise Refused
    return input.with_shape(*shape)


def _check_rank(need: Need, input: Tensor, count: int, mode: str, value: Any) -> None:
    if count not in (1, 2, 3) or input.rank not in (count + 1, count + 2):
        axes = f"{count + 1} or {count + 2} axes" if 1 <= count <= 3 else "one to three padded axes"
        need.refuse(
            "wrong-rank", f"mode={mode!r} with {2 * count} pads needs {axes}, the input is {show(input.shape)}",
            "NotImplementedError",
        )  # fmt: skip
    if isinstance(value, (int, float)) and value != 0:
        need.refuse("call-refused", f"mode={mode!r} takes no value")
    if mode != "circular":
        batch = 1 if input.rank == count + 2 else 0
        for n in input.shape[batch:]:
            need.at_least(n, 1, "call-refused", "an axis of the input", "the smallest size")


def _grow(need: Need, n: Dim, before: Dim, after: Dim, mode: str) -> Dim:
    out = n + before + after
    ok = True
    if mode in ("reflect", "circular"):
        limit = n - 1 if mode == "reflect" else n
        for p in (before, after):
            ok &= need.at_least(limit, p, "call-refused", f"the largest pad in mode={mode!r}", "the pad")
    rest = n + dims.minimum(before, 0) + dims.minimum(after, 0) if mode == "constant" else out
    ok &= need.at_least(rest, 0, "call-refused", "the padded axis", "the smallest size")
    if not ok:
        raise Refused
    return out


class _Pad:
    """What the padding layers share: `padding` becomes a tuple of two numbers for each axis."""

    count = 0
    mode = "constant"

    def build(self: Any, need: Need) -> None:
        self.padding = (
            tuple(sequence(self.padding, "padding"))
            if is_sequence(self.padding)
            else (self.padding,) * (2 * self.count)
        )

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        value = self.value if self.mode == "constant" else None
        return pad(need, input, self.padding, self.mode, value)


class _ZeroPad(_Pad):
    def build(self: Any, need: Need) -> None:
        _Pad.build(self, need)
        self.value = 0.0


class _CheckedPad(_Pad):
    """Circular layers look at the input's rank before they pad."""

    mode = "circular"

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        need.rank(input, self.count + 1, self.count + 2)
        return pad(need, input, self.padding, self.mode, None)


def _layers(count: int) -> None:
    def family(name: str, base: type, signature: str, mode: str) -> None:
        parent = f"torch.nn.ConstantPad{count}d" if name == "ZeroPad" else "torch.nn.Module"
        layer(f"torch.nn.{name}{count}d", signature, base=parent)(
            type(f"{name}{count}d", (base,), {"count": count, "mode": mode})
        )

    family("ConstantPad", _Pad, "padding, value", "constant")
    family("ZeroPad", _ZeroPad, "padding", "constant")
    family("ReflectionPad", _Pad, "padding", "reflect")
    family("ReplicationPad", _Pad, "padding", "replicate")
    family("CircularPad", _CheckedPad, "padding", "circular")


for _count in (1, 2, 3):
    _layers(_count)
