"""torchvision.ops: boxes, regions of interest, deformable convolution. Source: torchvision 0.28, torchvision/ops/*.py."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.shapes.window import slide
from shapelint.specs.need import Need, is_sequence, sequence, tupled
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor
from shapelint.values.torch_types import is_complex, is_float

RULE = "call-refused"


def _names(module: str, *functions: str) -> str:
    """The names of functions, in torchvision.ops and in the file they live in."""
    return ", ".join(f"torchvision.ops.{f}, torchvision.ops.{module}.{f}" for f in functions)


# ---- boxes


def _boxes(need: Need, boxes: Tensor, what: str = "boxes", width: Dim = 4) -> Dim:
    """How many boxes there are in [N, width]."""
    count, have = need.axes(boxes, "N 4", what=what)
    need.equal(have, width, RULE, f"the last axis of {what}", "the numbers of a box")
    return count


@op(_names("boxes", "nms"), "boxes, scores, iou_threshold")
def nms(need: Need, boxes: Tensor, scores: Tensor, iou_threshold: Any) -> Tensor:
    """The indices of the boxes that are kept."""
    count = _boxes(need, boxes)
    (scored,) = need.axes(scores, "N", what="scores")
    need.equal(scored, count, RULE, "the number of scores", "the number of boxes")
    return need.tensor((need.fresh("kept"),), "int64")


@op(_names("boxes", "batched_nms"), "boxes, scores, idxs, iou_threshold")
def batched_nms(need: Need, boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: Any) -> Tensor:
    """nms for each class by itself."""
    (classes,) = need.axes(idxs, "N", what="idxs")
    need.equal(classes, _boxes(need, boxes), RULE, "the number of idxs", "the number of boxes")
    return nms(need, boxes, scores, iou_threshold)


@op(_names("boxes", "remove_small_boxes"), "boxes, min_size")
def remove_small_boxes(need: Need, boxes: Tensor, min_size: Any) -> Tensor:
    """The indices of the boxes that are kept."""
    _boxes(need, boxes)
    return need.tensor((need.fresh("kept"),), "int64")


@op(_names("boxes", "clip_boxes_to_image"), "boxes, size")
def clip_boxes_to_image(need: Need, boxes: Tensor, size: Any) -> Tensor:
    """As many boxes as before."""
    need.axes(boxes, "* 4", what="boxes")
    return boxes.like()


_FORMATS = {"xyxy": 4, "xywh": 4, "cxcywh": 4, "xywhr": 5, "cxcywhr": 5, "xyxyxyxy": 8}
_STRAIGHT = ("xyxy", "xywh", "cxcywh")


@op(_names("boxes", "box_convert"), "boxes, in_fmt, out_fmt")
def box_convert(need: Need, boxes: Tensor, in_fmt: Any, out_fmt: Any) -> Tensor:
    """The last axis has as many numbers as the format: 4, 5 for rotated boxes, 8 for corners."""
    if isinstance(in_fmt, str) and isinstance(out_fmt, str):
        if in_fmt not in _FORMATS or out_fmt not in _FORMATS:
            need.refuse(RULE, f"boxes cannot be converted from {in_fmt} to {out_fmt}", "ValueError")
        if (in_fmt in _STRAIGHT) != (out_fmt in _STRAIGHT):
            need.refuse(RULE, f"boxes cannot be converted from {in_fmt} to {out_fmt}", "NotImplementedError")
        if in_fmt == out_fmt:
            return boxes.like()
        *batch, numbers = need.axes(boxes, "* k", what="boxes")
        need.equal(numbers, _FORMATS[in_fmt], RULE, "the last axis of boxes", f"the numbers of {in_fmt}")
        return boxes.with_shape(*batch, _FORMATS[out_fmt])
    need.unknown("the formats of the boxes are not known")


def _upcast(dtype: str | None) -> str | None:
    if dtype is None or is_complex(dtype):
        return dtype
    if is_float(dtype):
        return dtype if dtype in ("float32", "float64") else "float32"
    return dtype if dtype in ("int32", "int64") else "int32"


@op(_names("boxes", "box_area"), "boxes, fmt='xyxy'")
def box_area(need: Need, boxes: Tensor, fmt: Any) -> Tensor:
    """[*, 4] -> [*]"""
    if isinstance(fmt, str) and fmt not in _STRAIGHT:
        need.refuse(RULE, f"there is no area of boxes of the format {fmt}", "ValueError")
    *batch, numbers = need.axes(boxes, "* 4", what="boxes")
    need.at_least(numbers, 4, RULE, "the last axis of boxes", "the numbers of a box")
    return boxes.with_shape(*batch, dtype=_upcast(boxes.dtype))


@op(_names("boxes", "box_iou"), "boxes1, boxes2, fmt='xyxy'")
@op(_names("boxes", "generalized_box_iou"), "boxes1, boxes2")
@op(_names("boxes", "complete_box_iou", "distance_box_iou"), "boxes1, boxes2, eps=1e-07")
def box_iou(need: Need, boxes1: Tensor, boxes2: Tensor, **_: Any) -> Tensor:
    """[N, 4], [M, 4] -> [N, M]"""
    n, m = _boxes(need, boxes1, "boxes1"), _boxes(need, boxes2, "boxes2")
    dtype = boxes1.dtype if is_float(boxes1.dtype) else None if boxes1.dtype is None else "float32"
    return boxes1.with_shape(n, m, dtype=dtype)


@op(_names("boxes", "masks_to_boxes"), "masks")
def masks_to_boxes(need: Need, masks: Tensor) -> Tensor:
    """[N, H, W] -> [N, 4]"""
    count, _, _ = need.axes(masks, "N H W", what="masks")
    return masks.with_shape(count, 4, dtype="float32")


# ---- regions of interest


def _regions(need: Need, boxes: Any) -> Dim:
    """How many regions: [K, 5], or [L, 4] for every image."""
    if is_sequence(boxes):
        counts = []
        for i, x in enumerate(sequence(boxes, "boxes")):
            if not isinstance(x, Tensor):
                need.unknown("the boxes are not known")
            counts.append(_boxes(need, x, f"the boxes of image {i}"))
        return dims.total(counts)
    if not isinstance(boxes, Tensor):
        need.unknown("the boxes are not known")
    return _boxes(need, boxes, "boxes", 5)


def _pooled(need: Need, input: Tensor, boxes: Any, output_size: Any, *, by_position: bool) -> Tensor:
    _, channels, _, _ = need.axes(input, "N C H W")
    height, width = (need.dim(s, "output_size") for s in tupled(output_size, 2))
    count = _regions(need, boxes)
    if by_position:
        bins = height * width
        need.divides(bins, channels, RULE, "the input's channels", "the number of bins")
        whole = dims.exact_div(channels, bins)
        channels = channels // bins if whole is None else whole
    return input.with_shape(count, channels, height, width)


@op(
    _names("roi_align", "roi_align"),
    "input, boxes, output_size, spatial_scale=1.0, sampling_ratio=-1, aligned=False",
)
@op(_names("roi_pool", "roi_pool"), "input, boxes, output_size, spatial_scale=1.0")
def roi_align(need: Need, input: Tensor, boxes: Any, output_size: Any, **_: Any) -> Tensor:
    """[N, C, H, W] and K boxes -> [K, C, *output_size]"""
    return _pooled(need, input, boxes, output_size, by_position=False)


@op(_names("ps_roi_align", "ps_roi_align"), "input, boxes, output_size, spatial_scale=1.0, sampling_ratio=-1")
@op(_names("ps_roi_pool", "ps_roi_pool"), "input, boxes, output_size, spatial_scale=1.0")
def ps_roi_align(need: Need, input: Tensor, boxes: Any, output_size: Any, **_: Any) -> Tensor:
    """[N, C, H, W] and K boxes -> [K, C / the number of bins, *output_size]"""
    return _pooled(need, input, boxes, output_size, by_position=True)


@layer(_names("roi_align", "RoIAlign"), "output_size, spatial_scale, sampling_ratio, aligned=False")
@layer(_names("roi_pool", "RoIPool"), "output_size, spatial_scale")
class RoIAlign:
    def forward(self: Any, need: Need, input: Tensor, rois: Any) -> Tensor:
        return _pooled(need, input, rois, self.output_size, by_position=False)


@layer(_names("ps_roi_align", "PSRoIAlign"), "output_size, spatial_scale, sampling_ratio")
@layer(_names("ps_roi_pool", "PSRoIPool"), "output_size, spatial_scale")
class PSRoIAlign:
    def forward(self: Any, need: Need, input: Tensor, rois: Any) -> Tensor:
        return _pooled(need, input, rois, self.output_size, by_position=True)


# ---- deformable convolution


@op(
    _names("deform_conv", "deform_conv2d"),
    "input, offset, weight, bias=None, stride=(1, 1), padding=(0, 0), dilation=(1, 1), mask=None",
)
def deform_conv2d(
    need: Need, input: Tensor, offset: Tensor, weight: Tensor, bias: Tensor | None, stride: Any, padding: Any,
    dilation: Any, mask: Tensor | None,
) -> Tensor:  # fmt: skip
    """A convolution whose kernel's places are moved by `offset` [N, 2 * groups * kh * kw, H', W'] and weighed by `mask`
    [N, groups * kh * kw, H', W']. torch's counter does not know it: no MACs."""
    batch, channels, *image = need.axes(input, "N C H W")
    out, per_group, *kernel = need.axes(weight, "O I kh kw", what="the weight")
    need.divides(per_group, channels, "conv-channel-mismatch", "the input's channels", "in_channels / groups")
    sizes: list[Dim] = []
    arguments = (tupled(v, 2) for v in (stride, padding, dilation))
    for size, k, step, pad, dil in zip(image, kernel, *arguments, strict=True):
        found = slide(need, size, k, need.dim(step), 2 * need.dim(pad), need.dim(dil))
        if found is None:
            need.refuse("kernel-larger-than-input", "there is no place for the kernel")
        sizes.append(found)
    taps = dims.product(kernel)
    moves = need.axes(offset, "N G H W", what="the offset")
    need.divides(
        2 * taps, moves[1], "conv-channel-mismatch", "the channels of the offset", "2 * the kernel's size"
    )
    groups = moves[1] // (2 * taps)
    _meets(need, moves, (batch, moves[1], *sizes), "the offset")
    if mask is not None:
        _meets(need, need.axes(mask, "N G H W", what="the mask"), (batch, groups * taps, *sizes), "the mask")
    if bias is not None:
        need.equal(
            need.axes(bias, "O", what="the bias")[0], out, "conv-channel-mismatch", "the bias", "out_channels"
        )
    return input.with_shape(batch, out, *sizes)


def _meets(need: Need, have: tuple[Dim, ...], wanted: tuple[Dim, ...], what: str) -> None:
    for axis, (a, b) in enumerate(zip(have, wanted, strict=True)):
        need.equal(a, b, "conv-channel-mismatch", f"axis {axis} of {what}", "what the convolution makes")


@layer(
    _names("deform_conv", "DeformConv2d"),
    "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True",
)
class DeformConv2d:
    """deform_conv2d with learned weights; offset and mask come from elsewhere."""

    def build(self: Any, need: Need, bias: Any) -> None:
        for name in ("kernel_size", "stride", "padding", "dilation"):
            setattr(self, name, tuple(need.dim(v, name) for v in tupled(getattr(self, name), 2)))
        groups, rule = need.dim(self.groups), "invalid-constructor-argument"
        inside, out = need.dim(self.in_channels), need.dim(self.out_channels)
        need.divides(groups, inside, rule, "in_channels", "groups", "ValueError")
        need.divides(groups, out, rule, "out_channels", "groups", "ValueError")
        self.weight = need.parameter((out, inside // groups, *self.kernel_size))
        self.bias = need.parameter((out,)) if bias else None

    def forward(self: Any, need: Need, input: Tensor, offset: Tensor, mask: Tensor | None = None) -> Tensor:
        return deform_conv2d(
            need, input, offset, self.weight, self.bias, self.stride, self.padding, self.dilation, mask
        )
