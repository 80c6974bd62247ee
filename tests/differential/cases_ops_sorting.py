"""Cases for order and for distances. Where the number of results depends on the contents, only what comes of no
elements could be compared: those are not here."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_ops_binary import both, dtype, on_ones, partner, words
from tests.differential.cases_ops_reduction import _axis, _case, _keep, _tensor
from tests.differential.compare import Op, T, find_torch


@cases(*both("sort", "argsort", "mode"))
def along(rng: Rng) -> Case:
    x = _tensor(rng, 1)
    return _case(rng, x) if rng.often(0.3) else _case(rng, x, _axis(rng, x))


@cases(*both("msort"))
def msort(rng: Rng) -> Case:
    return _case(rng, _tensor(rng, 1))


@cases(*both("topk", "kthvalue"))
def topk(rng: Rng) -> Case:
    x = _tensor(rng, 1)
    k = rng.randint(-1, 5) if rng.often(0.4) else 1
    return _case(rng, x, k) if rng.often(0.3) else _case(rng, x, k, _axis(rng, x))


@cases(*both("quantile", "nanquantile"))
def quantile(rng: Rng) -> Case:
    x = _tensor(rng, 1)
    x = T(x.shape, "float32") if rng.often(0.7) else x
    q = (
        T(rng.shape(rng.choice((0, 1, 1, 2)), 1, 3), x.dtype if rng.often(0.9) else "float64")
        if rng.often(0.4)
        else 0.5
    )
    if rng.often(0.05):
        q = 1.5
    return _case(rng, x, q) if rng.often(0.3) else _case(rng, x, q, _axis(rng, x), **_keep(rng))


@cases("torch.searchsorted", "torch.bucketize", "torch.isin")
def places(rng: Rng) -> Case:
    x = _tensor(rng)
    if rng.name.endswith("isin"):
        first: Any = x if rng.often(0.8) else 3
        second: Any = (
            T(_tensor(rng).shape, x.dtype if rng.often(0.8) else dtype(rng)) if rng.often(0.8) else 2
        )
        return _case(rng, first, second)
    if rng.name.endswith("bucketize"):
        return _case(rng, x if rng.often() else 2.5, T(rng.shape(1 if rng.often(0.9) else 2), dtype(rng)))
    kind = x.dtype if rng.often(0.9) else dtype(rng)
    shape = rng.shape(1) if rng.often(0.5) else (*x.shape[:-1], 3) if rng.often(0.8) else rng.shape(2)
    return _case(rng, T(shape, kind), x if rng.often(0.9) else 2)


@cases(*both("histc", "histogram"))
def histc(rng: Rng) -> Case:
    x = _tensor(rng)
    if rng.name.endswith("gram") and x.dtype in ("float16", "bfloat16"):
        x = T(x.shape, "float32")
    return _case(rng, T(x.shape, "float32") if rng.often(0.7) else x, rng.randint(0, 5))


@cases(*both("dot", "vdot", "outer", "ger", "inner"))
def vectors(rng: Rng) -> Case:
    first = dtype(rng)
    second = first if rng.often(0.85) else dtype(rng)
    if rng.name.endswith("inner"):
        # Which kernel refuses bools depends on the sizes.
        first, second = (kind if kind != "bool" else "int64" for kind in (first, second))
        x = T(rng.shape(rng.randint(0, 3), high=3), first)
        other = rng.shape(rng.randint(0, 3), high=3)
        if x.shape and other and rng.often(0.8):
            other = (*other[:-1], x.shape[-1])
        return _case(rng, x, T(other, second))
    n = rng.randint(0, 4)
    ranks = [1 if rng.often(0.9) else rng.choice((0, 2)) for _ in range(2)]
    shapes = [(n if rng.often(0.85) else rng.randint(0, 4),) * r for r in ranks]
    return _case(rng, T(shapes[0], first), T(shapes[1], second))


@cases("torch.cross", "torch.Tensor.cross")
def cross(rng: Rng) -> Case:
    shape = tuple(rng.choice((3, 3, 2, 1)) for _ in range(rng.randint(0, 3)))
    other = shape if rng.often(0.6) else partner(rng, shape)
    x = T(shape, dtype(rng))
    keywords = {"dim": rng.randint(-3, 2)} if rng.often(0.6) else {}
    return _case(rng, x, T(other, dtype(rng)), **keywords)


@cases("torch.cdist")
def cdist(rng: Rng) -> Case:
    columns = rng.randint(0, 4)
    high = 30 if rng.often(0.2) else 4
    batch = rng.shape(rng.randint(0, 2), 1, 3)
    x1 = T(
        (*batch, rng.randint(0, high), columns),
        "float32" if rng.often(0.9) else rng.choice(("float64", "int64")),
    )
    x2 = T((*partner(rng, batch), rng.randint(0, high), columns if rng.often(0.9) else 5), x1.dtype)
    keywords = {"p": rng.choice((2, 1, 2.0, 0.5, -1))} if rng.often(0.5) else {}
    if rng.often(0.2):
        mode = rng.choice(("use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist"))
        keywords["compute_mode"] = mode
    return _case(rng, x1 if rng.often(0.95) else T((3,)), x2, **keywords)


@cases(*both("dist"), "torch.cosine_similarity", "torch.nn.functional.cosine_similarity", "torch.pairwise_distance",
       "torch.nn.functional.pairwise_distance")  # fmt: skip
def distances(rng: Rng) -> Case:
    x = _tensor(rng)
    other = T(partner(rng, x.shape), x.dtype if rng.often(0.7) else dtype(rng))
    args = (_axis(rng, x),) if "cosine" in rng.name and rng.often(0.6) else ()
    keywords = {"keepdim": True} if "pairwise" in rng.name and rng.often(0.3) else {}
    return Op(rng.name, (x, other, *args), keywords, on_ones(find_torch(rng.name)), device="cpu")


@cases("torch.pdist", "torch.nn.functional.pdist")
def pdist(rng: Rng) -> Case:
    shape = rng.shape(2 if rng.often(0.9) else rng.randint(0, 3))
    return _case(rng, T(shape, rng.choice(words("float32 float32 float64 int64 complex64"))))
