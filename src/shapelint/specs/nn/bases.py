"""The classes that torch.nn's layers derive from, as programs name them in isinstance and as their own bases."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.specs.need import Need, show
from shapelint.specs.registry import layer
from shapelint.values import Tensor

CONV = "torch.nn.modules.conv._ConvNd"
CONV_TRANSPOSE = "torch.nn.modules.conv._ConvTransposeNd"
NORM = "torch.nn.modules.batchnorm._NormBase"
BATCH_NORM = "torch.nn.modules.batchnorm._BatchNorm"
INSTANCE_NORM = "torch.nn.modules.instancenorm._InstanceNorm"
DROPOUT = "torch.nn.modules.dropout._DropoutNd"
LOSS = "torch.nn.modules.loss._Loss"
WEIGHTED_LOSS = "torch.nn.modules.loss._WeightedLoss"
RECURRENT = "torch.nn.RNNBase"


@layer("torch.nn.modules.dropout._DropoutNd", "p=0.5, inplace=False")
class Dropping:
    def build(self: Any, need: Need) -> None:
        if isinstance(self.p, (int, float)) and (self.p < 0 or self.p > 1):  # nan is taken
            need.refuse(
                "invalid-constructor-argument", f"p must be between 0 and 1, it is {self.p}", "ValueError"
            )


@layer(
    "torch.nn.modules.loss._Loss",
    "size_average=None, reduce=None, reduction='mean'",
    not_kept=("size_average", "reduce"),
)
class Loss:
    def build(self: Any, need: Need, size_average: Any, reduce: Any) -> None:
        self.reduction = kept_reduction(need, size_average, reduce, self.reduction)


@layer(
    "torch.nn.modules.loss._WeightedLoss", "weight=None, size_average=None, reduce=None, reduction='mean'",
    base=LOSS, not_kept=("size_average", "reduce", "weight"),
)  # fmt: skip
class WeightedLoss:
    def build(self: Any, need: Need, weight: Any, size_average: Any, reduce: Any) -> None:
        self.reduction = kept_reduction(need, size_average, reduce, self.reduction)
        keep_weight(self, need, weight)


def keep_weight(self: Any, need: Need, weight: Any, name: str = "weight") -> None:
    """A loss's weight is a buffer."""
    setattr(self, name, weight if weight is None else as_buffer(weight))


def as_buffer(x: Any) -> Any:
    made = x.like()
    made.kind, made.data, made.requires_grad = "buffer", x.data, x.requires_grad
    return made


def kept_reduction(need: Need, size_average: Any, reduce: Any, reduction: Any) -> Any:
    """A loss's reduction. torch asks of the old arguments whether they are true, and a prediction or target is neither."""
    for given in (size_average, reduce):
        if isinstance(given, Tensor) and given.known and dims.equal(given.numel, 1).no:
            what = f"it is built from a tensor of {show(given.shape)}, and not called with it"
            need.refuse("invalid-constructor-argument", what)
    return reduction_of(size_average, reduce, reduction)


def reduction_of(size_average: Any, reduce: Any, reduction: Any) -> Any:
    """The old arguments `size_average` and `reduce` decide over `reduction` when one of them is given."""
    if size_average is None and reduce is None:
        return reduction
    if reduce is not None and not reduce:
        return "none"
    return "sum" if size_average is not None and not size_average else "mean"
