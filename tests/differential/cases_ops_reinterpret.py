"""Cases for complex views and shapes broadcast together."""

from __future__ import annotations

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_ops_binary import COMMON, DTYPES, partner
from tests.differential.compare import Op, T


@cases("torch.view_as_real", "torch.view_as_complex")
def complexes(rng: Rng) -> Case:
    kind = rng.choice(DTYPES) if rng.often(0.3) else "complex64" if rng.name.endswith("real") else "float32"
    shape = rng.shape(rng.randint(0, 3))
    if rng.name.endswith("complex") and rng.often(0.85):
        shape = (*shape, 2)
    return Op(rng.name, (T(shape, kind),), device="cpu")


@cases("torch.broadcast_tensors", "torch.broadcast_shapes")
def together(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(0, 4), high=4)
    shapes = [shape, *(partner(rng, shape) for _ in range(rng.randint(0, 2)))]
    if rng.name.endswith("shapes"):
        return Op(rng.name, tuple(shapes), device="cpu")
    return Op(rng.name, tuple(T(s, rng.choice(COMMON)) for s in shapes), device="cpu")
