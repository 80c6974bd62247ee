"""Batch and instance normalisation: statistics over each channel, which is the second axis. The shape stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.specs.need import Need, show
from shapelint.specs.nn.bases import BATCH_NORM, INSTANCE_NORM, NORM
from shapelint.specs.nn.sizes import given, normalised_dtype, optional, size
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor

_RULE = "norm-size-mismatch"


@op(
    "torch.nn.functional.batch_norm",
    "input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05",
)
def batch_norm(
    need: Need, input: Tensor, running_mean: Tensor | None, running_var: Tensor | None,
    weight: Tensor | None, bias: Tensor | None, training: Any, momentum: Any, eps: Any,
) -> Tensor:  # fmt: skip
    """The shape of the input; in training each channel must have more than one value."""
    if training:
        several_values(need, input, [n for i, n in enumerate(input.shape) if i != 1])
    if isinstance(eps, (int, float)) and (eps < 0 or (training and eps == 0)):
        need.refuse("call-refused", f"eps must be positive, it is {eps}", "ValueError")
    return normalise(need, input, running_mean, running_var, weight, bias, training)


@op(
    "torch.batch_norm",
    "input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled",
)
def torch_batch_norm(
    need: Need, input: Tensor, weight: Tensor | None, bias: Tensor | None, running_mean: Tensor | None,
    running_var: Tensor | None, training: Any, **_: Any,
) -> Tensor:  # fmt: skip
    return normalise(need, input, running_mean, running_var, weight, bias, training)


def normalise(
    need: Need, input: Tensor, running_mean: Tensor | None, running_var: Tensor | None,
    weight: Tensor | None, bias: Tensor | None, training: Any, instances: bool = False,
) -> Tensor:  # fmt: skip
    if input.rank < 2:
        need.refuse(
            "wrong-rank", f"the input must have at least 2 axes, it is {show(input.shape)}", "IndexError"
        )
    if dims.equal(input.numel, 0).yes:
        # torch checks nothing but that the parameters have a first value
        for x in (weight, bias):
            if x is not None:
                values = x.numel * input.shape[0] if instances else x.numel
                need.at_least(values, 1, _RULE, "the input's channels", "the smallest size")
        if instances and not training:
            _running(need, running_mean, running_var)
        for x in (running_mean, running_var) if instances and training else ():
            if x is not None:
                channels = input.shape[1]
                need.equal(channels, x.numel, _RULE, "the input's channels", "the running statistics")
        return input.like()
    channels = input.shape[1]
    if not training:
        _running(need, running_mean, running_var)
    for x, what in (
        (running_mean, "running_mean"), (running_var, "running_var"), (weight, "the weight"), (bias, "the bias"),
    ):  # fmt: skip
        if x is not None:
            need.equal(channels, x.numel, _RULE, "the input's channels", f"the length of {what}")
            if what[:3] == "the" or not instances:
                normalised_dtype(need, input, x, what)
    normalised_dtype(need, input, None, "")
    return input.like()


def _running(need: Need, mean: Tensor | None, var: Tensor | None) -> None:
    need.holds(
        mean is not None and var is not None,
        "call-refused",
        "running_mean and running_var are needed outside training",
    )


def several_values(need: Need, input: Tensor, counted: Sequence[Dim], raised: str = "ValueError") -> None:
    """Normalising in training divides by a variance: one value has none."""
    if dims.equal(dims.product(counted), 1).yes:
        need.holds(
            False,
            "call-refused",
            f"normalising needs more than 1 value per channel, the input is {show(input.shape)}",
            raised,
        )


@op(
    "torch.nn.functional.instance_norm",
    "input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05",
)
def instance_norm(
    need: Need, input: Tensor, running_mean: Tensor | None, running_var: Tensor | None,
    weight: Tensor | None, bias: Tensor | None, use_input_stats: Any, **_: Any,
) -> Tensor:  # fmt: skip
    """The shape of the input; every channel of every sample must have more than one value."""
    if use_input_stats:
        several_values(need, input, input.shape[2:])
    return normalise(need, input, running_mean, running_var, weight, bias, use_input_stats, instances=True)


class _Norm:
    """The parameters and running statistics that batch and instance norms share."""

    ranks: tuple[int, ...] = ()

    def build(self: Any, need: Need, bias: Any, dtype: Any) -> None:
        features = size(need, self.num_features, "num_features")
        if self.affine is True or self.track_running_stats:
            need.at_least(features, 0, "invalid-constructor-argument", "num_features", "the smallest size")
        self.weight = optional(need, self.affine, (features,), dtype)
        both = bias if self.affine is True else self.affine
        self.bias = optional(need, both, (features,), dtype) if bias is not False else None
        tracked = bool(self.track_running_stats)
        self.running_mean = need.buffer((features,), dtype) if tracked else None
        self.running_var = need.buffer((features,), dtype) if tracked else None
        self.num_batches_tracked = need.buffer((), "int64") if tracked else None

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        self._check_input_dim(need, input)
        weight, bias = given(self.weight), given(self.bias)
        if not isinstance(self.training, bool):
            return normalise(need, input, self.running_mean, self.running_var, weight, bias, True)
        training = self.training or (self.running_mean is None and self.running_var is None)
        kept = not self.training or self.track_running_stats
        mean, var = (self.running_mean, self.running_var) if kept else (None, None)
        return batch_norm(need, input, mean, var, weight, bias, training, self.momentum, self.eps)

    def _check_input_dim(self: Any, need: Need, input: Tensor) -> None:
        if self.ranks:
            need.rank(input, *self.ranks)
        elif input.rank < 2:
            need.refuse(
                "wrong-rank", f"the input must have at least 2 axes, it is {show(input.shape)}", "ValueError"
            )

    def reset_running_stats(self: Any, need: Need) -> None:
        return None

    def reset_parameters(self: Any, need: Need) -> None:
        return None


_BATCH = (
    "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, *, "
    "bias=True"
)
_INSTANCE = _BATCH.replace("True", "False", 2)


@layer(NORM, _BATCH)
class AnyNorm(_Norm):
    """What programs derive norms of their own from."""


@layer(BATCH_NORM, _BATCH, base=NORM)
class AnyBatchNorm(_Norm):
    """What programs derive batch norms of their own from."""


@layer("torch.nn.BatchNorm1d", _BATCH, base=BATCH_NORM)
class BatchNorm1d(_Norm):
    ranks = (2, 3)


@layer("torch.nn.BatchNorm2d", _BATCH, base=BATCH_NORM)
class BatchNorm2d(_Norm):
    ranks = (4,)


@layer("torch.nn.BatchNorm3d", _BATCH, base=BATCH_NORM)
class BatchNorm3d(_Norm):
    ranks = (5,)


@layer(
    "torch.nn.SyncBatchNorm",
    "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, process_group=None, device=None, "
    "dtype=None, *, bias=True",
    base=BATCH_NORM,
)
class SyncBatchNorm(_Norm):
    def _check_input_dim(self: Any, need: Need, input: Tensor) -> None:
        _Norm._check_input_dim(self, need, input)
        need.at_least(input.shape[1], 1, _RULE, "the input's channels", "the smallest size")


class _InstanceNorm(_Norm):
    """The input may lack the batch axis; channels are checked against num_features only where there are parameters."""

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        unbatched, batched = self.ranks
        rank = need.rank(input, unbatched, batched)
        channels = input.shape[rank - unbatched]
        if self.affine is True:
            need.equal(channels, need.dim(self.num_features), _RULE, "the input's channels", "num_features")
        whole = input.with_shape(1, *input.shape) if rank == unbatched else input
        fresh = self.training if self.track_running_stats and isinstance(self.training, bool) else True
        instance_norm(
            need, whole, self.running_mean, self.running_var, given(self.weight), given(self.bias), fresh
        )
        return input.like()


@layer(INSTANCE_NORM, _INSTANCE, base=NORM)
class AnyInstanceNorm(_Norm):
    """What programs derive instance norms of their own from."""


@layer("torch.nn.InstanceNorm1d", _INSTANCE, base=INSTANCE_NORM)
class InstanceNorm1d(_InstanceNorm):
    ranks = (2, 3)


@layer("torch.nn.InstanceNorm2d", _INSTANCE, base=INSTANCE_NORM)
class InstanceNorm2d(_InstanceNorm):
    ranks = (3, 4)


@layer("torch.nn.InstanceNorm3d", _INSTANCE, base=INSTANCE_NORM)
class InstanceNorm3d(_InstanceNorm):
    ranks = (4, 5)
