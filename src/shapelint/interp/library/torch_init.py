"""torch.nn.init: numbers are written into a tensor, which is given back; its shape is checked as torch does."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.dims import Dim
from shapelint.interp.control import library_refuses
from shapelint.interp.host.host_calls import host, takes
from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.values import Tensor, Undetermined, Unknown

_FANS = "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"


def _at_least_two(tensor: Any) -> None:
    """Fans are counted from the first two axes. An empty tensor is let through by those who return before counting."""
    if isinstance(tensor, Tensor) and tensor.known and tensor.rank < 2 and tensor.shape != (0,):
        raise library_refuses("ValueError", _FANS)


def _matrix(name: str, least: int, most: int, text: str) -> Callable[[Any], None]:
    def check(tensor: Any) -> None:
        if isinstance(tensor, Tensor) and tensor.known and not least <= tensor.rank <= most:
            raise library_refuses("ValueError", text)

    return check


def _fill(names: str, signature: str, check: Callable[[Any], None] | None = None) -> None:
    """Functions that write into their first argument and return it, and their old names without the underscore."""

    def law(world: World, tensor: Any, **options: Any) -> Any:
        if check is not None:
            check(tensor)
        word = options.get("nonlinearity")
        if isinstance(word, str) and word not in _GAINS and word != "leaky_relu":
            raise library_refuses("ValueError", f"Unsupported nonlinearity {word}")
        if isinstance(tensor, Tensor) and tensor.data is not None:
            world.journal.touch_slot(tensor, "data")
            tensor.data = None
        return tensor

    for name in names.split():
        old = () if name in ("ones", "zeros", "trunc_normal") else (f"torch.nn.init.{name}",)
        function(f"torch.nn.init.{name}_", *old)(takes(signature)(law))


_fill("uniform", "tensor, a=0.0, b=1.0, generator=None")
_fill("normal", "tensor, mean=0.0, std=1.0, generator=None")
_fill("trunc_normal", "tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None")
_fill("constant", "tensor, val")
_fill("ones", "tensor")
_fill("zeros", "tensor")
_fill("eye", "tensor", _matrix("eye_", 2, 2, "Only tensors with 2 dimensions are supported"))
_fill(
    "dirac",
    "tensor, groups=1",
    _matrix("dirac_", 3, 5, "Only tensors with 3, 4, or 5 dimensions are supported"),
)
_fill("xavier_uniform xavier_normal", "tensor, gain=1.0, generator=None", _at_least_two)
_fill(
    "kaiming_uniform kaiming_normal",
    "tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None",
    _at_least_two,
)
_fill(
    "orthogonal",
    "tensor, gain=1, generator=None",
    _matrix("orthogonal_", 2, 99, "Only tensors with 2 or more dimensions are supported"),
)
_fill(
    "sparse",
    "tensor, sparsity, std=0.01, generator=None",
    _matrix("sparse_", 2, 2, "Only tensors with 2 dimensions are supported"),
)


# Source: torch.nn.init.calculate_gain, https://docs.pytorch.org/docs/stable/nn.init.html
_GAINS = {"tanh": 5.0 / 3, "relu": math.sqrt(2.0), "selu": 3.0 / 4} | dict.fromkeys(
    (
        "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "sigmoid",
    ),
    1,
)  # fmt: skip


@function("torch.nn.init.calculate_gain")
@takes("nonlinearity, param=None", plain=True)
def calculate_gain(world: World, nonlinearity: Any, param: Any) -> Any:
    """The recommended gain of an activation."""
    name = host(world, nonlinearity)
    if name == "leaky_relu":
        slope = 0.01 if param is None else host(world, param)
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise library_refuses("ValueError", f"negative_slope {slope} not a valid number")
        return math.sqrt(2.0 / (1 + slope**2))
    if not isinstance(name, str) or name not in _GAINS:
        raise library_refuses("ValueError", f"Unsupported nonlinearity {name}")
    return _GAINS[name]


def fans(tensor: Any) -> tuple[Dim, Dim]:
    """(fan in, fan out) of a weight: the axes behind the first two are a window's."""
    if isinstance(tensor, Unknown):
        raise Undetermined(tensor.why, tensor)
    if not isinstance(tensor, Tensor):
        raise Undetermined("the fans of something that is no tensor")
    if tensor.rank < 2:
        raise library_refuses("ValueError", _FANS)
    window = dims.product(tensor.shape[2:])
    return tensor.shape[1] * window, tensor.shape[0] * window


@function("torch.nn.init._calculate_fan_in_and_fan_out")
@takes("tensor")
def fan_in_and_fan_out(world: World, tensor: Any) -> Any:
    return tuple(map(world.resolve, fans(tensor)))


@function("torch.nn.init._calculate_correct_fan")
@takes("tensor, mode", plain=True)
def correct_fan(world: World, tensor: Any, mode: Any) -> Any:
    word = host(world, mode)
    if not isinstance(word, str) or word.lower() not in ("fan_in", "fan_out"):
        raise library_refuses(
            "ValueError", f"Mode {word} not supported, please use one of ['fan_in', 'fan_out']"
        )
    return world.resolve(fans(tensor)[word.lower() == "fan_out"])
