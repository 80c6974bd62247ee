"""Cases for the functions of torch that stand behind those of torch.nn.functional."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases, generators
from tests.differential.cases_nn_norm import near
from tests.differential.cases_ops_unary import words
from tests.differential.compare import Layer, Op, T

F = "torch.nn.functional."
_LOSSES = words(
    "binary_cross_entropy_with_logits cosine_embedding_loss hinge_embedding_loss kl_div margin_ranking_loss triplet_margin_loss"
)


def _shape(rng: Rng, shape: tuple[int, ...]) -> tuple[int, ...]:
    return shape if rng.often(0.8) else tuple(near(rng, n) for n in shape)


@cases(*(f"torch.{name}" for name in _LOSSES))
def loss(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(1, 3), low=1, high=4)
    kind = rng.choice(words("float32 float32 float64"))
    count = 3 if rng.name.startswith(("torch.cosine", "torch.margin", "torch.triplet")) else 2
    xs = [T(_shape(rng, shape), kind) for _ in range(count)]
    if rng.name.startswith("torch.cosine"):
        xs[2] = T(_shape(rng, shape[:1]), kind)
    return Op(
        rng.name,
        tuple(xs),
        {"reduction": rng.randint(0, 2)} if rng.often(0.7) else {},
        device="cpu",
        flops=False,
    )


@cases("torch.poisson_nll_loss")
def poisson(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(1, 3), low=1, high=4)
    xs = (T(shape), T(_shape(rng, shape)))
    return Op(
        rng.name, (*xs, rng.often(0.5), rng.often(0.5), 1e-8, rng.randint(0, 2)), device="cpu", flops=False
    )


@cases("torch.ctc_loss")
def ctc(rng: Rng) -> Case:
    rng.name = "torch.nn.CTCLoss"
    case = generators[rng.name](rng)
    assert isinstance(case, Layer)
    named = {"reduction": rng.randint(0, 2)} if rng.often(0.7) else {}
    return Op("torch.ctc_loss", case.inputs, named, device=case.device, flops=False)


@cases("torch.embedding", "torch.embedding_renorm_")
def embedding(rng: Rng) -> Case:
    weight = T(rng.shape(2 if rng.often(0.9) else 3, low=1, high=4))
    index = T(rng.shape(rng.randint(0, 2), high=3), rng.choice(words("int64 int64 int32 float32")))
    more: tuple[Any, ...] = (1.0, 2.0) if rng.name.endswith("_") else ()
    return Op(rng.name, (weight, index, *more), device="cpu", flops=False)


@cases("torch.grid_sampler", "torch.grid_sampler_2d", "torch.grid_sampler_3d")
def grid_sampler(rng: Rng) -> Case:
    count = rng.randint(2, 3) if rng.name.endswith("sampler") else int(rng.name[-2])
    n = rng.randint(1, 2)
    x = T((n, *rng.shape(count + 1, low=1, high=4)))
    grid = T((near(rng, n), *rng.shape(count, low=1, high=4), near(rng, count)))
    return Op(rng.name, (x, grid, 0, 0, rng.often(0.5)), device="cpu", flops=False)


@cases("torch.affine_grid_generator")
def affine_grid(rng: Rng) -> Case:
    count, n = rng.randint(2, 3), rng.randint(1, 3)
    theta = T((near(rng, n), near(rng, count), count + 1))
    return Op(
        rng.name,
        (theta, [n, *rng.shape(count + 1, low=1, high=4)], rng.often(0.5)),
        device="cpu",
        flops=False,
    )


@cases("torch.constant_pad_nd")
def constant_pad(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), high=4))
    pad = [rng.randint(-2, 3) for _ in range(2 * rng.randint(0, 3) if rng.often(0.9) else 3)]
    return Op(rng.name, (x, pad, 1.0), device="cpu", flops=False)


@cases("torch.instance_norm")
def instance_norm(rng: Rng) -> Case:
    c = rng.randint(1, 4)
    x = T((rng.randint(1, 3), c, *rng.shape(rng.randint(1, 2), low=1, high=4)))
    one = T((near(rng, c),))
    weight, stats = (one if rng.often(0.5) else None for _ in range(2))
    return Op(
        rng.name,
        (x, weight, weight, stats, stats, rng.often(0.7), 0.1, 1e-5, False),
        device="cpu",
        flops=False,
    )


@cases("torch.convolution")
def convolution(rng: Rng) -> Case:
    count = rng.randint(1, 3)
    transposed = rng.often(0.4)
    groups = rng.randint(1, 2)
    ins, outs = groups * rng.randint(1, 3), groups * rng.randint(1, 2)
    first, second = (ins, outs // groups) if transposed else (outs, ins // groups)
    weight = T((first, second, *rng.shape(count, low=1, high=3)))
    x = T((rng.randint(1, 2), near(rng, ins), *rng.shape(count, low=1, high=6)))
    bias = T((near(rng, outs),)) if rng.often(0.5) else None

    def each(low: int, high: int) -> list[int]:
        return [rng.randint(low, high) for _ in range(count)]

    rest = (each(1, 3), each(0, 0 if transposed else 2), each(1, 2), transposed, [0] * count, groups)
    return Op(
        rng.name, (x, weight, bias, *rest), device="cpu", flops=False
    )  # transposed, meta looks at nothing


@cases(*(f"torch.{n}_" for n in words("dropout alpha_dropout feature_dropout feature_alpha_dropout")))
def dropout(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), high=3), rng.choice(words("float32 float32 float64 int64")))
    return Op(rng.name, (x, rng.choice((0.5, 0.0, 1.0, 1.5)), rng.often(0.5)), device="cpu")


@cases("torch.native_dropout")
def native_dropout(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(0, 4), high=3), rng.choice(words("float32 float64")))
    return Op(rng.name, (x, rng.choice((0.5, 0.0, 1.0)), rng.often(0.5)), device="cpu")


@cases("torch.native_layer_norm")
def native_layer_norm(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(1, 4), low=1, high=4)
    normal = shape[-rng.randint(1, len(shape)) :] if rng.often() else rng.shape(1, low=1)
    weight = T(normal if rng.often(0.9) else (2,)) if rng.often(0.5) else None
    return Op(rng.name, (T(shape), list(normal), weight, None, 1e-5), device="cpu")


@cases("torch.norm_except_dim", "torch.frobenius_norm", "torch.nuclear_norm")
def norm(rng: Rng) -> Case:
    rank = rng.randint(0 if rng.often(0.1) else 1, 4)
    x = T(rng.shape(rank, low=1, high=3))
    if rng.name.endswith("except_dim"):
        return Op(rng.name, (x, 2, rng.randint(-1, rank)), device="cpu", flops=False)
    count = 2 if rng.name.startswith("torch.nuclear") else rng.randint(1, 2)
    dim = [rng.randint(-rank - 1, rank) for _ in range(count if rng.often(0.95) else 3)]
    return Op(rng.name, (x, dim, rng.often(0.5)), device="cpu", flops=False)


@cases("torch.histogramdd")
def histogramdd(rng: Rng) -> Case:
    x = T(
        (*rng.shape(rng.randint(0, 2), low=1), rng.randint(1, 3)), "int64" if rng.often(0.05) else "float32"
    )
    bins: Any = rng.randint(0 if rng.often(0.1) else 1, 4)
    if rng.often(0.5):
        bins = [rng.randint(1, 4) for _ in range(near(rng, x.shape[-1]))]
    named = {"weight": T(x.shape[:-1] if rng.often(0.8) else (2,))} if rng.often(0.3) else {}
    return Op(rng.name, (x, bins), named, device="cpu", flops=False)
