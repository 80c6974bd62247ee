"""Cases for padding."""

from __future__ import annotations

from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Layer, Op, T


@cases("torch.nn.functional.pad")
def pad(rng: Rng) -> Case:
    mode = rng.choice(["constant", "reflect", "replicate", "circular"])
    x = T(rng.shape(rng.randint(0, 5), 0 if rng.often(0.2) else 1, 5), rng.choice(["float32", "int64"]))
    pads = [
        rng.randint(-3 if rng.often(0.3) else 0, 4)
        for _ in range(rng.randint(0, 6) if rng.often(0.2) else 2 * rng.randint(1, 3))
    ]
    if (
        mode == "circular" and min(pads, default=0) < 0
    ):  # beside a positive one: refused by how memory overlaps
        pads = [min(p, 0) for p in pads]
    named = {"mode": mode} if mode != "constant" or rng.often() else {}
    if rng.often(0.2):
        named["value"] = rng.choice([0, 1.0, None])
    return Op(rng.name, (x, tuple(pads) if rng.often(0.5) else pads), named, device="cpu")


@cases(
    *(
        f"torch.nn.{mode}Pad{n}d"
        for mode in ("Constant", "Zero", "Reflection", "Replication", "Circular")
        for n in (1, 2, 3)
    )
)
def pad_layer(rng: Rng) -> Case:
    count = int(rng.name[-2])
    low = -2 if rng.often(0.2) else 0
    padding = rng.randint(low, 3) if rng.often(0.5) else tuple(rng.randint(low, 3) for _ in range(2 * count))
    if "Circular" in rng.name and not isinstance(padding, int) and min(padding) < 0:
        padding = tuple(min(p, 0) for p in padding)
    args = (padding, 1.5) if "Constant" in rng.name else (padding,)
    rank = count + rng.randint(1, 2) if rng.often(0.9) else rng.randint(0, 5)
    return Layer(rng.name, args, {}, (T(rng.shape(rank, 0 if rng.often(0.2) else 1, 5)),), device="cpu")
