"""Cases for elementwise functions of one tensor and for activations: every dtype, every rank, zero sizes."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_ops_binary import DTYPES, both, dtype, on_ones, words
from tests.differential.compare import Op, T, find_torch

F = "torch.nn.functional."
S = "torch.special."
_BESSEL = words(
    "airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 erfcx log_ndtr modified_bessel_i0 modified_bessel_i1 "
    "modified_bessel_k0 modified_bessel_k1 ndtri scaled_modified_bessel_k0 scaled_modified_bessel_k1 spherical_bessel_j0"
)
_BOTH = words(
    "acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh cos cosh exp exp2 expm1 log log10 log1p "
    "log2 reciprocal rsqrt sigmoid sin sinc sinh tan tanh sqrt deg2rad digamma erf erfc erfinv i0 lgamma rad2deg angle sgn "
    "conj_physical conj resolve_conj resolve_neg sign neg negative positive abs absolute square ceil floor trunc fix frac "
    "bitwise_not isfinite isinf isnan isreal isneginf isposinf signbit logical_not logit nan_to_num"
)
_SPECIAL = words(
    "exp2 expit expm1 log1p sinc digamma entr erf erfc erfinv gammaln i0 i0e i1 i1e ndtr psi logit"
)


@cases(*both(*_BOTH), *(S + n for n in _SPECIAL + _BESSEL), "torch.frexp", "torch.Tensor.frexp")
def one(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), high=3), rng.choice(DTYPES))
    if rng.name.rsplit(".", 1)[1] in _BESSEL and x.dtype in ("float16", "bfloat16"):
        x = T(x.shape, "float64")  # half precision is computed on a GPU only
    return Op(rng.name, (x,), call=on_ones(find_torch(rng.name)), device="cpu")


@cases("torch.real", "torch.imag")
def parts(rng: Rng) -> Case:
    return Op(rng.name, (T(rng.shape(rng.randint(0, 4), high=3), rng.choice(DTYPES)),), device="cpu")


@cases(
    *(F + n for n in words(
        "relu relu6 hardtanh threshold silu mish hardswish hardsigmoid selu elu celu leaky_relu rrelu softplus "
        "hardshrink softshrink logsigmoid gelu tanh sigmoid softsign tanhshrink"
    )),
    "torch.relu", "torch.Tensor.relu", "torch.threshold", "torch.selu", "torch.celu", "torch.rrelu", "torch.hardshrink",
    "torch.Tensor.hardshrink",
)  # fmt: skip
def activations(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), high=3), rng.choice(DTYPES))
    name = rng.name.rsplit(".", 1)[1]
    args: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    if name == "threshold":
        args = (1, 2)
    elif name in ("hardtanh",) and rng.often(0.5):
        args = (0, 1)
    elif name in ("elu", "celu", "leaky_relu", "softplus", "hardshrink", "softshrink") and rng.often(0.5):
        args = (0.5,)
    elif name == "gelu" and rng.often(0.5):
        keywords = {"approximate": rng.choice(("tanh", "none", "sigmoid"))}
    if (
        rng.name.startswith(F)
        and name in ("relu", "elu", "silu", "selu", "mish", "hardswish")
        and rng.often(0.3)
    ):
        keywords["inplace"] = True
    return Op(rng.name, (x, *args), keywords, on_ones(find_torch(rng.name)), device="cpu")


@cases(F + "glu")
def glu(rng: Rng) -> Case:
    x = T(tuple(rng.choice((0, 1, 2, 4, 6, 3)) for _ in range(rng.randint(0, 4))), dtype(rng))
    return Op(rng.name, (x, rng.randint(-4, 3)) if rng.often(0.6) else (x,), device="cpu")


@cases(
    "torch.softmax", "torch.Tensor.softmax", "torch.log_softmax", "torch.Tensor.log_softmax", F + "softmax", F + "softmin",
    F + "log_softmax", S + "softmax", S + "log_softmax", F + "gumbel_softmax",
)  # fmt: skip
def softmax(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), high=3), dtype(rng))
    keywords: dict[str, Any] = {"dim": rng.randint(-4, 3)}
    if rng.name.startswith(F) and rng.often(0.3):
        del keywords["dim"]
    if rng.often(0.2) and not rng.name.endswith("gumbel_softmax"):
        from shapelint.values import DType

        keywords["dtype"] = DType(rng.choice(("float32", "float64", "int64")))
    return Op(rng.name, (x,), keywords, on_ones(find_torch(rng.name)), device="cpu")


@cases("torch.round", "torch.Tensor.round", S + "round")
def rounding(rng: Rng) -> Case:
    keywords = {"decimals": rng.randint(0, 2)} if rng.often(0.5) else {}
    x = T(rng.shape(rng.randint(0, 4), high=3), rng.choice(DTYPES))
    return Op(rng.name, (x,), keywords, on_ones(find_torch(rng.name)), device="cpu")


@cases("torch.polygamma", S + "polygamma", "torch.Tensor.polygamma")
def polygamma(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), high=3), dtype(rng))
    args = (x, rng.randint(-1, 3)) if "Tensor" in rng.name else (rng.randint(-1, 3), x)
    return Op(rng.name, args, call=on_ones(find_torch(rng.name)), device="cpu")


@cases("torch.prelu", "torch.Tensor.prelu", F + "prelu")
def prelu(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 4), low=1, high=3)
    channels = shape[1] if len(shape) > 1 and rng.often() else rng.randint(0, 3)
    weight = T(
        rng.choice(((), (1,), (channels,), (channels,), (1, channels))),
        "float32" if rng.often(0.9) else dtype(rng),
    )
    return Op(rng.name, (T(shape, "float32" if rng.often(0.9) else dtype(rng)), weight), device="cpu")
