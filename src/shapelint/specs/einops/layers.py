"""einops' layers for torch: the operations as modules, and EinMix, an einsum with a learned operand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.broadcast import broadcast
from shapelint.specs.einops.contract import LETTERS
from shapelint.specs.einops.pattern import DOTS, BadPattern, Side, side
from shapelint.specs.einops.transform import RULE, read, transform
from shapelint.specs.need import Need
from shapelint.specs.ops.einsum import summed
from shapelint.specs.registry import layer
from shapelint.values import Dict, Tensor


@layer("einops.layers.torch.Rearrange", "pattern, **axes_lengths")
class Rearrange:
    """einops.rearrange as a layer; the pattern is checked when it is built."""

    def build(self: Any, need: Need, pattern: Any, axes_lengths: Any) -> None:
        self.axes_lengths = Dict(dict(axes_lengths))
        read(need, pattern, "rearrange", axes_lengths)

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        """einops.rearrange"""
        return transform(need, input, self.pattern, "rearrange", self.axes_lengths.items)


@layer("einops.layers.torch.Reduce", "pattern, reduction, **axes_lengths")
class Reduce:
    """einops.reduce as a layer."""

    def build(self: Any, need: Need, pattern: Any, reduction: Any, axes_lengths: Any) -> None:
        self.axes_lengths = Dict(dict(axes_lengths))
        read(need, pattern, reduction, axes_lengths)

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        """einops.reduce, but for any and all, which the layer lacks."""
        return transform(need, input, self.pattern, self.reduction, self.axes_lengths.items, in_layer=True)


@layer(
    "einops.layers.torch.EinMix",
    "pattern, weight_shape, bias_shape=None, **axes_lengths",
    not_kept=("axes_lengths", "bias"),
)
class EinMix:
    """An einsum of the input with a learned weight, with axes split before and joined after it."""

    def build(
        self: Any, need: Need, pattern: Any, weight_shape: Any, bias_shape: Any, axes_lengths: Any
    ) -> None:
        self.axes_lengths = Dict(dict(axes_lengths))
        try:
            left, right, weight = _checked(pattern, weight_shape, axes_lengths)
            biased = None if bias_shape is None else _bias(need, right, side(bias_shape), axes_lengths)
        except BadPattern as problem:
            need.refuse(RULE, f'EinMix("{pattern}"): {problem}', "EinopsError")
        pre, _ = _reshapes(left, right)
        if pre is not None:
            read(need, pre, "rearrange", {k: v for k, v in axes_lengths.items() if k in left.axes})
        self.weight = need.parameter([axes_lengths[axis] for axis in weight.axes])
        self.bias = None if biased is None else need.parameter(biased)

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        """rearrange, einsum with the weight, + bias, rearrange"""
        lengths: Mapping[str, Any] = self.axes_lengths.items
        left, right, weight = _checked(self.pattern, self.weight_shape, lengths)
        pre, post = _reshapes(left, right)
        if pre is not None:
            input = transform(
                need, input, pre, "rearrange", {k: v for k, v in lengths.items() if k in left.axes}
            )
        x = summed(need, _equation(left, right, weight), (input, self.weight))
        if self.bias is not None:
            x = x.with_shape(*broadcast(need, x.shape, self.bias.shape))
        if post is None:
            return x
        dotted = x.rank - len([a for a in right.axes if a != DOTS])
        sizes = dict(zip((a for g in _flat(right).spelled(dotted) for a in g), x.shape, strict=True))
        return x.with_shape(*(dims.product(sizes[a] for a in group) for group in right.spelled(dotted)))


def _checked(pattern: str, weight_shape: str, lengths: Mapping[str, Any]) -> tuple[Side, Side, Side]:
    parts = pattern.split("->")
    if len(parts) != 2:
        raise BadPattern("there must be one ->")
    left, right, weight = side(parts[0]), side(parts[1]), side(weight_shape)
    ins, outs, own = set(left.axes), set(right.axes), set(weight.axes)
    if outs - ins - own:
        raise BadPattern("the right side has an axis that neither the left side nor the weight has")
    if weight.dots or "(" in weight_shape or any(len(g) != 1 for g in weight.groups):
        raise BadPattern("the weight takes plain axes only")
    if left.dots != right.dots or (left.dots and not left.dots_alone):
        raise BadPattern("an ellipsis must stand on both sides, on the left one without brackets")
    if left.numbered or right.numbered or weight.numbered:
        raise BadPattern("numbers are not allowed")
    if own - set(lengths):
        raise BadPattern("a length of the weight is not given")
    if set(lengths) - ins - own:
        raise BadPattern("a length is given for an axis that is not in the pattern")
    if own - ins - outs:
        raise BadPattern("the weight has an axis that no side has")
    return left, right, weight


def _bias(need: Need, right: Side, bias: Side, lengths: Mapping[str, Any]) -> list[Dim]:
    if set(bias.axes) - set(right.axes) or set(bias.axes) - set(lengths):
        raise BadPattern("an axis of the bias is not on the right side, or its length is not given")
    shape: list[Dim] = []
    started = False
    for axis in right.axes:
        if axis == DOTS:
            if started:
                raise BadPattern("the axes of the bias must come after the ellipsis")
        elif axis in bias.axes:
            assert isinstance(axis, str)
            shape.append(need.dim(lengths[axis], axis))
            started = True
        else:
            shape.append(1)
    return shape


def _flat(part: Side) -> Side:
    return Side(tuple((axis,) for axis in part.axes), ())


def _reshapes(left: Side, right: Side) -> tuple[str | None, bool | None]:
    """The pattern that splits the input's axes, if any are joined there; whether the result's axes are joined after."""
    post = any(len(g) != 1 for g in right.groups) or (right.dots and not right.dots_alone)
    if all(len(g) == 1 for g in left.groups):
        return None, post or None
    text = " ".join("(" + " ".join(_name(a) for a in g) + ")" if g != (DOTS,) else "..." for g in left.groups)
    return f"{text} -> {' '.join(_name(a) for a in left.axes)}", post or None


def _name(axis: Any) -> str:
    return "..." if axis == DOTS else str(axis)


def _equation(left: Side, right: Side, weight: Side) -> str:
    names = sorted(
        {a for part in (left, right, weight) for a in part.axes if isinstance(a, str) and a != DOTS}
    )
    letters = {**dict(zip(names, LETTERS, strict=False)), DOTS: "..."}

    def spelled(part: Side) -> str:
        return "".join(letters[a] for a in part.axes if isinstance(a, str))

    return f"{spelled(left)},{spelled(weight)}->{spelled(right)}"
