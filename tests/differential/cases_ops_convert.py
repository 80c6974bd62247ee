"""Cases for conversions, copies and what a tensor tells of itself."""

from __future__ import annotations

from typing import Any

from shapelint.values import DType
from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_ops_binary import DTYPES, words
from tests.differential.compare import Op, T

M = "torch.Tensor."


def _tensor(rng: Rng) -> T:
    return T(rng.shape(rng.randint(0, 4), high=3), rng.choice(DTYPES))


@cases(*(M + n for n in words(
    "float double half bfloat16 long int short char byte bool cfloat cdouble chalf clone contiguous detach cpu dim "
    "ndimension numel nelement element_size is_floating_point is_complex is_signed type requires_grad_"
)), "torch.clone", "torch.detach", "torch.numel", "torch.is_floating_point", "torch.is_complex", "torch.is_signed",
    "torch.is_tensor")  # fmt: skip
def plain(rng: Rng) -> Case:
    x = _tensor(rng)
    if rng.name.endswith(".type"):
        return Op(
            rng.name,
            (T(x.shape, rng.choice(words("bool int64 int32 float32 float64 float16"))),),
            device="cpu",
        )
    return Op(rng.name, (x,), device="cpu")


@cases(M + "size")
def size(rng: Rng) -> Case:
    return Op(rng.name, (_tensor(rng), rng.choice((None, *range(-4, 4)))))


@cases(M + "to")
def to(rng: Rng) -> Case:
    x, dtype = _tensor(rng), DType(rng.choice(DTYPES))
    args: tuple[Any, ...] = rng.choice((
        (dtype,), ("cpu",), ("cpu", dtype), (dtype, True), (dtype, False, True), (T((1,), rng.choice(DTYPES)),),
        (None, dtype),
        ("cpu", dtype, False, True), (),
    ))  # fmt: skip
    keywords = rng.choice(({"dtype": dtype}, {"device": "cpu"}, {"copy": True})) if not args else {}
    return Op(rng.name, (x, *args), keywords, device="cpu")


@cases(M + "type_as", "torch.is_same_size")
def two(rng: Rng) -> Case:
    return Op(rng.name, (_tensor(rng), _tensor(rng)), device="cpu")
