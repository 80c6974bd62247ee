"""Arithmetic of two operands: broadcast shapes, promoted dtypes. A table of names, a few laws.

An operand may be a tensor or a number, on either side: the operators `+ - * / // % **` come here too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from shapelint import dims
from shapelint.specs.need import Need
from shapelint.specs.ops import approximate
from shapelint.specs.ops.elementwise import elementwise, nonempty, operand, takes, written
from shapelint.specs.ops.promotion import category, number_kind, result_type, to_float
from shapelint.specs.registry import op
from shapelint.values import Tensor, Undetermined, Unknown
from shapelint.values.torch_types import complex_of, is_complex, is_float

_COMMON = "the operands' common dtype"

Law = Callable[..., Tensor]


def both(*names: str) -> str:
    """Each name as a function of torch and as a method of Tensor."""
    return ", ".join(f"torch.{n}, torch.Tensor.{n}" for n in names)


def promoted(
    kinds: str,
    compute: Callable[..., Any] | None = None,
    *,
    floats: bool = False,
    numbers: bool = True,
    zero: bool = False,
) -> Law:
    """The law of an operation whose result has the operands' common dtype (its float version with `floats`)."""

    def law(need: Need, input: Any, other: Any, out: Any = None) -> Tensor:
        operands = (operand(need, input), operand(need, other))
        if not numbers and number_kind(other) is not None:
            need.refuse(
                "call-refused", f"both operands must be tensors, one is the number {other}", "TypeError"
            )
        common = result_type(need, *operands)
        takes(need, common, kinds, what=_COMMON)
        if zero:
            _not_by_zero(need, common, *operands)
        dtype = to_float(common, need.recorder.default_dtype) if floats else common
        return written(elementwise(need, *operands, dtype=dtype, compute=compute), out)

    return law


def _not_by_zero(need: Need, common: str | None, dividend: Any, divisor: Any) -> None:
    if type(divisor) is int and divisor == 0 and common is not None and category(common) == 1:
        if isinstance(dividend, Tensor) and nonempty(dividend):
            need.refuse("call-refused", "integers are divided by zero")


def _trunc_mod(a: Any, b: Any) -> Any:
    return math.fmod(a, b) if isinstance(a, float) else int(math.copysign(1, a)) * (abs(a) % abs(b))


_PAIR = "input, other, *, out=None"

op(both("mul", "multiply"), _PAIR)(promoted("bifc", lambda a, b: a * b))
op(both("remainder"), _PAIR)(promoted("if", lambda a, b: a % b, zero=True))
op(both("fmod"), _PAIR)(promoted("if", _trunc_mod, zero=True))
op(both("maximum"), _PAIR)(promoted("bif", max, numbers=False))
op(both("minimum"), _PAIR)(promoted("bif", min, numbers=False))
op(both("fmax", "fmin"), _PAIR)(promoted("bif", numbers=False))
op(both("atan2", "arctan2"), _PAIR)(promoted("bif", floats=True, numbers=False))
op(both("copysign", "xlogy") + ", torch.special.xlogy, torch.special.xlog1py", _PAIR)(
    promoted("bif", floats=True)
)
op(both("hypot", "nextafter", "igamma", "igammac", "logaddexp2"), _PAIR)(promoted("f", numbers=False))
op("torch.special.gammainc, torch.special.gammaincc", _PAIR)(promoted("f", numbers=False))
op(both("logaddexp"), _PAIR)(promoted("fc", numbers=False))
op(both("gcd", "lcm"), _PAIR)(promoted("i", numbers=False))


@op(both("add"), "input, other, *, alpha=1, out=None")
def add(need: Need, input: Any, other: Any, alpha: Any = 1, out: Any = None) -> Tensor:
    """input + alpha * other."""
    operands = (operand(need, input), operand(need, other))
    dtype = result_type(need, *operands)
    _alpha(need, dtype, alpha)
    if isinstance(alpha, int) and alpha == 1:
        return written(elementwise(need, *operands, dtype=dtype, compute=lambda a, b: a + b), out)
    return written(elementwise(need, *operands, dtype=dtype), out)


@op(both("sub", "subtract"), "input, other, *, alpha=1, out=None")
def sub(need: Need, input: Any, other: Any, alpha: Any = 1, out: Any = None) -> Tensor:
    """input - alpha * other. Bools are not subtracted."""
    operands = (operand(need, input), operand(need, other))
    dtype = result_type(need, *operands)
    _no_bool(need, *operands)
    _alpha(need, dtype, alpha)
    if isinstance(alpha, int) and alpha == 1:
        return written(elementwise(need, *operands, dtype=dtype, compute=lambda a, b: a - b), out)
    return written(elementwise(need, *operands, dtype=dtype), out)


@op("torch.rsub", "input, other, *, alpha=1")
def rsub(need: Need, input: Any, other: Any, alpha: Any = 1) -> Tensor:
    """other - alpha * input."""
    return sub(need, other, input, alpha)


def _no_bool(need: Need, *operands: Any) -> None:
    if any(o is True or o is False or (isinstance(o, Tensor) and o.dtype == "bool") for o in operands):
        need.refuse("wrong-dtype", "a bool cannot be subtracted (use ~ or logical_xor)")


def _alpha(need: Need, dtype: str | None, alpha: Any) -> None:
    kind = number_kind(alpha)
    if dtype is None or kind is None:
        return
    if kind == "bool" and dtype != "bool":
        need.refuse("wrong-dtype", f"alpha is a bool and the result is {dtype}")
    if category(dtype) < {"bool": 0, "int": 0, "float": 2, "complex": 3}[kind]:
        need.refuse("wrong-dtype", f"alpha is a {kind} number and the result is {dtype}")


@op(both("div", "divide", "true_divide"), "input, other, *, rounding_mode=None, out=None")
def div(need: Need, input: Any, other: Any, rounding_mode: Any = None, out: Any = None) -> Tensor:
    """input / other: never an integer, unless it is rounded."""
    operands = (operand(need, input), operand(need, other))
    common = result_type(need, *operands)
    if isinstance(rounding_mode, Unknown):  # the shape is the same, rounded or not
        return written(elementwise(need, *operands, dtype=None), out)
    if rounding_mode is None:
        dtype = to_float(common, need.recorder.default_dtype)
        return written(elementwise(need, *operands, dtype=dtype, compute=lambda a, b: a / b), out)
    if rounding_mode not in ("trunc", "floor"):
        need.refuse(
            "call-refused", f"rounding_mode must be None, 'trunc' or 'floor', it is {rounding_mode!r}"
        )
    takes(need, common, "if", what=_COMMON)
    _not_by_zero(need, common, *operands)
    compute = (lambda a, b: a // b) if rounding_mode == "floor" else _quotient_cut
    return written(elementwise(need, *operands, dtype=common, compute=compute), out)


def _quotient_cut(a: Any, b: Any) -> Any:
    """The quotient of two integers, its fraction left out; floats are divided in their own precision, which is not followed."""
    if isinstance(a, float) or isinstance(b, float):
        raise Undetermined("a quotient of floats, rounded")
    if isinstance(a, int) and isinstance(b, int):
        return abs(a) // abs(b) * (1 if (a < 0) is (b < 0) else -1)
    if dims.less_equal(0, a).yes and dims.less(0, b).yes:
        return a // b
    raise Undetermined("which way a quotient is rounded")


@op(both("floor_divide"), _PAIR)
def floor_divide(need: Need, input: Any, other: Any, out: Any = None) -> Tensor:
    """input // other, rounded down, in the common dtype."""
    return div(need, input, other, "floor", out)


@op(both("pow"), "input, exponent, *, out=None")
def power(need: Need, input: Any, exponent: Any, out: Any = None) -> Tensor:
    """input ** exponent in the common dtype; integers have no negative powers."""
    operands = (operand(need, input), operand(need, exponent, "the exponent"))
    dtype = result_type(need, *operands)
    if dtype is not None and category(dtype) == 1 and type(exponent) is int and exponent < 0:
        need.refuse("call-refused", f"integers have no negative powers, the exponent is {exponent}")
    if (
        not isinstance(input, Tensor)
        or isinstance(exponent, Tensor)
        or number_kind(exponent) not in ("int", "bool")
        or exponent not in (0, 1)
    ):
        takes(need, dtype, "ifc", what=_COMMON)
    return written(elementwise(need, *operands, dtype=dtype, compute=_power), out)


def _power(a: Any, b: Any) -> Any:
    if b == 2:
        return a * a
    if isinstance(a, int) and isinstance(b, int) and b >= 0:
        return pow(a, b, 1 << 64)  # integers wrap: of a large power no more than that is worked out
    return approximate.power(a, b)


@op(both("float_power"), "input, exponent, *, out=None")
def float_power(need: Need, input: Any, exponent: Any, out: Any = None) -> Tensor:
    """input ** exponent in double precision."""
    operands = (operand(need, input), operand(need, exponent, "the exponent"))
    common = result_type(need, *operands)
    dtype = None if common is None else "complex128" if is_complex(common) else "float64"
    return written(elementwise(need, *operands, dtype=dtype), out)


@op(both("ldexp"), _PAIR)
def ldexp(need: Need, input: Tensor, other: Tensor, out: Any = None) -> Tensor:
    """input * 2**other."""
    if is_float(input.dtype):
        takes(need, other, "ifc", always=True, what="other")
    return written(
        elementwise(
            need, input, other, dtype=to_float(result_type(need, input, other), need.recorder.default_dtype)
        ),
        out,
    )


@op(both("heaviside"), "input, values, *, out=None")
def heaviside(need: Need, input: Tensor, values: Tensor, out: Any = None) -> Tensor:
    """0, 1, or `values` where input is 0; one dtype for all."""
    if input.dtype is not None and values.dtype is not None and input.dtype != values.dtype:
        need.refuse("wrong-dtype", f"input is {input.dtype}, values is {values.dtype}: they must be the same")
    takes(need, input, "bif", always=True)
    return elementwise(need, input, values, dtype=input.dtype)


_POLYNOMIALS = (
    "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w hermite_polynomial_h "
    "hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p shifted_chebyshev_polynomial_t "
    "shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w"
)


@op(", ".join(f"torch.special.{n}" for n in _POLYNOMIALS.split()), "input, n, *, out=None")
def polynomial(need: Need, input: Any, n: Any, out: Any = None) -> Tensor:
    """The n-th polynomial at input; both broadcast."""
    return promoted("bif", floats=True)(need, input, n, out)


op("torch.special.zeta", "input, other, *, out=None")(promoted("bif", floats=True))


@op("torch.complex", "real, imag, *, out=None")
def make_complex(need: Need, real: Tensor, imag: Tensor, out: Any = None) -> Tensor:
    """real + i imag, of the complex dtype with these parts."""
    return _parts(need, real, imag, ("float16", "float32", "float64"))


@op("torch.polar", "abs, angle, *, out=None")
def polar(need: Need, abs: Tensor, angle: Tensor, out: Any = None) -> Tensor:
    """abs * exp(i angle), of the complex dtype with these parts."""
    return _parts(need, abs, angle, ("float32", "float64"))


def _parts(need: Need, a: Tensor, b: Tensor, kinds: tuple[str, ...]) -> Tensor:
    for part in (a, b):
        if part.dtype is not None and part.dtype not in kinds:
            need.refuse("wrong-dtype", f"both parts must be {' or '.join(kinds)}, one is {part.dtype}")
    if a.dtype is not None and b.dtype is not None and a.dtype != b.dtype:
        need.refuse("wrong-dtype", f"both parts must have one dtype, they are {a.dtype} and {b.dtype}")
    dtype = a.dtype or b.dtype
    if dtype is None:
        return elementwise(need, a, b, dtype=None)
    return elementwise(need, a, b, dtype="complex32" if dtype == "float16" else complex_of(dtype))
