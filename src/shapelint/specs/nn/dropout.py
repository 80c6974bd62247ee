"""Dropout: some values become zero in training. The shape stays."""

from __future__ import annotations

from typing import Any

from shapelint.specs import layouts
from shapelint.specs.need import Need, show
from shapelint.specs.nn.bases import DROPOUT, Dropping
from shapelint.specs.ops.elementwise import nonempty, takes
from shapelint.specs.registry import layer, op
from shapelint.values import Tensor

_F = "torch.nn.functional."


def drop(
    need: Need, input: Tensor, p: Any, training: Any, ranks: tuple[int, ...] = (), *, least: int = 0
) -> Tensor:
    """The shape of the input; `p` is a probability, and integers cannot be scaled. Whole channels need a channel axis."""
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        need.refuse("call-refused", f"p must be between 0 and 1, it is {p}", "ValueError")
    if ranks and input.known:
        need.rank(input, *ranks)
    if training is True and isinstance(p, float) and 0 < p < 1:
        takes(need, input, "fc")
        if input.known and input.rank < least and nonempty(input):
            need.refuse("wrong-rank", f"the input must have at least {least} axes, it is {show(input.shape)}")
    return layouts.copied(need, input.like(), input)


@op(f"{_F}dropout", "input, p=0.5, training=True, inplace=False")
@op(f"{_F}alpha_dropout", "input, p=0.5, training=False, inplace=False")
@op("torch.dropout, torch.alpha_dropout", "input, p, train")
def dropout(
    need: Need, input: Tensor, p: Any, training: Any = None, inplace: Any = False, train: Any = None
) -> Tensor:
    return drop(need, input, p, train if training is None else training)


@op(f"{_F}dropout1d", "input, p=0.5, training=True, inplace=False")
def dropout1d(need: Need, input: Tensor, p: Any, training: Any, inplace: Any) -> Tensor:
    return drop(need, input, p, training, (2, 3))


@op(f"{_F}dropout2d", "input, p=0.5, training=True, inplace=False")
@op(f"{_F}feature_alpha_dropout", "input, p=0.5, training=False, inplace=False")
@op("torch.feature_dropout, torch.feature_alpha_dropout", "input, p, train")
def feature_dropout(
    need: Need, input: Tensor, p: Any, training: Any = None, inplace: Any = False, train: Any = None
) -> Tensor:
    return drop(need, input, p, train if training is None else training, least=2)


@op(f"{_F}dropout3d", "input, p=0.5, training=True, inplace=False")
def dropout3d(need: Need, input: Tensor, p: Any, training: Any, inplace: Any) -> Tensor:
    return drop(need, input, p, training, least=1)


class _Dropout(Dropping):
    ranks: tuple[int, ...] = ()
    least = 0

    def forward(self: Any, need: Need, input: Tensor) -> Tensor:
        return drop(need, input, self.p, self.training, self.ranks, least=self.least)


@layer("torch.nn.Dropout, torch.nn.AlphaDropout", "p=0.5, inplace=False", base=DROPOUT)
class Dropout(_Dropout):
    pass


@layer("torch.nn.Dropout1d", "p=0.5, inplace=False", base=DROPOUT)
class Dropout1d(_Dropout):
    ranks = (2, 3)


@layer("torch.nn.Dropout2d, torch.nn.FeatureAlphaDropout", "p=0.5, inplace=False", base=DROPOUT)
class Dropout2d(_Dropout):
    least = 2


@layer("torch.nn.Dropout3d", "p=0.5, inplace=False", base=DROPOUT)
class Dropout3d(_Dropout):
    least = 1
