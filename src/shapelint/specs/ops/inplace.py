"""In-place twins: `x.foo_(…)` computes what `x.foo(…)` does and writes it over x, where it must fit in shape and dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.specs.need import Need, show
from shapelint.specs.ops import activations, arithmetic, choose, compare, unary
from shapelint.specs.ops.elementwise import elementwise, nonempty, takes
from shapelint.specs.ops.promotion import castable, category
from shapelint.specs.registry import op, ops
from shapelint.values import Tensor

# The out-of-place laws must be registered before this table is read.
_SOURCES = (activations, arithmetic, choose, compare, unary)

_METHODS = (
    "abs absolute acos acosh add addcdiv addcmul arccos arccosh arcsin arcsinh arctan2 arctan arctanh "
    "asin asinh atan2 atan atanh bitwise_and bitwise_left_shift bitwise_not bitwise_or "
    "bitwise_right_shift bitwise_xor ceil clamp clamp_max clamp_min clip conj_physical copysign cos cosh "
    "deg2rad digamma div divide eq erf erfc erfinv exp2 exp expm1 fix float_power floor floor_divide fmod "
    "frac gcd ge greater greater_equal gt heaviside hypot i0 igamma igammac lcm ldexp le lerp less "
    "less_equal lgamma log10 log1p log2 log logical_and logical_not logical_or logical_xor logit lt "
    "masked_fill mul multiply mvlgamma nan_to_num ne neg negative nextafter not_equal polygamma pow "
    "rad2deg reciprocal relu remainder round rsqrt sgn sigmoid sign sin sinc sinh sqrt square sub "
    "subtract tan tanh true_divide trunc xlogy"
)

_FUNCTIONS = (
    "abs acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh ceil celu clamp "
    "clamp_max clamp_min clip conj_physical cos cosh deg2rad erf erfc exp2 exp expm1 fix floor frac gcd "
    "i0 lcm ldexp log10 log1p log2 log logit nan_to_num neg negative rad2deg reciprocal relu round rrelu "
    "rsqrt selu sigmoid sin sinc sinh sqrt square tan tanh threshold trunc xlogy"
)

_ACTIVATIONS = ["celu", "elu", "hardtanh", "leaky_relu", "relu", "rrelu", "selu", "threshold"]


def written_over(need: Need, target: Tensor, result: Tensor) -> Tensor:
    """`result` as it lies in `target`: the target's shape and dtype. Refuses a result that does not fit."""
    if not castable(result.dtype, target.dtype):
        need.refuse(
            "wrong-dtype", f"the result is {result.dtype}, it does not fit in place into {target.dtype}"
        )
    if result.box is not target.box and result.known and target.known and not need.failed:
        if len(result.shape) != len(target.shape):
            need.refuse(
                "broadcast-mismatch",
                f"the result is {show(result.shape)}, it does not fit in place into {show(target.shape)}",
            )
        for axis, (got, held) in enumerate(zip(result.shape, target.shape, strict=True)):
            need.equal(
                got,
                held,
                "broadcast-mismatch",
                f"axis {axis} of the result",
                f"axis {axis} of the tensor written to",
            )
    made = target.like()
    made.after_failure = need.failed or target.after_failure or result.after_failure
    made.layout = target.layout
    if result.data is not None and result.dtype == target.dtype and result.known and target.known:
        made.data = result.data if len(result.data) == target.numel else None
    return made


def _twin(law: Callable[..., Any], first: str, base: str) -> Callable[..., Tensor]:
    def twin(need: Need, **bound: Any) -> Tensor:
        target = bound[first]
        bound.pop("inplace", None)
        if base in ("abs", "absolute") and target.dtype is not None and category(target.dtype) == 3:
            need.refuse("wrong-dtype", "abs in place does not take complex tensors")
        result = law(need, **bound)
        if base == "float_power" and target.dtype and result.dtype and target.dtype != result.dtype:
            need.refuse(
                "wrong-dtype", f"the result is {result.dtype}, it does not fit in place into {target.dtype}"
            )
        return written_over(need, target, result)

    return twin


def _register(source: str, name: str) -> None:
    entry = ops[source]
    first = entry.signature.parameters[0].name
    text = entry.text.replace(", *, out=None", "").replace(", out=None", "").replace(", inplace=False", "")
    op(name, text, inplace=True)(_twin(entry.law, first, source.rsplit(".", 1)[1]))


for _base in _METHODS.split():
    _register(f"torch.Tensor.{_base}", f"torch.Tensor.{_base}_")
for _base in _FUNCTIONS.split():
    _register(f"torch.{_base}", f"torch.{_base}_")
for _base in _ACTIVATIONS:
    _register(f"torch.nn.functional.{_base}", f"torch.nn.functional.{_base}_")


@op("torch.Tensor.copy_", "self, src, non_blocking=False", inplace=True)
def copy_(need: Need, self: Tensor, src: Tensor, non_blocking: Any = False) -> Tensor:
    """Writes src, broadcast, over self; any dtype is converted."""
    made = self.like()
    if self.known and src.known:
        _broadcasts_into(need, src, self)
        if src.data is not None and src.shape == self.shape and src.dtype == self.dtype:
            made.data = src.data
    return made


def _broadcasts_into(need: Need, source: Tensor, target: Tensor) -> None:
    result = elementwise(need, target, source, dtype=target.dtype)
    written_over(need, target, result)


@op("torch.Tensor.fill_, torch.fill_", "input, value", inplace=True)
def fill_(need: Need, input: Tensor, value: Any) -> Tensor:
    """The same number everywhere."""
    choose.fill(need, input, value)
    return input.like()


@op("torch.fill", "input, value")
def fill(need: Need, input: Tensor, value: Any) -> Tensor:
    """A tensor of the input's shape with the same number everywhere."""
    return fill_(need, input, value)


@op("torch.Tensor.zero_, torch.zero_", "input", inplace=True)
def zero_(need: Need, input: Tensor) -> Tensor:
    """Zeros everywhere."""
    return input.like()


def _initialiser(kinds: str, *, always: bool = False) -> Callable[..., Tensor]:
    def law(need: Need, self: Tensor, **options: Any) -> Tensor:
        takes(need, self, kinds, always=always)
        return self.like()

    return law


op("torch.Tensor.normal_", "self, mean=0, std=1, *, generator=None", inplace=True)(_initialiser("fc"))
op("torch.Tensor.uniform_", "self, low=0, to=1, *, generator=None", inplace=True)(
    _initialiser("fc", always=True)
)
op("torch.Tensor.exponential_", "self, lambd=1, *, generator=None", inplace=True)(_initialiser("f"))
op("torch.Tensor.cauchy_", "self, median=0, sigma=1, *, generator=None", inplace=True)(
    _initialiser("f", always=True)
)
op("torch.Tensor.log_normal_", "self, mean=1, std=2, *, generator=None", inplace=True)(_initialiser("f"))
op("torch.Tensor.geometric_", "self, p, *, generator=None", inplace=True)(_initialiser("if"))
op("torch.Tensor.random_", "self, low=0, to=None, *, generator=None", inplace=True)(_initialiser("bif"))


@op("torch.Tensor.bernoulli_", "self, p=0.5, *, generator=None", inplace=True)
def bernoulli_(need: Need, self: Tensor, p: Any = 0.5, generator: Any = None) -> Tensor:
    """Zeros and ones; a tensor of probabilities broadcasts into self."""
    takes(need, self, "bif")
    if isinstance(p, Tensor) and self.known and p.known and nonempty(self):
        if p.rank > self.rank:
            need.refuse("broadcast-mismatch", f"p has {p.rank} axes, the tensor written to {self.rank}")
        _broadcasts_into(need, p, self)
    return self.like()


@op("torch.Tensor.fill_diagonal_", "self, fill_value, wrap=False", inplace=True)
def fill_diagonal_(need: Need, self: Tensor, fill_value: Any, wrap: Any = False) -> Tensor:
    """A number on the main diagonal of a matrix, or of a cube."""
    shape = need.axes(self, "H W *")
    for size in shape[1:] if len(shape) > 2 else ():
        need.equal(size, shape[0], "call-refused", "an axis of the input", "its first axis")
    return self.like()
