"""Elementwise functions of one tensor: the shape stays; a table says what becomes of the dtype, and what is refused.

Kinds are letters: b(ool), i(nteger), f(loat), c(omplex).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.specs import layouts
from shapelint.specs.arguments import dtype_name
from shapelint.specs.need import Need
from shapelint.specs.ops.approximate import rising
from shapelint.specs.ops.arithmetic import both
from shapelint.specs.ops.elementwise import elementwise, takes, written
from shapelint.specs.ops.promotion import category, to_float, to_real
from shapelint.specs.registry import op
from shapelint.values import Tensor

Law = Callable[..., Tensor]


def _special(*names: str) -> str:
    return ", ".join(f"torch.special.{n}" for n in names)


def _same(dtype: str | None, default: str) -> str | None:
    return dtype


def _bool(dtype: str | None, default: str) -> str | None:
    return "bool"


def _real(dtype: str | None, default: str) -> str | None:
    return to_real(dtype)


def _angle(dtype: str | None, default: str) -> str | None:
    return to_real(to_float(dtype, default))


def _counted(dtype: str | None, default: str) -> str | None:
    return "int64" if dtype == "bool" else dtype


def unary(
    kinds: str, becomes: Callable[[str | None, str], str | None], compute: Callable[[Any], Any] | None = None
) -> Law:
    """The law of an elementwise function: the input's shape, its dtype through `becomes`."""

    def law(need: Need, input: Tensor, out: Any = None) -> Tensor:
        takes(need, input, kinds, always=True)
        dtype = becomes(input.dtype, need.recorder.default_dtype)
        return written(elementwise(need, input, dtype=dtype, compute=compute, at=input.dtype), out)

    return law


_ONE = "input, *, out=None"

# What computes in floating point: integers become the default float.
op(both(
    "acos", "acosh", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "asin", "asinh", "atan", "atanh", "cos",
    "cosh", "expm1", "log1p", "reciprocal", "rsqrt", "sigmoid", "sin", "sinc", "sinh", "tan", "tanh",
) + ", " + _special("exp2", "expit", "expm1", "log1p", "sinc"), _ONE)(unary("bifc", to_float))  # fmt: skip
for _name, _function in (
    ("exp", math.exp),
    ("exp2", lambda a: 2.0**a),
    ("log", math.log),
    ("log2", math.log2),
    ("log10", math.log10),
    ("sqrt", math.sqrt),
):
    op(both(_name), _ONE)(unary("bifc", to_float, rising(_function)))
op(both("deg2rad", "digamma", "erf", "erfc", "erfinv", "i0", "lgamma", "rad2deg") + ", " + _special(
    "digamma", "entr", "erf", "erfc", "erfinv", "gammaln", "i0", "i0e", "i1", "i1e", "ndtr", "psi", "airy_ai", "bessel_j0",
    "bessel_j1", "bessel_y0", "bessel_y1", "erfcx", "log_ndtr", "modified_bessel_i0", "modified_bessel_i1",
    "modified_bessel_k0", "modified_bessel_k1", "ndtri", "scaled_modified_bessel_k0", "scaled_modified_bessel_k1",
    "spherical_bessel_j0",
), _ONE)(unary("bif", to_float))  # fmt: skip
op(both("angle"), _ONE)(unary("bifc", _angle))

# What keeps the dtype.
op(both("sgn", "conj_physical"), _ONE)(unary("bifc", _same))
op(both("conj", "resolve_conj", "resolve_neg"), "input")(unary("bifc", _same))
op(both("sign"), _ONE)(unary("bif", _same, lambda a: (a > 0) - (a < 0)))
op(both("neg", "negative"), _ONE)(unary("ifc", _same, lambda a: -a))
op(both("positive"), "input")(unary("ifc", _same, lambda a: a))
op(both("abs", "absolute"), _ONE)(unary("ifc", _real, abs))
op("torch.Tensor.__abs__", "self")(lambda need, self: unary("ifc", _real, abs)(need, self))
op(both("square"), _ONE)(unary("bifc", _counted, lambda a: a * a))
op(both("ceil"), _ONE)(unary("if", _same, math.ceil))
op(both("floor"), _ONE)(unary("if", _same, math.floor))
op(both("trunc", "fix"), _ONE)(unary("if", _same, math.trunc))
op(both("frac"), _ONE)(unary("f", _same))
op(both("bitwise_not"), _ONE)(unary("bi", _same, lambda a: not a if isinstance(a, bool) else ~a))

# Questions.
op(both("isfinite", "isinf", "isnan", "isreal"), "input")(unary("bifc", _bool))
op(both("isneginf", "isposinf", "signbit"), _ONE)(unary("bif", _bool))
op(both("logical_not"), _ONE)(unary("bifc", _bool, lambda a: not a))


@op("torch.special.round", "input, *, decimals=0, out=None")
@op(both("round"), "input, *, decimals=None, out=None")
def round_(need: Need, input: Tensor, decimals: Any = None, out: Any = None) -> Tensor:
    """To the nearest integer (or decimal, then floats only), halves to even."""
    takes(need, input, "if" if decimals is None else "f", always=True)
    return written(elementwise(need, input, dtype=input.dtype, compute=None if decimals else round), out)


@op(both("logit") + ", torch.special.logit", "input, eps=None, *, out=None")
def logit(need: Need, input: Tensor, eps: Any = None, out: Any = None) -> Tensor:
    """log(x / (1 - x))."""
    return unary("bif", to_float)(need, input, out)


@op(both("nan_to_num"), "input, nan=0.0, posinf=None, neginf=None, *, out=None")
def nan_to_num(
    need: Need, input: Tensor, nan: Any = 0.0, posinf: Any = None, neginf: Any = None, out: Any = None
) -> Tensor:
    """The shape and dtype stay."""
    return written(input.like(), out)


@op("torch.polygamma, torch.special.polygamma", "n, input, *, out=None")
def polygamma(need: Need, n: Any, input: Tensor, out: Any = None) -> Tensor:
    """The n-th derivative of digamma."""
    if isinstance(n, int) and n < 0:
        need.refuse("call-refused", f"polygamma takes no negative n, it is {n}")
    return unary("bif", to_float)(need, input, out)


@op("torch.Tensor.polygamma", "input, n")
def polygamma_method(need: Need, input: Tensor, n: Any) -> Tensor:
    """The n-th derivative of digamma."""
    return polygamma(need, n, input)


@op(both("mvlgamma") + ", torch.special.multigammaln", "input, p, *, out=None")
def mvlgamma(need: Need, input: Tensor, p: Any, out: Any = None) -> Tensor:
    """The multivariate log-gamma function."""
    if isinstance(p, int) and p < 1:
        need.refuse("call-refused", f"p must be at least 1, it is {p}")
    made: Tensor = unary("if", to_float)(need, input, out)
    made.layout = None
    return made


@op("torch.real, torch.Tensor.real", "input")
def real(need: Need, input: Tensor) -> Tensor:
    """The real part; a real tensor is its own."""
    return input.like(to_real(input.dtype)) if input.dtype is None or category(input.dtype) == 3 else input


@op("torch.imag, torch.Tensor.imag", "input")
def imag(need: Need, input: Tensor) -> Tensor:
    """The imaginary part, of complex tensors only."""
    takes(need, input, "c", always=True)
    return input.like(to_real(input.dtype))


@op("torch.special.softmax", "input, dim, *, dtype=None")
@op("torch.softmax, torch.Tensor.softmax", "input, dim, dtype=None, *, out=None")
def softmax(need: Need, input: Tensor, dim: Any, dtype: Any = None, out: Any = None) -> Tensor:
    """Along `dim` the results sum to 1; shape and dtype stay. Marks the result."""
    return _normalised(need, input, dim, dtype, out, "softmax")


@op("torch.special.log_softmax", "input, dim, *, dtype=None")
@op("torch.log_softmax, torch.Tensor.log_softmax", "input, dim, dtype=None, *, out=None")
def log_softmax(need: Need, input: Tensor, dim: Any, dtype: Any = None, out: Any = None) -> Tensor:
    """The logarithm of softmax."""
    return _normalised(need, input, dim, dtype, out, "log_softmax")


def _normalised(need: Need, input: Tensor, dim: Any, dtype: Any, out: Any, mark: str) -> Tensor:
    made = layouts.new(input.like(dtype_name(dtype, input.dtype)))
    takes(need, made, "f")
    if input.known:
        axis = need.axis(dim, max(input.rank, 1))
        made.marks = frozenset({f"{mark}:{axis}"})
    return written(made, out)


@op(both("frexp"), "input, *, out=None")
def frexp(need: Need, input: Tensor, out: Any = None) -> tuple[Tensor, Tensor]:
    """Mantissa and (int32) exponent."""
    takes(need, input, "f", always=True)
    return input.like(), input.like("int32")


@op(both("prelu") + ", torch.nn.functional.prelu", "input, weight")
def prelu(need: Need, input: Tensor, weight: Tensor) -> Tensor:
    """max(0, x) + weight * min(0, x): one weight, or one a channel (axis 1)."""
    if input.dtype is not None and weight.dtype is not None and input.dtype != weight.dtype:
        need.refuse("wrong-dtype", f"the weight is {weight.dtype}, the input is {input.dtype}")
    takes(need, input, "f", always=True)
    if weight.known and weight.rank > 1:
        need.refuse("wrong-rank", f"the weight must be a number or have 1 axis, it has {weight.rank}")
    if weight.known and input.known and weight.rank == 1:
        [count] = weight.shape
        if dims.equal(count, 1).no:
            channels = input.shape[1] if input.rank > 1 else 1
            need.equal(
                channels, count, "norm-size-mismatch", "the input's channels (axis 1)", "num_parameters"
            )
    return input.like()
