"""Activation functions of torch.nn.functional: the shape and (mostly) the dtype stay.

`inplace=True` changes the input itself; the input's shape and dtype are the result's all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.specs.need import Need
from shapelint.specs.ops.elementwise import takes
from shapelint.specs.ops.promotion import to_float
from shapelint.specs.ops.unary import log_softmax, softmax
from shapelint.specs.registry import op
from shapelint.values import Tensor


def activation(kinds: str) -> Callable[..., Tensor]:
    """The law of an activation that keeps shape and dtype."""

    def law(need: Need, input: Tensor, **options: Any) -> Tensor:
        takes(need, input, kinds, always=True)
        made = input.like()
        if options.get("inplace") is True:
            input.data = None
        return made

    return law


_NO_COMPLEX = activation("if")
_FLOATS = activation("f")
_NUMBERS = activation("fc")
_F = "torch.nn.functional."

op(f"{_F}relu, {_F}relu6", "input, inplace=False")(_NO_COMPLEX)
op("torch.relu, torch.Tensor.relu", "input")(_NO_COMPLEX)
op(f"{_F}threshold", "input, threshold, value, inplace=False")(_NO_COMPLEX)
op("torch.threshold", "input, threshold, value, *, out=None")(_NO_COMPLEX)
op(f"{_F}silu", "input, inplace=False")(_NUMBERS)
op(f"{_F}mish, {_F}hardswish, {_F}hardsigmoid, {_F}selu", "input, inplace=False")(_FLOATS)
op("torch.selu", "input")(_FLOATS)
op(f"{_F}elu", "input, alpha=1.0, inplace=False")(_FLOATS)
op(f"{_F}celu", "input, alpha=1.0, inplace=False")(_FLOATS)
op("torch.celu", "input, alpha=1.0")(_FLOATS)
op(f"{_F}leaky_relu", "input, negative_slope=0.01, inplace=False")(_FLOATS)
op(f"{_F}rrelu", "input, lower=0.125, upper=0.3333333333333333, training=False, inplace=False")(_FLOATS)
op("torch.rrelu", "input, lower=0.125, upper=0.3333333333333333, training=False")(_FLOATS)
op(f"{_F}softplus", "input, beta=1, threshold=20")(_FLOATS)
op(f"{_F}hardshrink, torch.hardshrink, torch.Tensor.hardshrink", "input, lambd=0.5")(_FLOATS)
op(f"{_F}softshrink", "input, lambd=0.5")(_FLOATS)
op(f"{_F}logsigmoid", "input")(_FLOATS)


@op(f"{_F}hardtanh", "input, min_val=-1.0, max_val=1.0, inplace=False")
def hardtanh(
    need: Need, input: Tensor, min_val: Any = -1.0, max_val: Any = 1.0, inplace: Any = False
) -> Tensor:
    """Between the two bounds, which an unsigned input cannot have below zero."""
    if input.dtype is not None and input.dtype.startswith("uint"):
        if any(isinstance(bound, (int, float)) and bound < 0 for bound in (min_val, max_val)):
            need.refuse("wrong-dtype", f"the input is {input.dtype} and a bound is negative")
    return _NO_COMPLEX(need, input, inplace=inplace)


@op(f"{_F}gelu", "input, approximate='none'")
def gelu(need: Need, input: Tensor, approximate: Any = "none") -> Tensor:
    """x * Phi(x)."""
    if isinstance(approximate, str) and approximate not in ("none", "tanh"):
        need.refuse("call-refused", f"approximate must be 'none' or 'tanh', it is {approximate!r}")
    return _FLOATS(need, input)


@op(f"{_F}tanh, {_F}sigmoid", "input")
def squash(need: Need, input: Tensor) -> Tensor:
    """Into (-1, 1) or (0, 1); integers become floats."""
    return input.like(to_float(input.dtype, need.recorder.default_dtype))


@op(f"{_F}softsign, {_F}tanhshrink", "input")
def shrink(need: Need, input: Tensor) -> Tensor:
    """x / (1 + |x|), x - tanh(x); integers become floats."""
    takes(need, input, "ifc", always=True)
    return squash(need, input)


@op(f"{_F}glu, torch.glu", "input, dim=-1")
def glu(need: Need, input: Tensor, dim: Any = -1) -> Tensor:
    """a * sigmoid(b), a and b the halves along `dim`."""
    takes(need, input, "f", always=True)
    shape = list(input.shape)
    if not shape:
        need.refuse("wrong-rank", "glu does not take 0-d tensors")
    axis = need.axis(dim, len(shape))
    need.divides(2, shape[axis], "split-size-mismatch", f"axis {axis} of the input", "the number of halves")
    shape[axis] = shape[axis] // 2
    return input.with_shape(*shape)


@op(f"{_F}softmax", "input, dim=None, _stacklevel=3, dtype=None")
def softmax_function(
    need: Need, input: Tensor, dim: Any = None, _stacklevel: Any = 3, dtype: Any = None
) -> Tensor:
    """softmax over `dim` (told by the rank when not given)."""
    return softmax(need, input, implicit_dim(input) if dim is None else dim, dtype)


@op(f"{_F}softmin", "input, dim=None, _stacklevel=3, dtype=None")
def softmin(need: Need, input: Tensor, dim: Any = None, _stacklevel: Any = 3, dtype: Any = None) -> Tensor:
    """softmax of the negative."""
    takes(need, input, "ifc", always=True)
    return softmax_function(need, input, dim, _stacklevel, dtype)


@op(f"{_F}log_softmax", "input, dim=None, _stacklevel=3, dtype=None")
def log_softmax_function(
    need: Need, input: Tensor, dim: Any = None, _stacklevel: Any = 3, dtype: Any = None
) -> Tensor:
    """log(softmax) over `dim` (told by the rank when not given)."""
    return log_softmax(need, input, implicit_dim(input) if dim is None else dim, dtype)


@op(f"{_F}gumbel_softmax", "logits, tau=1, hard=False, eps=1e-10, dim=-1")
def gumbel_softmax(
    need: Need, logits: Tensor, tau: Any = 1, hard: Any = False, eps: Any = 1e-10, dim: Any = -1
) -> Tensor:
    """softmax of logits with noise."""
    takes(need, logits, "f")
    made = softmax(need, logits, dim)
    made.dtype = to_float(logits.dtype, need.recorder.default_dtype)
    return made


def implicit_dim(input: Tensor) -> int:
    """The axis that softmax takes when none is given: 1 for matrices and images, else 0.

    Source: torch.nn.functional._get_softmax_dim
    """
    return 0 if input.rank in (0, 1, 3) else 1
