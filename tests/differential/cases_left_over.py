"""Cases for what the families leave over: twins under other names, special functions, attributes, sizes that depend on data."""

from __future__ import annotations

from typing import Any

import torch

from shapelint.values import DType
from tests.differential.cases import Case, Rng, cases, generators
from tests.differential.cases_nn_pooling import image, window
from tests.differential.cases_ops_binary import DTYPES, dtype, on_ones, partner, words
from tests.differential.cases_ops_creation import _data, _options, _sizes
from tests.differential.compare import Layer, Op, T, find_torch

F = "torch.nn.functional."
M = "torch.Tensor."
S = "torch.special."
_POLYNOMIALS = words(
    "chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w hermite_polynomial_h "
    "hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p shifted_chebyshev_polynomial_t "
    "shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w zeta"
)


@cases(*(S + name for name in _POLYNOMIALS))
def two_orders(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 3), high=3)
    kind = words("float32 float32 float64 int64 int32 bool")
    args = [T(shape, rng.choice(kind)), T(partner(rng, shape), rng.choice(kind))]
    if rng.often(0.3):
        args[rng.randint(0, 1)] = rng.choice((2, 3, 1.5))
    return Op(rng.name, tuple(args), call=on_ones(find_torch(rng.name)), device="cpu")


@cases(
    *(
        f"torch.signal.windows.{n}"
        for n in words("blackman exponential gaussian general_hamming kaiser nuttall")
    )
)
def signal_window(rng: Rng) -> Case:
    options = {"dtype": DType(rng.choice(("float32", "float64", "int64")))} if rng.often(0.3) else {}
    return Op(
        rng.name,
        (rng.randint(-1, 6),),
        {**options, **({"sym": False} if rng.often(0.3) else {})},
        device="cpu",
    )


@cases("torch.mvlgamma", S + "multigammaln", M + "mvlgamma")
def multigamma(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 3), high=3), rng.choice(words("float32 float32 float64 int64 bool")))
    torch_s = find_torch(rng.name)
    return Op(
        rng.name,
        (x, rng.randint(0, 3)),
        call=lambda x, p: torch_s(torch.full_like(x, 9) if x.dtype != torch.bool else x, p),
        device="cpu",
    )


# ---- legacy constructors, empty tensors with strides


@cases(*(f"torch.{n}Tensor" for n in words("BFloat16 Byte Char Half Int Short")), M + "new")
def legacy(rng: Rng) -> Case:
    first: tuple[Any, ...] = (
        (T((2, 3), rng.choice(words("float32 int64"))),) if rng.name.endswith("new") else ()
    )
    form = rng.randint(0, 2)
    if form == 0:
        return Op(rng.name, (*first, *_sizes(rng)), device="cpu")
    value = list(_sizes(rng)) if form == 1 else _data(rng, rng.randint(1, 3))
    if "1j" in str(value) or "-1" in str(value):
        value = []
    return Op(rng.name, (*first, value), device="cpu")


@cases("torch.empty_strided", M + "new_empty_strided", "torch.empty_permuted")
def strided(rng: Rng) -> Case:
    size = _sizes(rng)
    other = tuple(rng.randint(0, 4) for _ in size)
    if rng.name.endswith("permuted"):
        other = tuple(rng.sample(range(len(size)), len(size)))
    if rng.often(0.1):
        other = (*other, 1)
    first = (T((2,), rng.choice(DTYPES)),) if rng.name.startswith(M) else ()
    return Op(rng.name, (*first, size, other), _options(rng), device="cpu")


@cases("torch.range")
def inclusive(rng: Rng) -> Case:
    args = tuple(rng.choice((0, 1, -2, 5, 2.5, 7)) for _ in range(rng.randint(1, 3)))
    return Op(rng.name, args, {"dtype": DType("int64")} if rng.often(0.2) else {}, device="cpu")


@cases(M + "resize_", M + "resize_as_", M + "resize", M + "resize_as")
def resized(rng: Rng) -> Case:
    least = 0 if rng.name.endswith("_") else 1  # what is deprecated does not take tensors without axes
    x = T(rng.shape(rng.randint(least, 3)), rng.choice(DTYPES))
    sizes = rng.shape(rng.randint(least, 3)) if rng.often(0.7) else x.shape[::-1]
    if "resize_as" in rng.name:
        return Op(rng.name, (x, T(sizes, x.dtype)), device="cpu")
    listed = least == 0 and (not sizes or rng.often(0.5))
    return Op(rng.name, (x, list(sizes)) if listed else (x, *sizes), device="cpu")


# ---- what a tensor says of itself


_SAYS = words("shape dtype nbytes is_conj is_neg is_inference is_nonzero is_contiguous is_pinned storage_offset stride "
              "get_device item tolist __len__ __bool__ __int__ __float__ __index__ __abs__")  # fmt: skip


@cases(
    *(M + name for name in _SAYS), "torch.is_conj", "torch.is_neg", "torch.is_inference", "torch.is_nonzero"
)
def says(rng: Rng) -> Case:
    x = T(
        (1,) * rng.randint(0, 2) if rng.often(0.5) else rng.shape(rng.randint(0, 3), high=3),
        rng.choice(DTYPES),
    )
    name = rng.name.rsplit(".", 1)[1]
    call = (lambda x: getattr(x, name)) if name in ("shape", "dtype", "nbytes") else None
    return Op(rng.name, (x,), call=call, device="cpu")


@cases(M + "detach_", "torch.detach_", "torch.detach_copy", "torch.alias_copy", M + "share_memory_")
def copies(rng: Rng) -> Case:
    return Op(rng.name, (T(rng.shape(rng.randint(0, 3)), rng.choice(DTYPES)),), device="cpu")


@cases("torch.equal", M + "equal", "torch.allclose", M + "allclose")
def alike(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 3), high=3)
    kind = dtype(rng)
    return Op(
        rng.name,
        (T(shape, kind), T(partner(rng, shape), kind if rng.often(0.7) else dtype(rng))),
        device="cpu",
    )


@cases("torch.promote_types", "torch.can_cast")
def kinds(rng: Rng) -> Case:
    return Op(rng.name, (DType(rng.choice(DTYPES)), DType(rng.choice(DTYPES))), device="cpu")


@cases("torch.result_type")
def result_kinds(rng: Rng) -> Case:
    sides = [
        T(rng.shape(rng.randint(0, 2)), rng.choice(DTYPES)) if rng.often() else rng.choice((2, 1.5, True))
        for _ in range(2)
    ]
    return Op(rng.name, tuple(sides), device="cpu")


# ---- sizes that depend on the data


@cases("torch.nonzero", M + "nonzero", "torch.argwhere", M + "argwhere")
def places(rng: Rng) -> Case:
    keywords = {"as_tuple": rng.often(0.5)} if rng.name.endswith("nonzero") and rng.often(0.5) else {}
    x = T(rng.shape(rng.randint(0, 3), high=3), rng.choice(DTYPES))
    return Op(rng.name, (x,), keywords, on_ones(find_torch(rng.name)), device="cpu")


@cases("torch.nonzero_static", M + "nonzero_static")
def some_places(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 3), high=3), rng.choice(DTYPES))
    return Op(rng.name, (x,), {"size": rng.randint(-1, 4)}, device="cpu")


@cases("torch.unique", M + "unique", "torch.unique_consecutive", M + "unique_consecutive")
def unique(rng: Rng) -> Case:
    rank = rng.randint(0, 3)
    keywords: dict[str, Any] = {k: True for k in ("return_inverse", "return_counts") if rng.often(0.4)}
    if rng.often(0.5):
        keywords["dim"] = rng.randint(-rank - 1, rank)
    return Op(
        rng.name,
        (T(rng.shape(rank, low=1, high=3), rng.choice(words("int64 float32 bool"))),),
        keywords,
        device="cpu",
    )


@cases("torch.bincount", M + "bincount")
def bincount(rng: Rng) -> Case:
    shape = rng.shape(1 if rng.often() else 2)
    keywords: dict[str, Any] = {"minlength": rng.randint(-1, 4)} if rng.often(0.4) else {}
    if rng.often(0.3):
        keywords["weights"] = T(shape if rng.often() else (3,), rng.choice(words("float32 float64 int64")))
    return Op(rng.name, (T(shape, rng.choice(words("int64 int64 uint8 float32"))),), keywords, device="cpu")


@cases("torch.unravel_index")
def unravel(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 2), high=3), rng.choice(words("int64 int64 int32 float32")))
    shape: Any = tuple(rng.randint(1, 4) for _ in range(rng.randint(1, 3)))
    return Op(rng.name, (x, rng.randint(1, 5) if rng.often(0.2) else shape), device="cpu")


@cases("torch.binomial")
def binomial(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 3), high=3)
    kinds_ = words("float32 float32 float32 float64 int64")
    return Op(
        rng.name, (T(shape, rng.choice(kinds_)), T(partner(rng, shape), rng.choice(kinds_))), device="cpu"
    )


# ---- solving with what was factored before


@cases("torch.linalg.lu_solve", "torch.lu_solve", M + "lu_solve")
def lu_solve(rng: Rng) -> Case:
    n, k = rng.randint(0, 3), rng.randint(0, 3)
    batch = rng.shape(rng.randint(0, 2), high=2)
    lu, pivots = T((*batch, n, n)), T((*batch, n), "int32")
    b = T((*(batch if rng.often() else partner(rng, batch)), n if rng.often(0.9) else n + 1, k))
    if rng.name.startswith("torch.linalg"):
        return Op(
            rng.name,
            (lu, pivots, b),
            call=lambda lu, p, b: torch.linalg.lu_solve(
                lu + torch.eye(lu.shape[-1]), torch.ones(p.shape, dtype=p.dtype), b
            ),
            device="cpu",
        )
    return Op(
        rng.name,
        (b, lu, pivots),
        call=lambda b, lu, p: torch.lu_solve(
            b, lu + torch.eye(lu.shape[-1]), torch.ones(p.shape, dtype=p.dtype)
        ),
        device="cpu",
    )


@cases("torch.linalg.tensorsolve")
def tensorsolve(rng: Rng) -> Case:
    x = rng.shape(rng.randint(1, 2), low=1, high=3)
    b = (x[0] * (x[1] if len(x) == 2 else 1),) if rng.often(0.7) else x
    if rng.often(0.1):
        b = (*b, 2)
    full = (*b, *x)

    def call(a: Any, b: Any) -> Any:
        rows = b.numel()
        if a.numel() != rows * rows:
            return torch.linalg.tensorsolve(a, b)
        return torch.linalg.tensorsolve(torch.eye(rows).reshape(a.shape), b)

    return Op(rng.name, (T(full), T(b)), call=call, device="cpu")


# ---- twins of layers' functions


@cases(*(f"torch.max_pool{n}d" for n in (1, 2, 3)), *(f"{F}max_pool{n}d_with_indices" for n in (1, 2, 3)),
       "torch.max_pool1d_with_indices")  # fmt: skip
def pooling(rng: Rng) -> Case:
    count = int(rng.name.split("max_pool")[1][0])
    kernel, named = window(rng, count, True)
    return Op(rng.name, (image(rng, count), kernel), named, device="cpu", flops=False)


@cases("torch.adaptive_max_pool1d", *(f"{F}adaptive_max_pool{n}d_with_indices" for n in (1, 2, 3)))
def adaptive(rng: Rng) -> Case:
    count = int(rng.name.split("max_pool")[1][0])
    size: Any = rng.randint(0, 4)
    if rng.often(0.5):
        size = tuple(rng.randint(0, 4) for _ in range(count))
    return Op(rng.name, (image(rng, count), size), device="cpu", flops=False)


@cases(*(f"{F}fractional_max_pool{n}d_with_indices" for n in (2, 3)))
def fractional(rng: Rng) -> Case:
    count = int(rng.name.split("max_pool")[1][0])
    return Op(
        rng.name,
        (image(rng, count), rng.randint(1, 3), tuple(rng.randint(1, 4) for _ in range(count))),
        device="cpu",
        flops=False,
    )


@cases("torch.dropout", "torch.alpha_dropout", "torch.feature_dropout", "torch.feature_alpha_dropout")
def dropout(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), high=3), rng.choice(words("float32 float32 float64 int64 bool")))
    return Op(rng.name, (x, rng.choice((0.5, 0.0, 1.0, 1.5)), rng.often(0.5)), device="cpu")


@cases("torch.layer_norm")
def layer_norm(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(1, 4), low=1, high=4)
    normal = shape[-rng.randint(1, len(shape)) :] if rng.often() else rng.shape(1, low=1)
    weight = T(normal if rng.often(0.9) else (2,)) if rng.often(0.5) else None
    return Op(rng.name, (T(shape), list(normal), weight), device="cpu")


@cases("torch.group_norm")
def group_norm(rng: Rng) -> Case:
    groups = rng.randint(1, 3)
    channels = groups * rng.randint(1, 3) if rng.often() else rng.randint(1, 6)
    return Op(
        rng.name,
        (T((rng.randint(1, 3), channels, *rng.shape(rng.randint(0, 2), low=2, high=4))), groups),
        device="cpu",
    )


@cases("torch.batch_norm")
def batch_norm(rng: Rng) -> Case:
    c = rng.randint(1, 4)
    other = c if rng.often(0.8) else c + 1
    x = T((rng.randint(1, 3), c, *rng.shape(rng.randint(0, 2), low=1, high=4)))
    one = T((other,))
    weight = one if rng.often(0.5) else None
    stats = one if rng.often(0.7) else None
    return Op(rng.name, (x, weight, weight, stats, stats, rng.often(0.5), 0.1, 1e-5, False), device="cpu")


@cases("torch.functional.split")
def split(rng: Rng) -> Case:
    case = generators["torch.split"](rng)
    assert isinstance(case, Op)
    return Op(rng.name, case.args, case.keywords, torch.functional.split, device=case.device)


@cases("torch.nn.modules.linear.NonDynamicallyQuantizableLinear")
def plain_linear(rng: Rng) -> Case:
    i = rng.randint(1, 4)
    return Layer(rng.name, (i, rng.randint(1, 4)), {}, (T((2, i if rng.often() else i + 1)),))


@cases("torch.nn.utils.rnn.invert_permutation")
def invert(rng: Rng) -> Case:
    n = rng.randint(1, 5)
    return Op(
        rng.name,
        (T((n,), "int64"),),
        call=lambda x: torch.nn.utils.rnn.invert_permutation(torch.randperm(n)),
        device="cpu",
    )


@cases("torch.nn.utils.get_total_norm")
def total_norm(rng: Rng) -> Case:
    return Op(rng.name, ([T(rng.shape(rng.randint(0, 3))) for _ in range(rng.randint(0, 3))],), device="cpu")
