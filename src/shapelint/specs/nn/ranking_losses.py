"""Losses that rank or compare vectors: margins, triplets, cosines."""

from __future__ import annotations

from typing import Any

from shapelint.shapes.broadcast import broadcast
from shapelint.specs.need import Need, show
from shapelint.specs.nn.reductions import RULE, check_reduction, chosen, kinds, pairwise, reduced
from shapelint.specs.ops.promotion import result_type, to_float
from shapelint.specs.registry import op
from shapelint.specs.view import apply
from shapelint.values import Tensor, Undetermined

_F = "torch.nn.functional."
_OLD = "size_average=None, reduce=None, reduction='mean'"


def _same_rank(need: Need, **tensors: Tensor) -> None:
    ranks = {x.rank for x in tensors.values() if x.known}
    if len(ranks) > 1:
        shapes = ", ".join(f"{name} is {show(x.shape)}" for name, x in tensors.items())
        need.refuse("wrong-rank", f"all must have the same number of axes: {shapes}")


@op(f"{_F}margin_ranking_loss", f"input1, input2, target, margin=0, {_OLD}")
def margin_ranking_loss(
    need: Need,
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: Any,
    size_average: Any,
    reduce: Any,
    reduction: Any,
) -> Tensor:
    """max(0, margin - target * (input1 - input2)), broadcast."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    _same_rank(need, input1=input1, input2=input2, target=target)
    for x, what in ((input1, "input1"), (input2, "input2"), (target, "target")):
        kinds(need, x, "if", what)
    made = pairwise(need, input1, input2, target)
    return reduced(need, made, reduction)


@op(f"{_F}triplet_margin_loss", f"anchor, positive, negative, margin=1.0, p=2, eps=1e-06, swap=False, {_OLD}")
def triplet_margin_loss(
    need: Need, anchor: Tensor, positive: Tensor, negative: Tensor, margin: Any, p: Any, eps: Any, swap: Any,
    size_average: Any, reduce: Any, reduction: Any,
) -> Tensor:  # fmt: skip
    """Distances along the last axis."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    _check_margin(need, margin)
    return _triplet(need, anchor, positive, negative, None, swap, reduction)


@op(
    f"{_F}triplet_margin_with_distance_loss",
    "anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False, reduction='mean'",
)
def triplet_margin_with_distance_loss(
    need: Need,
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    distance_function: Any,
    margin: Any,
    swap: Any,
    reduction: Any,
) -> Tensor:
    """Distances by a function that is given."""
    check_reduction(need, reduction)
    _check_margin(need, margin)
    return _triplet(need, anchor, positive, negative, distance_function, swap, reduction)


def _check_margin(need: Need, margin: Any, rule: str = "call-refused") -> None:
    if isinstance(margin, (int, float)) and margin <= 0:
        need.refuse(rule, f"margin must be positive, it is {margin}", "ValueError")


def _triplet(
    need: Need, anchor: Tensor, positive: Tensor, negative: Tensor, function: Any, swap: Any, reduction: Any
) -> Tensor:
    _same_rank(need, anchor=anchor, positive=positive, negative=negative)

    def distance(a: Tensor, b: Tensor) -> Tensor:
        if function is None:
            made = apply("torch.pairwise_distance", need, a, b)
        else:
            made = need.invoke(function, a, b)
        if not isinstance(made, Tensor):
            raise Undetermined("the distance is not known")
        return made

    parts = [distance(anchor, positive), distance(anchor, negative)]
    if swap:
        parts.append(distance(positive, negative))
    return reduced(need, pairwise(need, *parts), reduction)


@op(f"{_F}cosine_embedding_loss", f"input1, input2, target, margin=0, {_OLD}")
def cosine_embedding_loss(
    need: Need,
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: Any,
    size_average: Any,
    reduce: Any,
    reduction: Any,
) -> Tensor:
    """[N] D with [N] D and [N] signs."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    rank = need.rank(target, 0, 1, what="the target")
    need.rank(input1, rank + 1, what="input1")
    need.rank(input2, rank + 1, what="input2")
    shape = broadcast(need, input1.shape, input2.shape, rule=RULE)
    shape = broadcast(need, shape[:-1], target.shape, rule=RULE)
    dtype = to_float(result_type(need, input1, input2), need.recorder.default_dtype)
    return reduced(need, Tensor(shape, dtype), reduction)
