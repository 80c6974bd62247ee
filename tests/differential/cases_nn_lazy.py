"""Cases for layers that learn their input's size."""

from __future__ import annotations

import dataclasses

from tests.differential import cases_nn_convolution, cases_nn_norm
from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Layer, T


@cases("torch.nn.LazyLinear")
def linear(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(1, 3), 1, 4))
    return Layer(rng.name, (rng.randint(0, 4),), {"bias": rng.often(0.5)}, (x,), device="cpu")


@cases(*(f"torch.nn.Lazy{kind}{n}d" for kind in ("Conv", "ConvTranspose") for n in (1, 2, 3)))
def convolution(rng: Rng) -> Case:
    maker = (
        cases_nn_convolution.transposed_layer if "Transpose" in rng.name else cases_nn_convolution.conv_layer
    )
    known, rng.name = rng.name, rng.name.replace("Lazy", "")
    case = maker(rng)
    assert isinstance(case, Layer)
    while case.args[1] % max(case.keywords["groups"], 1):  # a lazy layer does not look at this
        case = maker(rng)
        assert isinstance(case, Layer)
    rng.name = known
    case = dataclasses.replace(case, name=known, args=case.args[1:])
    return convolution(rng) if "Transpose" in known and cases_nn_convolution.flat(case) else case


@cases(*(f"torch.nn.Lazy{kind}{n}d" for kind in ("BatchNorm", "InstanceNorm") for n in (1, 2, 3)))
def norm(rng: Rng) -> Case:
    case = cases_nn_norm.norm_layer(rng)
    assert isinstance(case, Layer)
    (x,) = case.inputs
    spare = (
        "Instance" in rng.name and len(x.shape) == int(rng.name[-2]) + 1
    )  # unbatched: torch takes the wrong axis
    return dataclasses.replace(case, args=(), inputs=(T((2, *x.shape)) if spare else x,))
