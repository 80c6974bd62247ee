"""Cases for linear layers."""

from __future__ import annotations

from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Layer, Op, T


@cases("torch.nn.functional.linear")
def linear(rng: Rng) -> Case:
    features, out = rng.randint(0, 5), rng.randint(0, 5)
    x = T((*rng.shape(rng.randint(0, 3)), features if rng.often() else features + 1))
    bias = T((out if rng.often(0.9) else out + 1,)) if rng.often(0.5) else None
    if rng.often(0.05) and min(features, out, *x.shape) > 0:
        return Op(
            rng.name, (T(x.shape, rng.choice(["float64", "int64"])), T((out, features)), bias), device="cpu"
        )
    return Op(rng.name, (x, T((out, features)), bias), device="cpu")


@cases("torch.nn.Linear")
def linear_layer(rng: Rng) -> Case:
    features, out = rng.randint(0, 5), rng.randint(0, 5)
    x = T((*rng.shape(rng.randint(0, 3)), features if rng.often() else features + 1))
    return Layer(rng.name, (features, out), {"bias": rng.often(0.5)}, (x,))
