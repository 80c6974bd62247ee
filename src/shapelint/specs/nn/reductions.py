"""What all losses share: the reduction, and how two tensors of values meet."""

from __future__ import annotations

from typing import Any

from shapelint.shapes.broadcast import broadcast
from shapelint.specs.need import Need, show
from shapelint.specs.nn.bases import reduction_of
from shapelint.specs.ops.elementwise import common_box, takes
from shapelint.specs.ops.promotion import category, result_type
from shapelint.values import Tensor
from shapelint.values.torch_types import promote

RULE = "loss-size-mismatch"


def reduced(need: Need, each: Tensor, reduction: Any, *, integers: bool = True) -> Tensor:
    """One number, or with reduction="none" all of them. A mean of integers is refused."""
    check_reduction(need, reduction)
    if reduction == "none":
        return each
    if reduction == "mean" and integers:
        takes(need, each, "fc", always=True, what="the mean")
    made = each.with_shape()
    made.marks = frozenset(("loss",))
    return made


def check_reduction(need: Need, reduction: Any, *more: str) -> None:
    if isinstance(reduction, str) and reduction not in ("none", "mean", "sum", *more):
        need.refuse(
            "call-refused", f"reduction must be 'none', 'mean' or 'sum', it is {reduction!r}", "ValueError"
        )
    if not isinstance(reduction, str):
        need.unknown("the reduction is not known")


def chosen(size_average: Any, reduce: Any, reduction: Any) -> Any:
    """The reduction that the old and the new arguments ask for together."""
    return reduction_of(size_average, reduce, reduction)


def pairwise(need: Need, *tensors: Tensor, dtype: str | None = "promoted") -> Tensor:
    """Tensors that broadcast, which torch's value-wise losses allow; of the common dtype unless told ("expanded": of
    tensors that are first stretched to one shape, so that none counts as a number)."""
    box = common_box(need, *tensors, rule=RULE)
    if dtype == "promoted":
        dtype = result_type(need, *tensors)
    elif dtype == "expanded":
        dtype = tensors[0].dtype
        for x in tensors[1:]:
            dtype = promote(dtype, x.dtype)
    return Tensor(box, dtype)


def same_shape(need: Need, a: Tensor, b: Tensor, what: str, by: str, raised: str = "ValueError") -> None:
    """Two tensors of equal shape, axis by axis."""
    if not a.known or not b.known:
        return
    if a.rank != b.rank:
        need.refuse(RULE, f"{what} is {show(a.shape)}, {by} is {show(b.shape)}", raised)
    for m, n in zip(a.shape, b.shape, strict=True):
        need.equal(m, n, RULE, f"an axis of {what} {show(a.shape)}", f"{by} {show(b.shape)}")


def fits(need: Need, x: Tensor, into: Tensor, what: str, by: str) -> None:
    """`x` must broadcast to the shape of `into` without making it larger."""
    if not x.known or not into.known:
        return
    if x.rank > into.rank:
        need.refuse(RULE, f"{what} is {show(x.shape)}, {by} is {show(into.shape)}")
    common = broadcast(need, into.shape, x.shape, rule=RULE)
    for m, n in zip(common, into.shape, strict=True):
        need.equal(m, n, RULE, f"an axis of {what} {show(x.shape)}", f"{by} {show(into.shape)}")


def kinds(need: Need, x: Tensor, wanted: str, what: str) -> None:
    """Refuse a dtype whose kind is not one of `wanted`: b(ool), i(nteger), f(loat), c(omplex)."""
    if x.dtype is not None and "bifc"[category(x.dtype)] not in wanted:
        takes(need, x, wanted, always=True, what=what)
