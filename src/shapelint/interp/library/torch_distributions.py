"""torch.distributions: what is drawn and how likely it is, by shape. A batch of distributions has the shape of its
parameters.

Source: https://docs.pytorch.org/docs/stable/distributions.html
"""

from __future__ import annotations

from typing import Any

from shapelint.interp import iterate
from shapelint.interp.library.torch_classes import argument, plain_class
from shapelint.interp.tensors import torch_calls
from shapelint.interp.world import World
from shapelint.values import Class, Instance, Tensor, Undetermined, Unknown
from shapelint.values.torch_types import is_float

_WHY = "what a distribution keeps for itself"


def _op(world: World, name: str, *args: Any, **keywords: Any) -> Any:
    return torch_calls.op(world, name, args, keywords)


def _keep(world: World, made: Instance, **values: Any) -> None:
    world.journal.touch(made.attrs)
    made.attrs.update(values)


def _batch(made: Instance) -> Tensor:
    """A tensor of the batch's shape, made from the parameters."""
    found = made.attrs.get("__batch__")
    if not isinstance(found, Tensor):
        raise Undetermined(found.why if isinstance(found, Unknown) else _WHY)
    return found


def _from_scores(last: bool) -> Any:
    """`__init__(probs=None, logits=None)`; of categories, which lie along the last axis, with `last`."""

    def init(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        made, *rest = args
        probs = argument(tuple(rest), keywords, 0, "probs")
        logits = argument(tuple(rest), keywords, 1, "logits")
        given = logits if probs is None else probs
        batch = (
            _op(world, "torch.Tensor.select", given, -1, 0)
            if last and isinstance(given, (Tensor, Unknown))
            else given
        )
        _keep(world, made, probs=given, logits=given, __batch__=batch)

    return init


def _from_place(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """`__init__(loc, scale)`: both broadcast to the batch."""
    made, *rest = args
    loc = argument(tuple(rest), keywords, 0, "loc", argument(tuple(rest), keywords, 0, "low"))
    scale = argument(tuple(rest), keywords, 1, "scale", argument(tuple(rest), keywords, 1, "high"))
    if isinstance(loc, Tensor) or isinstance(scale, Tensor):
        both = _op(world, "torch.add", loc, scale)
    elif isinstance(loc, (int, float)) and isinstance(scale, (int, float)):
        both = _op(world, "torch.zeros", ())  # numbers: one distribution
    else:
        both = Unknown(_WHY, plain=True)
    _keep(world, made, loc=loc, mean=both, scale=scale, stddev=both, __batch__=both)


def _drawn(dtype: str | None, *, keeps: bool = False) -> Any:
    """sample; with `keeps` rsample, which gradients go through."""

    def sample(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        made, *rest = args
        batch = _batch(made)
        before = argument(tuple(rest), keywords, 0, "sample_shape", ())
        sizes = iterate.known_items(world, before)
        if not sizes:
            result = _op(world, "torch.zeros_like", batch)
        else:
            result = _op(world, "torch.zeros", (*sizes, *batch.shape))
        if keeps and isinstance(result, Tensor):
            result.requires_grad = None  # it is made from the parameters, which may need gradients
        return _op(world, f"torch.Tensor.{dtype}", result) if dtype is not None else result

    return sample


def _log_prob(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made, *rest = args
    return _op(world, "torch.sub", argument(tuple(rest), keywords, 0, "value"), _batch(made))


def _cumulated(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """cdf and icdf of floats: how much lies below a value, and below which value so much lies."""
    made, *rest = args
    value = argument(tuple(rest), keywords, 0, "value")
    if not isinstance(value, Tensor) or not is_float(value.dtype):
        raise Undetermined("a distribution of what are no floats")
    return _op(world, "torch.add", value, _batch(made))


def _entropy(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return _op(world, "torch.neg", _batch(args[0]))


_FILES = {"LogNormal": "log_normal"}


def _plain(qualname: str, init: Any, dtype: str | None, **more: Any) -> Class:
    name = qualname.rpartition(".")[2]
    methods = {
        "__init__": init,
        "sample": _drawn(dtype),
        "rsample": _drawn(dtype, keeps=True),
        "log_prob": _log_prob,
    }
    alias = f"torch.distributions.{_FILES.get(name, name.lower())}.{name}"
    cls = plain_class(qualname, alias, base=_BASE, entropy=_entropy, **methods, **more)
    cls.unknown_base = Unknown(_WHY, plain=True)
    return cls


_BASE = plain_class("torch.distributions.Distribution", "torch.distributions.distribution.Distribution")
_BASE.unknown_base = Unknown(_WHY, plain=True)
_plain("torch.distributions.Categorical", _from_scores(True), "long")
_plain("torch.distributions.Bernoulli", _from_scores(False), None)
for _name in ("Normal", "Laplace", "Uniform", "Cauchy", "Gumbel", "LogNormal"):
    _plain(f"torch.distributions.{_name}", _from_place, None, cdf=_cumulated, icdf=_cumulated)
