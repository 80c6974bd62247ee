"""Loss layers: each calls its function with what it was built with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.specs.need import Need, Refused, sequence
from shapelint.specs.nn.bases import LOSS, WEIGHTED_LOSS, keep_weight, kept_reduction
from shapelint.specs.nn.ranking_losses import _check_margin
from shapelint.specs.nn.sizes import given, is_none, size
from shapelint.specs.registry import layer
from shapelint.specs.view import apply, make
from shapelint.values import Tensor

_F = "torch.nn.functional."
_OLD = "size_average=None, reduce=None, reduction='mean'"
_INVALID = "invalid-constructor-argument"


def _build(self: Any, need: Need, size_average: Any, reduce: Any, weight: Any, pos_weight: Any) -> None:
    if size_average is not None or reduce is not None:
        self.reduction = kept_reduction(need, size_average, reduce, self.reduction)
    if hasattr(self, "weighted"):
        keep_weight(self, need, weight)
    if hasattr(self, "pos_weighted"):
        keep_weight(self, need, pos_weight, "pos_weight")


def _calling(function: str, names: tuple[str, ...]) -> Callable[..., Any]:
    def forward(self: Any, need: Need, input: Tensor, target: Tensor) -> Any:
        return apply(f"{_F}{function}", need, input, target, **{name: getattr(self, name) for name in names})

    return forward


# layer, its function, its signature
_TABLE = (
    ("L1Loss", "l1_loss", _OLD),
    ("MSELoss", "mse_loss", _OLD),
    ("NLLLoss", "nll_loss", "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'"),
    ("KLDivLoss", "kl_div", f"{_OLD}, log_target=False"),
    ("BCELoss", "binary_cross_entropy", f"weight=None, {_OLD}"),
    ("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", f"weight=None, {_OLD}, pos_weight=None"),
    ("HingeEmbeddingLoss", "hinge_embedding_loss", f"margin=1.0, {_OLD}"),
    ("MultiLabelMarginLoss", "multilabel_margin_loss", _OLD),
    ("SmoothL1Loss", "smooth_l1_loss", f"{_OLD}, beta=1.0"),
    ("SoftMarginLoss", "soft_margin_loss", _OLD),
    (
        "CrossEntropyLoss", "cross_entropy",
        "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0",
    ),
    ("MultiLabelSoftMarginLoss", "multilabel_soft_margin_loss", f"weight=None, {_OLD}"),
)  # fmt: skip
_HIDDEN = ("size_average", "reduce", "weight", "pos_weight")


def _names(signature: str) -> tuple[str, ...]:
    return tuple(part.split("=")[0].strip() for part in signature.split(","))


for _name, _function, _signature in _TABLE:
    _arguments = _names(_signature)
    _passed = tuple(n for n in _arguments if n not in ("size_average", "reduce"))
    _body: dict[str, Any] = {"build": _build, "forward": _calling(_function, _passed)}
    if "weight" in _arguments:
        _body["weighted"] = True
    if "pos_weight" in _arguments:
        _body["pos_weighted"] = True
    _base = WEIGHTED_LOSS if "weight" in _arguments and "pos_weight" not in _arguments else LOSS
    _definition = type(_name, (), _body)
    layer(f"torch.nn.{_name}", _signature, base=_base, not_kept=_HIDDEN)(_definition)
    if _name == "NLLLoss":
        layer("torch.nn.NLLLoss2d", _signature, base="torch.nn.NLLLoss", not_kept=_HIDDEN)(_definition)


@layer("torch.nn.HuberLoss", "reduction='mean', delta=1.0", base=LOSS)
class HuberLoss:
    def forward(self: Any, need: Need, input: Tensor, target: Tensor) -> Any:
        return apply(f"{_F}huber_loss", need, input, target, self.reduction, self.delta)


@layer(
    "torch.nn.PoissonNLLLoss", "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
    base=LOSS, not_kept=("size_average", "reduce"),
)  # fmt: skip
class PoissonNLLLoss:
    def build(self: Any, need: Need, size_average: Any, reduce: Any) -> None:
        self.reduction = kept_reduction(need, size_average, reduce, self.reduction)

    def forward(self: Any, need: Need, log_input: Tensor, target: Tensor) -> Any:
        return apply(
            f"{_F}poisson_nll_loss", need, log_input, target, self.log_input, reduction=self.reduction
        )


@layer("torch.nn.GaussianNLLLoss", "*, full=False, eps=1e-06, reduction='mean'", base=LOSS)
class GaussianNLLLoss:
    def forward(self: Any, need: Need, input: Tensor, target: Tensor, var: Any) -> Any:
        return apply(f"{_F}gaussian_nll_loss", need, input, target, var, reduction=self.reduction)


class _Three:
    """Losses of two inputs and a target, or of three inputs."""

    def build(self: Any, need: Need, size_average: Any, reduce: Any) -> None:
        self.reduction = kept_reduction(need, size_average, reduce, self.reduction)


@layer("torch.nn.CosineEmbeddingLoss", f"margin=0.0, {_OLD}", base=LOSS, not_kept=_HIDDEN)
class CosineEmbeddingLoss(_Three):
    def forward(self: Any, need: Need, input1: Tensor, input2: Tensor, target: Tensor) -> Any:
        return apply(
            f"{_F}cosine_embedding_loss", need, input1, input2, target, self.margin, reduction=self.reduction
        )


@layer("torch.nn.MarginRankingLoss", f"margin=0.0, {_OLD}", base=LOSS, not_kept=_HIDDEN)
class MarginRankingLoss(_Three):
    def forward(self: Any, need: Need, input1: Tensor, input2: Tensor, target: Tensor) -> Any:
        return apply(
            f"{_F}margin_ranking_loss", need, input1, input2, target, self.margin, reduction=self.reduction
        )


@layer(
    "torch.nn.TripletMarginLoss",
    f"margin=1.0, p=2.0, eps=1e-06, swap=False, {_OLD}",
    base=LOSS,
    not_kept=_HIDDEN,
)
class TripletMarginLoss(_Three):
    def build(self: Any, need: Need, size_average: Any, reduce: Any) -> None:
        _Three.build(self, need, size_average, reduce)
        _check_margin(need, self.margin, _INVALID)

    def forward(self: Any, need: Need, anchor: Tensor, positive: Tensor, negative: Tensor) -> Any:
        return apply(
            f"{_F}triplet_margin_loss", need, anchor, positive, negative, self.margin, self.p, self.eps, self.swap,
            reduction=self.reduction,
        )  # fmt: skip


@layer(
    "torch.nn.TripletMarginWithDistanceLoss",
    "*, distance_function=None, margin=1.0, swap=False, reduction='mean'",
    base=LOSS,
)
class TripletMarginWithDistanceLoss:
    def build(self: Any, need: Need) -> None:
        _check_margin(need, self.margin, _INVALID)
        if is_none(self.distance_function):
            self.distance_function = make("torch.nn.PairwiseDistance", need)

    def forward(self: Any, need: Need, anchor: Tensor, positive: Tensor, negative: Tensor) -> Any:
        return apply(
            f"{_F}triplet_margin_with_distance_loss", need, anchor, positive, negative,
            distance_function=self.distance_function, margin=self.margin, swap=self.swap, reduction=self.reduction,
        )  # fmt: skip


@layer(
    "torch.nn.MultiMarginLoss", f"p=1, margin=1.0, weight=None, {_OLD}", base=WEIGHTED_LOSS, not_kept=_HIDDEN
)
class MultiMarginLoss:
    def build(self: Any, need: Need, size_average: Any, reduce: Any, weight: Any) -> None:
        self.reduction = kept_reduction(need, size_average, reduce, self.reduction)
        keep_weight(self, need, weight)
        if isinstance(self.p, (int, float)) and self.p not in (1, 2):
            need.refuse(_INVALID, f"p must be 1 or 2, it is {self.p}", "ValueError")
        if isinstance(weight, Tensor) and weight.rank != 1:
            need.refuse(_INVALID, f"the weight must have 1 axis, it has {weight.rank}", "ValueError")

    def forward(self: Any, need: Need, input: Tensor, target: Tensor) -> Any:
        return apply(
            f"{_F}multi_margin_loss",
            need,
            input,
            target,
            self.p,
            self.margin,
            self.weight,
            reduction=self.reduction,
        )


@layer("torch.nn.CTCLoss", "blank=0, reduction='mean', zero_infinity=False", base=LOSS)
class CTCLoss:
    def forward(
        self: Any, need: Need, log_probs: Tensor, targets: Tensor, input_lengths: Any, target_lengths: Any
    ) -> Any:
        return apply(
            f"{_F}ctc_loss",
            need,
            log_probs,
            targets,
            input_lengths,
            target_lengths,
            self.blank,
            self.reduction,
        )


@layer(
    "torch.nn.LinearCrossEntropyLoss",
    "in_features, num_classes, *, out_features=(), bias=False, device=None, dtype=None, reduction='mean', weight=None, "
    "ignore_index=None, label_smoothing=0.0, options=None",
    base=WEIGHTED_LOSS, not_kept=("in_features", "bias", "device", "dtype", "weight"),
)  # fmt: skip
class LinearCrossEntropyLoss:
    def build(self: Any, need: Need, in_features: Any, bias: Any, dtype: Any, weight: Any) -> None:
        classes = size(need, self.num_classes, "num_classes")
        if isinstance(weight, Tensor):
            if weight.rank != 1 or not need.equal(
                weight.shape[0], classes, _INVALID, "the length of the weight", "num_classes"
            ):
                need.refuse(_INVALID, "the weight must be one number a class")
        smoothing = self.label_smoothing
        if isinstance(smoothing, (int, float)) and (smoothing < 0 or smoothing > 1):  # nan is taken
            need.refuse(_INVALID, f"label_smoothing must be between 0 and 1, it is {smoothing}")
        keep_weight(self, need, weight)
        out = need.dims(self.out_features, "out_features")
        self.linear = make(
            "torch.nn.Linear", need, in_features, dims.product([classes, *out]), bias, dtype=dtype
        )

    def forward(self: Any, need: Need, input: Tensor, target: Tensor) -> Any:
        linear = self.linear.attrs
        shape = (need.dim(self.num_classes), *need.dims(self.out_features))
        weight = linear["weight"].with_shape(*shape, need.dim(linear["in_features"]))
        bias = given(linear["bias"])
        bias = None if bias is None else bias.with_shape(*shape)
        return apply(
            f"{_F}linear_cross_entropy", need, input, weight, target,
            linear_bias=bias, weight=self.weight, reduction=self.reduction, ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing, options=self.options,
        )  # fmt: skip


def cutoffs_of(need: Need, cutoffs: Any, n_classes: Any) -> list[int]:
    """Increasing class numbers between 1 and n_classes - 1."""
    values = [need.concrete(c, "a cutoff") for c in sequence(cutoffs, "cutoffs")]
    limit = need.concrete(n_classes, "n_classes")
    if not values or values != sorted(set(values)) or values[0] <= 0 or values[-1] > limit - 1:
        need.refuse(
            _INVALID, f"cutoffs must increase between 1 and {limit - 1}, they are {values}", "ValueError"
        )
    return [*values, limit]


@layer(
    "torch.nn.AdaptiveLogSoftmaxWithLoss",
    "in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, device=None, dtype=None",
)
class AdaptiveLogSoftmaxWithLoss:
    """A short list of frequent classes, and clusters of rare ones with smaller projections."""

    def build(self: Any, need: Need, dtype: Any) -> None:
        from shapelint.values import List, Module

        cutoffs = cutoffs_of(need, self.cutoffs, self.n_classes)
        self.cutoffs = List(list(cutoffs))
        self.shortlist_size = cutoffs[0]
        self.n_clusters = len(cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        features = size(need, self.in_features, "in_features")
        self.head = make("torch.nn.Linear", need, features, self.head_size, self.head_bias, dtype=dtype)
        tail = Module(need.recorder.layer_class("torch.nn.ModuleList"))
        tail.initialised = True
        tail.attrs["training"] = True
        for i in range(self.n_clusters):
            if not isinstance(self.div_value, (int, float)):
                need.unknown("div_value is not known")
            factor = self.div_value ** (i + 1)
            hidden: Any = int(features // factor) if isinstance(features, int) else features // int(factor)
            projection = Module(need.recorder.layer_class("torch.nn.Sequential"))
            projection.initialised = True
            projection.attrs["training"] = True
            projection.attrs["0"] = make("torch.nn.Linear", need, features, hidden, False, dtype=dtype)
            projection.attrs["1"] = make(
                "torch.nn.Linear", need, hidden, cutoffs[i + 1] - cutoffs[i], False, dtype=dtype
            )
            tail.attrs[str(i)] = projection
        self.tail = tail

    def forward(self: Any, need: Need, input_: Tensor, target_: Tensor) -> Any:
        from shapelint.values import Record

        rank = need.rank(target_, 0, 1, what="the target")
        need.rank(input_, rank + 1)
        if rank:
            need.equal(
                target_.shape[0],
                input_.shape[0],
                "loss-size-mismatch",
                "the batch of the target",
                "the input",
            )
        need.equal(
            input_.shape[-1],
            need.dim(self.in_features),
            "linear-size-mismatch",
            "the last axis of the input",
            "in_features",
        )
        if need.failed:
            raise Refused
        output = input_.with_shape(*target_.shape)
        return Record((output, input_.with_shape()), ("output", "loss"), "_ASMoutput")

    def log_prob(self: Any, need: Need, input: Tensor) -> Tensor:
        rows, _ = need.axes(input, "N C")
        return input.with_shape(rows, need.dim(self.n_classes))

    def predict(self: Any, need: Need, input: Tensor) -> Tensor:
        rows, _ = need.axes(input, "N C")
        return input.with_shape(rows, dtype="int64")
