"""Activation layers: each calls its function, with the attributes it keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.specs.need import Need
from shapelint.specs.nn.sizes import size
from shapelint.specs.registry import layer
from shapelint.specs.view import apply
from shapelint.values import Tensor

# layer, its function, its constructor's signature, the attributes handed on
_TABLE = (
    ("CELU", "celu", "alpha=1.0, inplace=False", "alpha inplace"),
    ("ELU", "elu", "alpha=1.0, inplace=False", "alpha inplace"),
    ("GELU", "gelu", "approximate='none'", "approximate"),
    ("GLU", "glu", "dim=-1", "dim"),
    ("Hardshrink", "hardshrink", "lambd=0.5", ""),
    ("Hardsigmoid", "hardsigmoid", "inplace=False", "inplace"),
    ("Hardswish", "hardswish", "inplace=False", "inplace"),
    ("LeakyReLU", "leaky_relu", "negative_slope=0.01, inplace=False", "inplace"),
    ("LogSigmoid", "logsigmoid", "*args, **kwargs", ""),
    ("LogSoftmax", "log_softmax", "dim=None", "dim"),
    ("Mish", "mish", "inplace=False", "inplace"),
    ("RReLU", "rrelu", "lower=0.125, upper=0.3333333333333333, inplace=False", "inplace"),
    ("ReLU", "relu", "inplace=False", "inplace"),
    ("SELU", "selu", "inplace=False", "inplace"),
    ("SiLU", "silu", "inplace=False", "inplace"),
    ("Sigmoid", "sigmoid", "*args, **kwargs", ""),
    ("Softmax", "softmax", "dim=None", "dim"),
    ("Softmin", "softmin", "dim=None", "dim"),
    ("Softplus", "softplus", "beta=1.0, threshold=20.0", ""),
    ("Softshrink", "softshrink", "lambd=0.5", ""),
    ("Softsign", "softsign", "*args, **kwargs", ""),
    ("Tanh", "tanh", "*args, **kwargs", ""),
    ("Tanhshrink", "tanhshrink", "*args, **kwargs", ""),
)


def _calling(function: str, names: tuple[str, ...]) -> Callable[..., Any]:
    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return apply(
            f"torch.nn.functional.{function}", need, input, **{name: getattr(self, name) for name in names}
        )

    return forward


for _name, _function, _signature, _names in _TABLE:
    _kept = ("args", "kwargs") if "*" in _signature else ()
    _definition = type(_name, (), {"forward": _calling(_function, tuple(_names.split()))})
    layer(f"torch.nn.{_name}", _signature, not_kept=_kept)(_definition)


@layer(
    "torch.nn.Hardtanh",
    "min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None",
    not_kept=("min_value", "max_value"),
)
class Hardtanh:
    def build(self: Any, need: Need, min_value: Any, max_value: Any) -> None:
        if min_value is not None:
            self.min_val = min_value
        if max_value is not None:
            self.max_val = max_value
        if (
            isinstance(self.min_val, (int, float))
            and isinstance(self.max_val, (int, float))
            and self.max_val <= self.min_val
        ):
            message = f"max_val ({self.max_val}) must be greater than min_val ({self.min_val})"
            need.refuse("invalid-constructor-argument", message, "AssertionError")

    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return apply("torch.nn.functional.hardtanh", need, input, self.min_val, self.max_val, self.inplace)


@layer("torch.nn.ReLU6", "inplace=False", base="torch.nn.Hardtanh")
class ReLU6:
    def build(self: Any, need: Need) -> None:
        self.min_val, self.max_val = 0.0, 6.0

    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return apply("torch.nn.functional.hardtanh", need, input, self.min_val, self.max_val, self.inplace)


@layer("torch.nn.Threshold", "threshold, value, inplace=False")
class Threshold:
    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return apply("torch.nn.functional.threshold", need, input, self.threshold, self.value, self.inplace)


@layer("torch.nn.PReLU", "num_parameters=1, init=0.25, device=None, dtype=None")
class PReLU:
    def build(self: Any, need: Need, dtype: Any) -> None:
        count = size(need, self.num_parameters, "num_parameters")
        need.at_least(count, 0, "invalid-constructor-argument", "num_parameters", "the smallest size")
        self.weight = need.parameter((count,), dtype)

    def forward(self: Any, need: Need, input: Tensor) -> Any:
        return apply("torch.nn.functional.prelu", need, input, self.weight)


@layer("torch.nn.Softmax2d", "*args, **kwargs", not_kept=("args", "kwargs"))
class Softmax2d:
    def forward(self: Any, need: Need, input: Tensor) -> Any:
        need.rank(input, 3, 4)
        return apply("torch.nn.functional.softmax", need, input, -3)
