"""Resampling to another size: interpolate and Upsample, grid_sample, affine_grid."""

from __future__ import annotations

import math
from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, Refused, is_sequence, sequence, show
from shapelint.specs.nn.adaptive_pool import adaptive
from shapelint.specs.nn.sizes import is_none, one_of, same_rank, size
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor

_F = "torch.nn.functional."
_ANY_RANK = ("nearest", "nearest-exact", "area")
_RANKS = {"linear": 3, "bilinear": 4, "trilinear": 5, "bicubic": 4, "lanczos": 4}


@op(
    f"{_F}interpolate",
    "input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False",
)
def interpolate(
    need: Need, input: Tensor, size: Any = None, scale_factor: Any = None, mode: Any = "nearest", align_corners: Any = None,
    recompute_scale_factor: Any = None, antialias: Any = False,
) -> Tensor:  # fmt: skip
    """N C L -> N C `size`, or floor(L * scale_factor)."""
    if mode in _ANY_RANK and not is_none(align_corners):
        need.refuse("call-refused", f"mode={mode!r} takes no align_corners", "ValueError")
    rank = (
        input.rank
        if input.known
        else need.rank(input, 3, 5, _RANKS.get(mode, 4) if isinstance(mode, str) else 4)
    )
    count = rank - 2
    sizes = _sizes(need, input, count, size, scale_factor)
    if not is_none(size) and not is_none(recompute_scale_factor) and recompute_scale_factor:
        need.refuse("call-refused", "recompute_scale_factor needs a scale_factor", "ValueError")
    if antialias and not (mode in ("bilinear", "bicubic", "lanczos") and rank == 4):
        need.refuse(
            "call-refused",
            f"antialias needs mode 'bilinear' or 'bicubic' and 4 axes, not {mode!r} and {rank}",
            "ValueError",
        )
    if mode in _ANY_RANK and rank in (3, 4, 5):
        if mode == "area":
            return adaptive(need, count, input, tuple(sizes), average=True)
    elif isinstance(mode, str) and _RANKS.get(mode) != rank:
        wanted = f"{_RANKS[mode]} axes" if mode in _RANKS else "another mode"
        need.refuse(
            "wrong-rank",
            f"mode={mode!r} needs {wanted}, the input is {show(input.shape)}",
            "NotImplementedError",
        )
    if mode == "lanczos" and (align_corners or not antialias):
        need.refuse("call-refused", "mode='lanczos' needs antialias=True and no align_corners", "ValueError")
    ok = True
    for n in input.shape[1:]:
        ok &= need.at_least(n, 1, "call-refused", "an axis of the input", "the smallest size")
    for n in sizes:
        ok &= need.at_least(n, 1, "call-refused", "the output", "the smallest size")
    if not ok:
        raise Refused
    if input.dtype != "uint8" or mode in ("linear", "trilinear"):
        takes(need, input, "f")
    return input.with_shape(*input.shape[:2], *sizes)


def _sizes(need: Need, input: Tensor, count: int, wanted: Any, scale: Any) -> list[Dim]:
    if is_none(wanted) == is_none(scale):
        what = "either size or scale_factor" if is_none(wanted) else "only one of size and scale_factor"
        need.refuse("call-refused", f"{what} must be given", "ValueError")
    given = scale if is_none(wanted) else wanted
    values = sequence(given) if is_sequence(given) else (given,) * max(count, 0)
    if is_sequence(given) and len(values) != count:
        name = "scale_factor" if is_none(wanted) else "size"
        need.refuse(
            "wrong-rank",
            f"{name} holds {len(values)} numbers, the input is {show(input.shape)}",
            "ValueError",
        )
    if not is_none(wanted):
        return [size(need, v, "size") for v in values]
    return [scaled(need, n, v) for n, v in zip(input.shape[2:], values, strict=True)]


def scaled(need: Need, n: Dim, scale: Any) -> Dim:
    """floor(n * scale), in floating point as torch computes it; exactly, where the factor is a fraction of a power of
    two."""
    if isinstance(scale, Sym):
        return n * scale
    if not isinstance(scale, (int, float)):
        need.unknown("the scale factor is not known")
    if isinstance(n, int):
        return (
            math.floor(n * float(scale))
            if math.isfinite(scale)
            else need.unknown("the scale factor is not finite")
        )
    from fractions import Fraction  # deferred: hardly any program gets here

    exact = Fraction(scale)
    if exact.denominator <= 4096:
        return n * exact.numerator // exact.denominator
    number = dims.witness(n)
    if number is None:
        need.unknown(f"a size that is not known, times {scale}")
    return math.floor(number * scale)


@op(f"{_F}upsample", "input, size=None, scale_factor=None, mode='nearest', align_corners=None")
def upsample(
    need: Need, input: Tensor, size: Any, scale_factor: Any, mode: Any, align_corners: Any
) -> Tensor:
    return interpolate(need, input, size, scale_factor, mode, align_corners)


@op(f"{_F}upsample_nearest", "input, size=None, scale_factor=None")
def upsample_nearest(need: Need, input: Tensor, size: Any, scale_factor: Any) -> Tensor:
    return interpolate(need, input, size, scale_factor)


@op(f"{_F}upsample_bilinear", "input, size=None, scale_factor=None")
def upsample_bilinear(need: Need, input: Tensor, size: Any, scale_factor: Any) -> Tensor:
    return interpolate(need, input, size, scale_factor, "bilinear", True)


class _Upsample:
    def keep_scale(self: Any) -> None:
        scale = self.scale_factor
        if isinstance(scale, tuple):
            self.scale_factor = tuple(float(v) if isinstance(v, int) else v for v in scale)
        elif isinstance(scale, (int, float)):
            self.scale_factor = float(scale) or None

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return interpolate(
            need,
            input,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            self.recompute_scale_factor,
        )


@layer(
    "torch.nn.Upsample",
    "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None",
)
class Upsample(_Upsample):
    def build(self: Any, need: Need) -> None:
        self.keep_scale()


@layer("torch.nn.UpsamplingNearest2d", "size=None, scale_factor=None", base="torch.nn.Upsample")
class UpsamplingNearest2d(_Upsample):
    def build(self: Any, need: Need) -> None:
        self.keep_scale()
        self.mode, self.align_corners, self.recompute_scale_factor = "nearest", None, None


@layer("torch.nn.UpsamplingBilinear2d", "size=None, scale_factor=None", base="torch.nn.Upsample")
class UpsamplingBilinear2d(_Upsample):
    def build(self: Any, need: Need) -> None:
        self.keep_scale()
        self.mode, self.align_corners, self.recompute_scale_factor = "bilinear", True, None


@op(f"{_F}grid_sample", "input, grid, mode='bilinear', padding_mode='zeros', align_corners=None")
def grid_sample(
    need: Need, input: Tensor, grid: Tensor, mode: Any, padding_mode: Any, align_corners: Any
) -> Tensor:
    """N C H W at the places N H' W' 2 -> N C H' W'; in three dimensions with places of 3 numbers."""
    one_of(need, mode, ("bilinear", "nearest", "bicubic"), "mode")
    one_of(need, padding_mode, ("zeros", "border", "reflection"), "padding_mode")
    rank = same_rank(need, {"the input": input, "the grid": grid}, 5, 4)
    need.equal(grid.shape[0], input.shape[0], "call-refused", "the batch of the grid", "the input")
    need.equal(
        grid.shape[-1], rank - 2, "call-refused", "the last axis of the grid", "the number of spatial axes"
    )
    for n in input.shape[2:]:
        need.at_least(n, 1, "call-refused", "an axis of the input", "the smallest size")
    if mode == "bicubic" and rank == 5:
        need.refuse("call-refused", "mode='bicubic' needs 4 axes, the input has 5")
    same_dtype(need, input=input, grid=grid)
    takes(need, input, "f")
    return input.with_shape(*input.shape[:2], *grid.shape[1:-1])


@op(f"{_F}affine_grid", "theta, size, align_corners=None")
def affine_grid(need: Need, theta: Tensor, size: Any, align_corners: Any) -> Tensor:
    """N 2 3 -> N H W 2 for a size N C H W; N 3 4 -> N D H W 3 for five."""
    takes(need, theta, "f", always=True)
    sizes = need.dims(size, "size")
    count = len(sizes) - 2
    if count not in (2, 3):
        need.refuse(
            "wrong-rank", f"size must hold 4 or 5 numbers, it is {show(sizes)}", "NotImplementedError"
        )
    batch, rows, columns = need.axes(theta, "N R C", what="theta")
    need.equal(rows, count, "call-refused", "the rows of theta", "the number of spatial axes")
    need.equal(
        columns, count + 1, "call-refused", "the columns of theta", "the number of spatial axes, plus one"
    )
    for n in sizes:
        need.at_least(n, 1, "call-refused", "size", "the smallest size")
    need.equal(batch, sizes[0], "call-refused", "the batch of theta", "size")
    return theta.with_shape(sizes[0], *sizes[2:], count)
