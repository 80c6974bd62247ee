"""Losses that compare value with value."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.shapes.broadcast import broadcast
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, show
from shapelint.specs.nn.reductions import (
    RULE,
    check_reduction,
    chosen,
    fits,
    kinds,
    pairwise,
    reduced,
    same_shape,
)
from shapelint.specs.ops.promotion import result_type, to_float
from shapelint.specs.registry import op
from shapelint.values import Tensor

_F = "torch.nn.functional."
_OLD = "size_average=None, reduce=None, reduction='mean'"


def _weighted(need: Need, input: Tensor, weight: Tensor | None, each: Tensor) -> Tensor:
    """With a weight, which must have the input's shape."""
    if weight is None:
        return each
    same_shape(need, weight, input, "the weight", "the input")
    return pairwise(need, each, weight)


@op(f"{_F}mse_loss", f"input, target, {_OLD}, weight=None")
def mse_loss(
    need: Need,
    input: Tensor,
    target: Tensor,
    size_average: Any,
    reduce: Any,
    reduction: Any,
    weight: Tensor | None,
) -> Tensor:
    """(input - target)**2, broadcast."""
    each = pairwise(need, input, target, dtype="expanded")
    if weight is None:
        kinds(need, each, "f", "the difference")
    else:
        kinds(need, input, "ifc", "the input")
        kinds(need, target, "ifc", "the target")
    return reduced(
        need,
        _weighted(need, input, weight, each),
        chosen(size_average, reduce, reduction),
        integers=weight is None,
    )


@op(f"{_F}l1_loss", f"input, target, {_OLD}, weight=None")
def l1_loss(
    need: Need,
    input: Tensor,
    target: Tensor,
    size_average: Any,
    reduce: Any,
    reduction: Any,
    weight: Tensor | None,
) -> Tensor:
    """|input - target|, broadcast; bools cannot be subtracted."""
    kinds(need, input, "ifc", "the input")
    kinds(need, target, "ifc", "the target")
    each = _weighted(need, input, weight, pairwise(need, input, target, dtype="expanded"))
    return reduced(need, each, chosen(size_average, reduce, reduction), integers=weight is None)


@op(f"{_F}smooth_l1_loss", f"input, target, {_OLD}, beta=1.0")
def smooth_l1_loss(
    need: Need, input: Tensor, target: Tensor, size_average: Any, reduce: Any, reduction: Any, beta: Any
) -> Tensor:
    """Squared below `beta`, absolute above, broadcast."""
    if isinstance(beta, (int, float)) and beta == 0:
        return l1_loss(need, input, target, size_average, reduce, reduction, None)
    if isinstance(beta, (int, float)) and beta < 0:
        need.refuse("call-refused", f"beta must not be negative, it is {beta}")
    each = pairwise(need, input, target, dtype="expanded")
    kinds(need, each, "f", "the difference")
    return reduced(need, each, chosen(size_average, reduce, reduction))


@op(f"{_F}huber_loss", "input, target, reduction='mean', delta=1.0, weight=None")
def huber_loss(
    need: Need, input: Tensor, target: Tensor, reduction: Any, delta: Any, weight: Tensor | None
) -> Tensor:
    """Squared below `delta`, absolute above, broadcast, in the input's dtype."""
    if isinstance(delta, (int, float)) and delta <= 0:
        need.refuse("call-refused", f"delta must be positive, it is {delta}")
    kinds(need, input, "f", "the input")
    each = pairwise(need, input, target, dtype=input.dtype)
    return reduced(need, _weighted(need, input, weight, each), reduction)


@op(f"{_F}kl_div", f"input, target, {_OLD}, log_target=False")
def kl_div(
    need: Need, input: Tensor, target: Tensor, size_average: Any, reduce: Any, reduction: Any, log_target: Any
) -> Tensor:
    """target * (log target - input), broadcast; "batchmean" divides by the first axis."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction, "batchmean")
    kinds(need, input, "fc", "the input")
    kinds(need, target, "fc", "the target")
    return reduced(need, pairwise(need, input, target), "sum" if reduction == "batchmean" else reduction)


@op(f"{_F}binary_cross_entropy", f"input, target, weight=None, {_OLD}")
def binary_cross_entropy(
    need: Need,
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    size_average: Any,
    reduce: Any,
    reduction: Any,
) -> Tensor:
    """Probabilities and targets of one shape and dtype."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    same_shape(need, target, input, "the target", "the input")
    kinds(need, input, "f", "the input")
    same_dtype(need, input=input, target=target)
    if weight is not None:
        fits(need, weight, target, "the weight", "the target")
    return reduced(need, input.like(), reduction)


@op(f"{_F}binary_cross_entropy_with_logits", f"input, target, weight=None, {_OLD}, pos_weight=None")
def binary_cross_entropy_with_logits(
    need: Need, input: Tensor, target: Tensor, weight: Tensor | None, size_average: Any, reduce: Any, reduction: Any,
    pos_weight: Tensor | None,
) -> Tensor:  # fmt: skip
    """Logits and targets of one shape; both floating point."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    same_shape(need, target, input, "the target", "the input")
    kinds(need, input, "f", "the input")
    kinds(need, target, "f", "the target")
    for x, what in ((weight, "the weight"), (pos_weight, "pos_weight")):
        if x is not None:
            fits(need, x, input, what, "the input")
    return reduced(need, input.like(target.dtype), reduction)


@op(
    f"{_F}poisson_nll_loss",
    "input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
)
def poisson_nll_loss(
    need: Need, input: Tensor, target: Tensor, size_average: Any, reduce: Any, reduction: Any, **_: Any
) -> Tensor:
    """exp(input) - target * input, broadcast."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    each = pairwise(need, input, target)
    kinds(need, each, "ifc", "the product")
    return reduced(need, each.like(to_float(each.dtype, need.recorder.default_dtype)), reduction)


@op(f"{_F}gaussian_nll_loss", "input, target, var, full=False, eps=1e-06, reduction='mean'")
def gaussian_nll_loss(
    need: Need, input: Tensor, target: Tensor, var: Any, full: Any, eps: Any, reduction: Any
) -> Tensor:
    """A variance for each value, for each row (one axis less), or stretched along one axis."""
    each = pairwise(need, input, target)
    if isinstance(var, Tensor):
        each = pairwise(need, each, _variance(need, input, var))
    elif isinstance(var, float) and var < 0:
        need.refuse("call-refused", f"var must not be negative, it is {var}", "ValueError")
    elif isinstance(var, int):
        need.refuse("call-refused", "var must be a tensor or a float", "AttributeError")
    check_reduction(need, reduction)
    kinds(need, input, "ifc", "the input")
    kinds(need, target, "ifc", "the target")
    return reduced(need, each.like(to_float(each.dtype, need.recorder.default_dtype)), reduction)


def _variance(need: Need, input: Tensor, var: Tensor) -> Tensor:
    """`var` as it is broadcast."""
    if not input.known or not var.known:
        return var
    shape, wanted = var.shape, input.shape
    if len(shape) == len(wanted):
        # Torch adds up the sizes that differ from the input's: they must give 1.
        same = [dims.equal(a, b) for a, b in zip(shape, wanted, strict=True)]
        odd = dims.total(a for a, verdict in zip(shape, same, strict=True) if verdict.no)
        more = any(verdict.unknown for verdict in same)
        if not any(v.no for v in same) or not dims.equal(odd, 1).no or (more and not dims.less(1, odd).yes):
            return var
    elif len(shape) == len(wanted) - 1 and all(
        not dims.equal(a, b).no for a, b in zip(shape, wanted, strict=False)
    ):
        return var.with_shape(*shape, 1)
    need.refuse(RULE, f"var is {show(shape)}, the input is {show(wanted)}", "ValueError")


@op(f"{_F}hinge_embedding_loss", f"input, target, margin=1.0, {_OLD}")
def hinge_embedding_loss(
    need: Need, input: Tensor, target: Tensor, margin: Any, size_average: Any, reduce: Any, reduction: Any
) -> Tensor:
    """The input where the target is 1, margin - input where it is -1; broadcast, in the input's dtype."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    kinds(need, input, "ifc", "the input")
    return reduced(need, pairwise(need, input, target, dtype=input.dtype), reduction)


@op(f"{_F}soft_margin_loss", f"input, target, {_OLD}")
def soft_margin_loss(
    need: Need, input: Tensor, target: Tensor, size_average: Any, reduce: Any, reduction: Any
) -> Tensor:
    """log(1 + exp(-target * input)), in the input's shape and dtype."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    kinds(need, input, "f", "the input")
    fits(need, target, input, "the target", "the input")
    return reduced(need, input.like(), reduction)


@op(f"{_F}multilabel_soft_margin_loss", f"input, target, weight=None, {_OLD}")
def multilabel_soft_margin_loss(
    need: Need,
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    size_average: Any,
    reduce: Any,
    reduction: Any,
) -> Tensor:
    """The mean over the input's last axis of the sigmoid's cross entropy."""
    kinds(need, input, "f", "the input")
    kinds(need, target, "ifc", "the target")
    if not input.rank:
        need.refuse("wrong-rank", "the input must have at least 1 axis", "IndexError")
    shape = broadcast(need, input.shape, target.shape, rule=RULE)
    dtype = result_type(need, input, target, weight)
    if weight is not None:
        shape = broadcast(need, shape, weight.shape, rule=RULE)
    axis = input.rank - 1
    each = Tensor((*shape[:axis], *shape[axis + 1 :]), dtype)
    return reduced(need, each, chosen(size_average, reduce, reduction))
