"""Cases for resizing, shuffling, folding, and layers over vectors."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_nn_convolution import one_or_all
from tests.differential.cases_nn_norm import near, value_type
from tests.differential.compare import Layer, Op, T

_N, _F = "torch.nn.", "torch.nn.functional."
_MODES = ("nearest", "nearest-exact", "area", "linear", "bilinear", "trilinear", "bicubic")


def image(rng: Rng, ranks: tuple[int, ...], high: int = 5) -> T:
    rank = rng.choice(ranks) if rng.often(0.93) else rng.randint(0, 6)
    shape = rng.shape(rank, 0 if rng.often(0.05) else 1, high)
    return T(shape, value_type(rng) if 0 not in shape else "float32")


def target(rng: Rng, count: int) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if rng.often(0.5):
        named["size"] = (
            rng.randint(0 if rng.often(0.05) else 1, 7)
            if rng.often(0.5)
            else tuple(rng.randint(1, 7) for _ in range(near(rng, count)))
        )
    if ("size" not in named) == rng.often(0.96):
        factors = [0.5, 2, 2.0, 1.5, 3, 0.3, 1 / 3, 0.7]
        named["scale_factor"] = (
            rng.choice(factors)
            if rng.often(0.6)
            else tuple(rng.choice(factors) for _ in range(near(rng, count)))
        )
    return named


@cases(f"{_F}interpolate")
def interpolate(rng: Rng) -> Case:
    mode = rng.choice(_MODES)
    fit = {"linear": (3,), "bilinear": (4,), "trilinear": (5,), "bicubic": (4,)}.get(mode, (3, 4, 5))
    x = image(rng, fit)
    named = {"mode": mode, **target(rng, len(x.shape) - 2)} if rng.often(0.95) else {}
    if rng.often(0.2):
        named["align_corners"] = rng.often(0.5)
    if rng.often(0.1):
        named["recompute_scale_factor"] = rng.often(0.5)
    if rng.often(0.1):
        named["antialias"] = True
    return Op(rng.name, (x,), named, device="cpu", flops=False)


@cases(
    f"{_F}upsample",
    f"{_F}upsample_nearest",
    f"{_F}upsample_bilinear",
    f"{_N}Upsample",
    f"{_N}UpsamplingNearest2d",
    f"{_N}UpsamplingBilinear2d",
)
def upsample(rng: Rng) -> Case:
    x = image(rng, (4,))
    named = target(rng, len(x.shape) - 2)
    if rng.name.endswith("psample") and rng.often(0.5):
        named["mode"] = rng.choice(_MODES)
    if rng.name.startswith(_F):
        return Op(rng.name, (x,), named, device="cpu", flops=False)
    return Layer(rng.name, (), named, (x,), device="cpu", flops=False)


@cases(f"{_F}grid_sample")
def grid_sample(rng: Rng) -> Case:
    x = image(rng, (4, 5))
    x = T(x.shape)
    rank = len(x.shape)
    batch = near(rng, x.shape[0]) if rank else 1
    grid = T(
        (batch, *rng.shape(max(0, rank - 2) if rng.often(0.95) else 3, 0, 3), near(rng, rank - 2)),
        "float64" if rng.often(0.03) and 0 not in x.shape else "float32",
    )
    grid = T(grid.shape) if 0 in grid.shape else grid
    named = {"mode": rng.choice(["bilinear", "nearest", "bicubic", "cubic" if rng.often(0.2) else "nearest"])}
    if rng.often(0.2):
        named["padding_mode"] = rng.choice(["border", "reflection", "circular"])
    return Op(rng.name, (x, grid), named, device="cpu", flops=False)


@cases(f"{_F}affine_grid")
def affine_grid(rng: Rng) -> Case:
    count = rng.choice([2, 2, 3])
    batch = rng.randint(1, 3)
    sizes = [near(rng, batch), *rng.shape(near(rng, count + 1), 0 if rng.often(0.05) else 1, 3)]
    theta = T((batch, near(rng, count), near(rng, count + 1)), value_type(rng))
    return Op(
        rng.name, (theta, tuple(sizes) if rng.often() else sizes), {"align_corners": False}, device="cpu"
    )


@cases(
    f"{_F}pixel_shuffle",
    f"{_N}PixelShuffle",
    f"{_F}pixel_unshuffle",
    f"{_N}PixelUnshuffle",
    f"{_F}channel_shuffle",
    f"{_N}ChannelShuffle",
)
def shuffle(rng: Rng) -> Case:
    r = rng.randint(-1 if rng.often(0.03) else 1, 3)
    shape = list(
        rng.shape(rng.randint(3, 5) if rng.often(0.95) else rng.randint(0, 6), 0 if rng.often(0.05) else 1, 3)
    )
    if len(shape) > 2 and rng.often(0.95):
        if "hannel" in rng.name:
            shape[1] *= max(r, 1)
        elif "nshuffle" in rng.name:
            shape[-1] *= max(r, 1)
            shape[-2] *= max(r, 1)
        else:
            shape[-3] *= max(r, 1) ** 2
    if "nshuffle" in rng.name:  # of an empty tensor the CPU makes a copy
        shape = [max(n, 1) for n in shape]
    x = T(tuple(shape))
    return (
        Op(rng.name, (x, r), device="cpu")
        if rng.name.startswith(_F)
        else Layer(rng.name, (r,), {}, (x,), device="cpu")
    )


def windows(rng: Rng) -> tuple[Any, dict[str, Any]]:
    named: dict[str, Any] = {}
    if rng.often(0.3):
        named["dilation"] = one_or_all(rng, 2, 0 if rng.often(0.05) else 1, 2)
    if rng.often(0.3):
        named["padding"] = one_or_all(rng, 2, -1 if rng.often(0.05) else 0, 2)
    if rng.often(0.3):
        named["stride"] = one_or_all(rng, 2, 0 if rng.often(0.05) else 1, 2)
    return one_or_all(rng, 2, 0 if rng.often(0.03) else 1, 3), named


@cases(f"{_F}unfold", f"{_N}Unfold")
def unfold(rng: Rng) -> Case:
    kernel, named = windows(rng)
    x = image(rng, (3, 4))
    return (
        Op(rng.name, (x, kernel), named, device="cpu")
        if rng.name.startswith(_F)
        else Layer(rng.name, (kernel,), named, (x,), device="cpu")
    )


@cases(f"{_F}fold", f"{_N}Fold")
def fold(rng: Rng) -> Case:
    kernel, named = windows(rng)

    def at(value: Any, i: int) -> int:
        return value if isinstance(value, int) else value[i % len(value)]

    size = (rng.randint(1, 6), rng.randint(1, 6))
    count = area = 1
    for i in range(2):
        k, d, p, s = (
            at(kernel, i),
            at(named.get("dilation", 1), i),
            at(named.get("padding", 0), i),
            at(named.get("stride", 1), i),
        )
        count *= max(0, (size[i] + 2 * p - d * (k - 1) - 1) // max(s, 1) + 1)
        area *= k
    batch = (rng.randint(0, 2),) if rng.often(0.7) else ()
    x = T((*batch, near(rng, area * rng.randint(1, 2)), near(rng, count)))
    wanted: Any = size if rng.often(0.95) else size[0]
    if rng.name.startswith(_F):
        return Op(rng.name, (x, wanted, kernel), named, device="cpu")
    return Layer(rng.name, (wanted, kernel), named, (x,), device="cpu")


@cases(f"{_F}bilinear", f"{_N}Bilinear")
def bilinear(rng: Rng) -> Case:
    out, a, b = rng.shape(3, 1, 4)
    batch = rng.shape(rng.randint(0, 3), 0 if rng.often(0.05) else 1, 3)
    x = T((*batch, near(rng, a)))
    y = T(
        (*(near(rng, n) for n in batch), near(rng, b)) if rng.often(0.95) else (b,),
        "float64" if rng.often(0.02) else "float32",
    )
    if rng.name.startswith(_F):
        bias = T((near(rng, out),)) if rng.often(0.5) else None
        return Op(rng.name, (x, y, T((out, a, b)), bias), device="cpu")
    return Layer(rng.name, (a, b, out), {"bias": rng.often(0.5)}, (x, y), device="cpu")


@cases(f"{_N}CosineSimilarity", f"{_N}PairwiseDistance")
def pair(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(1, 3), 1, 3)
    other = tuple(n if rng.often(0.8) else rng.choice([1, n + 1]) for n in shape)
    named: dict[str, Any] = {}
    if "Cosine" in rng.name and rng.often(0.7):
        named["dim"] = rng.randint(-3, 2)
    if "Pair" in rng.name and rng.often(0.3):
        named["keepdim"] = True
    return Layer(rng.name, (), named, (T(shape), T(other)), device="cpu")


@cases(f"{_F}normalize")
def normalize(rng: Rng) -> Case:
    named: dict[str, Any] = {}
    if rng.often(0.5):
        named["dim"] = rng.randint(-4, 3)
    shape = rng.shape(rng.randint(0, 3), 1, 3)
    return Op(rng.name, (T(shape, value_type(rng)),), named, device="cpu")


@cases(f"{_F}one_hot")
def one_hot(rng: Rng) -> Case:
    x = T(
        rng.shape(rng.randint(0, 3), 0 if rng.often(0.1) else 1, 3), "int64" if rng.often(0.9) else "float32"
    )
    return Op(rng.name, (x, rng.randint(-2 if rng.often(0.1) else 1, 4) or -2), device="cpu")
