"""Cases for what is done to modules that exist: each gives a module, whose parameters and buffers are compared."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Layer, Op

_U = "torch.nn.utils."


def module(rng: Rng) -> Layer:
    a, b = rng.shape(2, 1, 4)
    kind = rng.choice(["Linear", "Conv1d", "Conv2d", "ConvTranspose2d", "Embedding"])
    args: tuple[Any, ...] = (a, b) if kind in ("Linear", "Embedding") else (a, b, rng.randint(1, 3))
    return Layer(f"torch.nn.{kind}", args)


@cases(
    f"{_U}weight_norm",
    f"{_U}spectral_norm",
    f"{_U}parametrizations.weight_norm",
    f"{_U}parametrizations.spectral_norm",
)
def norms(rng: Rng) -> Case:
    named: dict[str, Any] = {}
    if rng.often(0.2):
        named["name"] = rng.choice(["weight", "gain"])
    if rng.often(0.3):
        named["dim"] = rng.choice([0, 1, None, -1] if "weight" in rng.name else [0, 1, None])
    return Op(rng.name, (module(rng),), named, device="cpu", flops=False)


@cases(f"{_U}prune.l1_unstructured", f"{_U}prune.random_unstructured")
def prune(rng: Rng) -> Case:
    return Op(
        rng.name,
        (module(rng), rng.choice(["weight", "weight", "gain"])),
        {"amount": 0.5},
        device="cpu",
        flops=False,
    )


@cases("torch.nn.SyncBatchNorm.convert_sync_batchnorm")
def sync(rng: Rng) -> Case:
    named = {name: rng.often(0.5) for name in ("affine", "track_running_stats")}
    return Op(
        rng.name,
        (Layer(f"torch.nn.BatchNorm{rng.randint(1, 3)}d", (rng.randint(1, 3),), named),),
        device="cpu",
        flops=False,
    )


@cases(f"{_U}fuse_conv_bn_eval")
def fuse(rng: Rng) -> Case:
    n = rng.randint(1, 4)
    conv = Layer(
        "torch.nn.Conv2d", (rng.randint(1, 3), n, 1), {"bias": rng.often(0.5)}, training=rng.often(0.1)
    )
    return Op(
        rng.name,
        (conv, Layer("torch.nn.BatchNorm2d", (n,), training=rng.often(0.1))),
        device="cpu",
        flops=False,
    )
