"""Moves between channels and space: pixel shuffle and its inverse, channel shuffle."""

from __future__ import annotations

from typing import Any

from shapelint.specs.need import Need, Refused
from shapelint.specs.nn.sizes import size
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor

_RULE = "view-size-mismatch"


@op("torch.nn.functional.pixel_shuffle, torch.pixel_shuffle", "input, upscale_factor")
def pixel_shuffle(need: Need, input: Tensor, upscale_factor: Any) -> Tensor:
    """* C*r*r H W -> * C H*r W*r."""
    *batch, channels, height, width = need.axes(input, "* C H W")
    r = size(need, upscale_factor, "upscale_factor")
    if not need.at_least(r, 1, "call-refused", "upscale_factor", "the smallest factor"):
        raise Refused
    if not need.divides(r * r, channels, _RULE, "the input's channels", "the square of upscale_factor"):
        raise Refused
    return input.with_shape(*batch, channels // (r * r), height * r, width * r)


@op("torch.nn.functional.pixel_unshuffle, torch.pixel_unshuffle", "input, downscale_factor")
def pixel_unshuffle(need: Need, input: Tensor, downscale_factor: Any) -> Tensor:
    """* C H*r W*r -> * C*r*r H W."""
    *batch, channels, height, width = need.axes(input, "* C H W")
    r = size(need, downscale_factor, "downscale_factor")
    if not need.at_least(r, 1, "call-refused", "downscale_factor", "the smallest factor"):
        raise Refused
    ok = need.divides(r, height, _RULE, "the height of the input", "downscale_factor")
    ok &= need.divides(r, width, _RULE, "the width of the input", "downscale_factor")
    if not ok:
        raise Refused
    return input.with_shape(*batch, channels * r * r, height // r, width // r)


@op(
    "torch.nn.functional.channel_shuffle, torch.channel_shuffle, torch.nn.functional.native_channel_shuffle, "
    "torch.native_channel_shuffle",
    "input, groups",
)
def channel_shuffle(need: Need, input: Tensor, groups: Any) -> Tensor:
    """The shape of the input, whose channels must be a multiple of `groups`."""
    _, channels, *_ = need.axes(input, "N C L *")
    count = size(need, groups, "groups")
    if need.at_least(count, 1, "call-refused", "groups", "the smallest number"):
        need.divides(count, channels, _RULE, "the input's channels", "groups")
    return input.like()


@layer("torch.nn.PixelShuffle", "upscale_factor")
class PixelShuffle:
    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return pixel_shuffle(need, input, self.upscale_factor)


@layer("torch.nn.PixelUnshuffle", "downscale_factor")
class PixelUnshuffle:
    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return pixel_unshuffle(need, input, self.downscale_factor)


@layer("torch.nn.ChannelShuffle", "groups")
class ChannelShuffle:
    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return channel_shuffle(need, input, self.groups)
