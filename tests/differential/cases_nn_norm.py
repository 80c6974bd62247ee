"""Cases for normalisation."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Layer, Op, T


def value_type(rng: Rng) -> str:
    return rng.choice(["float64", "int64"]) if rng.often(0.08) else "float32"


def near(rng: Rng, n: int, p: float = 0.93) -> int:
    """`n`, or now and then another number."""
    return n if rng.often(p) else n + 1


def low(rng: Rng) -> int:
    return 0 if rng.often(0.05) else 1


@cases("torch.nn.functional.batch_norm")
def batch_norm(rng: Rng) -> Case:
    rank = rng.randint(2, 5) if rng.often(0.95) else rng.randint(0, 1)
    shape = rng.shape(rank, low(rng), 3)
    channels = shape[1] if rank > 1 else 2
    training = rng.often(0.5)
    stats = rng.often(0.8)
    args: list[Any] = [T(shape, value_type(rng) if 0 not in shape else "float32")]
    args += [T((near(rng, channels),)) if stats else None for _ in range(2)]
    args += [T((near(rng, channels),)) if rng.often(0.5) else None for _ in range(2)]
    return Op(
        rng.name,
        tuple(args),
        {"training": training, "eps": rng.choice([1e-5, 1e-5, 0.0, -1.0])},
        device="cpu",
    )


@cases("torch.nn.functional.instance_norm")
def instance_norm(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(2, 5), low(rng), 3)
    args: list[Any] = [T(shape, value_type(rng) if 0 not in shape else "float32")]
    stats = rng.often(0.4)
    args += [T((near(rng, shape[1]),)) if stats else None for _ in range(2)]
    affine = rng.often(0.5)
    args += [T((near(rng, shape[1]),)) if affine else None for _ in range(2)]
    return Op(rng.name, tuple(args), {"use_input_stats": rng.often(0.7)}, device="cpu")


@cases(
    "torch.nn.BatchNorm1d", "torch.nn.BatchNorm2d", "torch.nn.BatchNorm3d", "torch.nn.SyncBatchNorm",
    "torch.nn.InstanceNorm1d", "torch.nn.InstanceNorm2d", "torch.nn.InstanceNorm3d",
)  # fmt: skip
def norm_layer(rng: Rng) -> Case:
    features = rng.randint(-1 if rng.often(0.02) else 0 if rng.often(0.05) else 1, 4)
    named = {name: rng.often(0.5) for name in ("affine", "track_running_stats", "bias") if rng.often(0.4)}
    count = int(rng.name[-2]) if rng.name[-1] == "d" else rng.randint(0, 3)
    spatial = rng.shape(count if rng.often(0.9) else rng.randint(0, 4), low(rng), 3)
    batch = (rng.randint(low(rng), 2),) if rng.often(0.8) else ()
    shape = (*batch, max(0, near(rng, features)), *spatial)
    x = T(shape, value_type(rng) if 0 not in shape else "float32")
    return Layer(rng.name, (features,), named, (x,), device="cpu", training=rng.often(0.5))


@cases("torch.nn.functional.layer_norm", "torch.nn.functional.rms_norm")
def over_last(rng: Rng) -> Case:
    normal = rng.shape(rng.randint(1, 3) if rng.often(0.97) else 0, low(rng), 3)
    shape = (*rng.shape(rng.randint(0, 3), low(rng), 3), *(near(rng, n) for n in normal))
    if rng.often(0.05):
        shape = shape[1:]
    parameters = [
        T(tuple(near(rng, n) for n in normal)) if rng.often(0.5) else None
        for _ in range(2 - ("rms" in rng.name))
    ]
    dtype = value_type(rng) if 0 not in shape and 0 not in normal else "float32"
    return Op(rng.name, (T(shape, dtype), normal, *parameters), device="cpu")


@cases("torch.nn.LayerNorm", "torch.nn.RMSNorm")
def over_last_layer(rng: Rng) -> Case:
    normal = rng.shape(rng.randint(1, 3) if rng.often(0.97) else 0, low(rng), 3)
    shape = (*rng.shape(rng.randint(0, 3), low(rng), 3), *(near(rng, n) for n in normal))
    argument: Any = normal[0] if len(normal) == 1 and rng.often(0.6) else rng.choice([list, tuple])(normal)
    named = {"elementwise_affine": rng.often(0.5)}
    if "Layer" in rng.name:
        named["bias"] = rng.often(0.5)
    dtype = value_type(rng) if 0 not in shape and 0 not in normal else "float32"
    return Layer(rng.name, (argument,), named, (T(shape, dtype),), device="cpu")


@cases("torch.nn.functional.group_norm")
def group_norm(rng: Rng) -> Case:
    groups = rng.randint(0 if rng.often(0.05) else 1, 3)
    channels = groups * rng.randint(low(rng), 2) + rng.often(0.05)
    shape = (rng.randint(low(rng), 2), channels, *rng.shape(rng.randint(0, 3), low(rng), 2))
    if rng.often(0.03):
        shape = shape[:1]
    parameters = [T((near(rng, channels),)) if rng.often(0.5) else None for _ in range(2)]
    return Op(
        rng.name,
        (T(shape, value_type(rng) if 0 not in shape else "float32"), groups, *parameters),
        device="cpu",
    )


@cases("torch.nn.GroupNorm")
def group_norm_layer(rng: Rng) -> Case:
    groups = rng.randint(0 if rng.often(0.05) else 1, 3)
    channels = groups * rng.randint(low(rng), 2) + rng.often(0.05)
    shape = (rng.randint(low(rng), 2), near(rng, channels), *rng.shape(rng.randint(0, 3), low(rng), 2))
    named = {name: rng.often(0.5) for name in ("affine", "bias") if rng.often(0.4)}
    return Layer(
        rng.name,
        (groups, channels),
        named,
        (T(shape, value_type(rng) if 0 not in shape else "float32"),),
        device="cpu",
    )


@cases("torch.nn.LocalResponseNorm")
def local_response_layer(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(2, 5), low(rng), 4)
    return Layer(rng.name, (rng.randint(1, 4),), {}, (T(shape, value_type(rng)),), device="cpu")


@cases("torch.nn.functional.local_response_norm")
def local_response(rng: Rng) -> Case:
    shape = rng.shape(rng.randint(2, 5), low(rng), 4)
    return Op(rng.name, (T(shape, value_type(rng)), rng.randint(0, 4)), device="cpu")
