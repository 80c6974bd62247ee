"""Losses over class scores: cross entropy, negative log likelihood, multi-class margins, CTC."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim, both
from shapelint.specs.dtypes import same_dtype
from shapelint.specs.need import Need, Refused, is_sequence, sequence, show
from shapelint.specs.nn.embedding import in_range
from shapelint.specs.nn.reductions import RULE, check_reduction, chosen, kinds, reduced, same_shape
from shapelint.specs.nn.sizes import is_zero
from shapelint.specs.registry import op
from shapelint.values import Tensor
from shapelint.values.torch_types import is_float

_F = "torch.nn.functional."
_OLD = "size_average=None, reduce=None, reduction='mean'"


@op(
    f"{_F}cross_entropy",
    "input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0",
)
def cross_entropy(
    need: Need, input: Tensor, target: Tensor, weight: Tensor | None = None, size_average: Any = None,
    ignore_index: Any = -100, reduce: Any = None, reduction: Any = "mean", label_smoothing: Any = 0.0,
) -> Tensor:  # fmt: skip
    """[N] C * scores, and [N] * class numbers or [N] C * probabilities."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    if isinstance(label_smoothing, (int, float)) and label_smoothing > 1:
        need.refuse("call-refused", f"label_smoothing must be at most 1, it is {label_smoothing}")
    if not input.known or not target.known:
        if reduction == "none":
            need.unknown("the shape of the loss depends on a rank that is not known")
        return reduced(need, Tensor((), input.dtype), reduction)
    if input.rank == 0:
        need.refuse("wrong-rank", "the input must have at least 1 axis")
    kinds(need, input, "fc", "the input")
    if _probabilities(input, target):
        if not is_float(target.dtype) and target.dtype is not None:
            need.refuse(
                "wrong-dtype", f"a target of the input's shape must hold probabilities, it is {target.dtype}"
            )
        if isinstance(ignore_index, int) and ignore_index >= 0:
            need.refuse("call-refused", "ignore_index is not supported for a target of probabilities")
        _check_weight(need, weight, input.shape[_class_axis(input)])
        shape = input.shape
        axis = _class_axis(input)
        return reduced(need, input.with_shape(*shape[:axis], *shape[axis + 1 :]), reduction)
    smoothed = isinstance(label_smoothing, (int, float)) and label_smoothing > 0
    return _by_class(need, input, target, weight, reduction, ignore_index, smoothed)


def _class_axis(input: Tensor) -> int:
    return 0 if input.rank == 1 else 1


def _probabilities(input: Tensor, target: Tensor) -> bool:
    """Whether the target has the input's shape, which is how torch tells."""
    if input.rank != target.rank:
        return False
    same = (
        both(*(dims.equal(a, b) for a, b in zip(input.shape, target.shape, strict=True)))
        if input.rank
        else None
    )
    if same is None or same.yes:
        return True
    return same.unknown and (target.dtype is None or is_float(target.dtype))


@op(
    f"{_F}nll_loss",
    "input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'",
)
def nll_loss(
    need: Need,
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    size_average: Any,
    ignore_index: Any,
    reduce: Any,
    reduction: Any,
) -> Tensor:
    """[N] C * log probabilities, and [N] * class numbers."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    if input.rank == 0:
        need.refuse("wrong-rank", "the input must have at least 1 axis")
    kinds(need, input, "f", "the input")
    return _by_class(need, input, target, weight, reduction, ignore_index)


def _by_class(
    need: Need,
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    reduction: Any,
    ignored: Any,
    smoothed: bool = False,
) -> Tensor:
    """The target has the input's shape without the class axis."""
    axis = _class_axis(input)
    wanted = (*input.shape[:axis], *input.shape[axis + 1 :])
    if input.rank != 1 and target.rank == 0:
        need.refuse(RULE, f"the target is one number, the input is {show(input.shape)}", "IndexError")
    if target.rank != len(wanted):
        if input.rank == 1 and target.rank == 1:
            need.equal(target.shape[0], 1, RULE, "the length of the target", "an input without a batch")
            need.holds(
                not smoothed,
                RULE,
                "label_smoothing needs a target of one number for an input without a batch",
            )
            wanted = target.shape
        else:
            need.refuse(
                RULE,
                f"the target is {show(target.shape)}, the input {show(input.shape)} needs {show(wanted)}",
                "ValueError",
            )
    for i, (a, b) in enumerate(zip(target.shape, wanted, strict=True)):
        what = "the batch of the target" if i == 0 else f"axis {i} of the target {show(target.shape)}"
        need.equal(a, b, RULE, what, f"the input {show(input.shape)}")
    classes = input.shape[axis]
    _check_weight(need, weight, classes, flat=input.rank <= 2 or smoothed)
    if not any(is_zero(n) for n in target.shape):
        class_numbers(need, target, bytes_too=input.rank <= 2)
        same_dtype(need, input=input, weight=weight)
    if input.rank <= 2 and isinstance(ignored, int):
        in_range(need, target, classes, "class", "classes", ignored)
    shape = wanted if input.rank > 1 else ()
    return reduced(need, input.with_shape(*shape), reduction)


def class_numbers(need: Need, target: Tensor, *, bytes_too: bool) -> None:
    if target.dtype is not None and target.dtype != "int64" and not (bytes_too and target.dtype == "uint8"):
        need.refuse("wrong-dtype", f"a target of class numbers must be int64, it is {target.dtype}")


def _check_weight(need: Need, weight: Tensor | None, classes: Dim, *, flat: bool = True) -> None:
    if weight is None:
        return
    if flat and weight.rank != 1:
        need.refuse(RULE, f"the weight must be one number a class, it is {show(weight.shape)}")
    need.equal(weight.numel, classes, RULE, "the length of the weight", "the number of classes")


@op(f"{_F}multi_margin_loss", f"input, target, p=1, margin=1.0, weight=None, {_OLD}")
def multi_margin_loss(
    need: Need,
    input: Tensor,
    target: Tensor,
    p: Any,
    margin: Any,
    weight: Tensor | None,
    size_average: Any,
    reduce: Any,
    reduction: Any,
) -> Tensor:
    """[N] C scores and [N] class numbers."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    if isinstance(p, (int, float)) and p not in (1, 2):
        need.refuse("call-refused", f"p must be 1 or 2, it is {p}", "ValueError")
    rank = need.rank(input, 0, 1, 2)
    classes = input.shape[-1] if rank else 1
    samples: Dim = input.shape[0] if rank == 2 else 1
    need.at_least(classes, 1, RULE, "the number of classes", "the smallest number")
    need.rank(target, 0, 1, what="the target")
    need.equal(target.numel, samples, RULE, "the length of the target", "the batch of the input")
    if weight is not None:
        _check_weight(need, weight, classes)
    if not is_zero(samples):
        kinds(need, input, "f", "the input")
        if target.dtype is not None and target.dtype != "int64":
            need.refuse("wrong-dtype", f"a target of class numbers must be int64, it is {target.dtype}")
    in_range(need, target, classes, "class", "classes")
    return reduced(need, input.with_shape(*target.shape), reduction)


@op(f"{_F}multilabel_margin_loss", f"input, target, {_OLD}")
def multilabel_margin_loss(
    need: Need, input: Tensor, target: Tensor, size_average: Any, reduce: Any, reduction: Any
) -> Tensor:
    """[N] C scores and as many class numbers, the first of them up to -1."""
    reduction = chosen(size_average, reduce, reduction)
    check_reduction(need, reduction)
    rank = need.rank(input, 0, 1, 2)
    if rank:
        need.at_least(input.shape[-1], 1, RULE, "the number of classes", "the smallest number")
    if rank < 2 and target.rank < 2:
        need.equal(target.numel, input.numel, RULE, "the length of the target", "the input")
    else:
        same_shape(need, target, input, "the target", "the input", "RuntimeError")
    if not is_zero(input.numel):
        kinds(need, input, "f", "the input")
        if target.dtype is not None and target.dtype != "int64":
            need.refuse("wrong-dtype", f"the target must be int64, it is {target.dtype}")
    return reduced(need, input.with_shape(*input.shape[: rank - 1] if rank else ()), reduction)


@op(
    f"{_F}ctc_loss",
    "log_probs, targets, input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False",
)
def ctc_loss(
    need: Need, log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any, blank: Any, reduction: Any,
    zero_infinity: Any,
) -> Tensor:  # fmt: skip
    """T [N] C log probabilities, [N] S targets (or all of them in one row), [N] lengths."""
    check_reduction(need, reduction)
    rank = need.rank(log_probs, 2, 3, what="log_probs")
    samples: Dim = log_probs.shape[1] if rank == 3 else 1
    classes = log_probs.shape[-1]
    need.at_least(samples, 1, RULE, "the batch of log_probs", "the smallest batch")
    index = need.dim(blank, "blank")
    need.at_least(index, 0, "call-refused", "blank", "the first class")
    need.at_least(classes - 1, index, "call-refused", "the last class", "blank")
    for lengths, what in ((input_lengths, "input_lengths"), (target_lengths, "target_lengths")):
        if isinstance(lengths, Tensor):
            if lengths.dtype is not None:
                need.holds(
                    not is_float(lengths.dtype),
                    "wrong-dtype",
                    f"{what} must be integers, they are {lengths.dtype}",
                )
            count: Dim = lengths.numel
        elif is_sequence(lengths):
            count = len(sequence(lengths, what))
        else:
            continue
        need.equal(count, samples, RULE, f"the number of {what}", "the batch of log_probs")
    if need.rank(targets, 1, 2, what="the targets") == 2:
        need.equal(targets.shape[0], samples, RULE, "the batch of the targets", "log_probs")
    _check_lengths(need, log_probs, targets, input_lengths, target_lengths)
    kinds(need, log_probs, "f", "log_probs")
    return reduced(need, log_probs.with_shape(*((samples,) if rank == 3 else ())), reduction)


def _check_lengths(
    need: Need, log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any
) -> None:
    """Lengths that are known must lie within the tensors."""
    if is_sequence(input_lengths):
        for n in need.dims(input_lengths, "input_lengths"):
            need.at_least(log_probs.shape[0], n, RULE, "the length of log_probs", "an input length")
    if is_sequence(target_lengths):
        lengths = need.dims(target_lengths, "target_lengths")
        if targets.rank == 1:
            need.equal(
                targets.shape[0],
                dims.total(lengths),
                RULE,
                "the number of targets",
                "the sum of target_lengths",
            )
        for n in lengths if targets.rank == 2 else ():
            need.at_least(targets.shape[1], n, RULE, "the length of the targets", "a target length")


@op(
    f"{_F}linear_cross_entropy",
    "input, linear_weight, target, *, linear_bias=None, weight=None, reduction='mean', ignore_index=None, "
    "label_smoothing=0.0, options=None",
)
def linear_cross_entropy(
    need: Need, input: Tensor, linear_weight: Tensor, target: Tensor, linear_bias: Tensor | None, weight: Tensor | None,
    reduction: Any, ignore_index: Any, label_smoothing: Any, options: Any,
) -> Tensor:  # fmt: skip
    """[N] in_features through a linear map to C * logits, and their cross entropy."""
    rank = need.rank(input, 1, 2)
    classes, *rest = need.axes(linear_weight, "C * I", what="linear_weight")
    out, features = rest[:-1], rest[-1]
    need.equal(input.shape[-1], features, "linear-size-mismatch", "the last axis of the input", "in_features")
    if linear_bias is not None:
        same_shape(
            need, linear_bias, input.with_shape(classes, *out), "linear_bias", "linear_weight", "RuntimeError"
        )
    if out and rank == 1:
        need.refuse("wrong-rank", f"a linear_weight of {show(linear_weight.shape)} needs a batch of inputs")
    if need.failed:
        raise Refused
    logits = input.with_shape(*input.shape[:-1], classes, *out)
    if ignore_index is not None and _probabilities(logits, target):
        need.refuse("call-refused", "ignore_index is not supported for a target of probabilities")
    need.macs(dims.product([*logits.shape, features]))
    ignored = -100 if ignore_index is None else ignore_index
    return cross_entropy(need, logits, target, weight, None, ignored, None, reduction, label_smoothing)
