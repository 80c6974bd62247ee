"""Cases for activation, dropout, shape and embedding layers."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_nn_norm import near
from tests.differential.compare import Layer, Op, T

_N, _F = "torch.nn.", "torch.nn.functional."

_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "CELU": (0.5,), "ELU": (2.0,), "GELU": ("tanh",), "Hardshrink": (0.1,), "LeakyReLU": (0.2,), "Softplus": (2.0,),
    "Softshrink": (0.1,),
}  # fmt: skip
_PLAIN = (
    *_ARGUMENTS, "Hardsigmoid", "Hardswish", "LogSigmoid", "Mish", "RReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid",
    "Softsign", "Tanh", "Tanhshrink", "Identity", "Threshold", "Hardtanh", "GLU", "Softmax", "LogSoftmax", "Softmin",
    "Softmax2d",
)  # fmt: skip


def any_tensor(rng: Rng, rank: int = 4) -> T:
    dtype = rng.choice(["float64", "int64", "bool", "uint8"]) if rng.often(0.15) else "float32"
    return T(rng.shape(rng.randint(0, rank), 0 if rng.often(0.1) else 1, 4), dtype)


@cases(*(f"{_N}{name}" for name in _PLAIN))
def activation(rng: Rng) -> Case:
    name = rng.name.removeprefix(_N)
    args = _ARGUMENTS.get(name, ()) if rng.often(0.5) else ()
    if name == "Threshold":
        args = (0.5, 1.0)
    elif name == "Hardtanh" and rng.often(0.5):
        args = (rng.choice([-1.0, 0.0]), rng.choice([1.0, 0.0]))
    elif name in ("GLU", "Softmax", "LogSoftmax", "Softmin") and rng.often(0.7):
        args = (rng.randint(-4, 3),)
    return Layer(rng.name, args, {}, (any_tensor(rng),), device="cpu", training=rng.often(0.5))


@cases(f"{_N}PReLU")
def prelu(rng: Rng) -> Case:
    x = any_tensor(rng)
    count = x.shape[1] if len(x.shape) > 1 and rng.often(0.7) else rng.randint(0 if rng.often(0.1) else 1, 3)
    return Layer(rng.name, (count,), {}, (x,), device="cpu")


@cases(
    f"{_N}Dropout",
    f"{_N}Dropout1d",
    f"{_N}Dropout2d",
    f"{_N}Dropout3d",
    f"{_N}AlphaDropout",
    f"{_N}FeatureAlphaDropout",
)
def dropout(rng: Rng) -> Case:
    p = rng.choice([0.0, 0.3, 1.0, -0.1, 1.5]) if rng.often(0.5) else 0.5
    x = any_tensor(rng)
    return Layer(rng.name, (p,), {}, (T(x.shape),), device="cpu", training=rng.often(0.5))


@cases(
    f"{_F}dropout",
    f"{_F}dropout1d",
    f"{_F}dropout2d",
    f"{_F}dropout3d",
    f"{_F}alpha_dropout",
    f"{_F}feature_alpha_dropout",
)
def dropout_function(rng: Rng) -> Case:
    p = rng.choice([0.0, 0.3, 1.0, -0.1, 1.5]) if rng.often(0.5) else 0.5
    x = any_tensor(rng)
    x = x if rng.name.endswith("F.dropout") else T(x.shape)
    return Op(rng.name, (x, p), {"training": rng.often(0.5)} if rng.often() else {}, device="cpu")


@cases(f"{_N}Flatten")
def flatten(rng: Rng) -> Case:
    args = (rng.randint(-4, 4), rng.randint(-4, 4))[: rng.randint(0, 2)]
    return Layer(rng.name, args, {}, (any_tensor(rng),), device="cpu")


@cases(f"{_N}Unflatten")
def unflatten(rng: Rng) -> Case:
    sizes = list(rng.shape(rng.randint(1, 3), 1, 3))
    total = 1
    for n in sizes:
        total *= n
    shape = list(rng.shape(rng.randint(1, 4), 0, 3))
    dim = rng.randint(-len(shape), len(shape) - 1) if rng.often(0.95) else 4
    if -len(shape) <= dim < len(shape):
        shape[dim] = near(rng, total)
    if rng.often(0.4):
        sizes[rng.randrange(len(sizes))] = -1
    return Layer(
        rng.name, (dim, tuple(sizes) if rng.often() else sizes), {}, (T(tuple(shape)),), device="cpu"
    )


def index_type(rng: Rng) -> str:
    return "int64" if rng.often(0.85) else rng.choice(["int32", "float32", "bool", "uint8", "int16"])


@cases(f"{_N}Embedding")
def embedding(rng: Rng) -> Case:
    rows, columns = rng.randint(0 if rng.often(0.05) else 1, 5), rng.randint(0, 4)
    named: dict[str, Any] = {}
    if rows and rng.often(0.3):
        named["padding_idx"] = rng.randint(-rows - (rng.random() < 0.2), rows - (rng.random() < 0.8))
    if rng.often(0.05):
        rows = -1
    x = T(rng.shape(rng.randint(0, 3)), index_type(rng))
    if rows <= 0:
        x = T((0, 2), x.dtype)
    return Layer(rng.name, (rows, columns), named, (x,), device="cpu")


@cases(f"{_F}embedding")
def embedding_function(rng: Rng) -> Case:
    weight = T(
        rng.shape(2 if rng.often(0.9) else rng.randint(0, 3), 1, 4), rng.choice(["float32", "float64"])
    )
    named: dict[str, Any] = {}
    if rng.often(0.3):
        named["padding_idx"] = rng.randint(-5, 4)
    return Op(rng.name, (T(rng.shape(rng.randint(0, 3)), index_type(rng)), weight), named, device="cpu")


@cases(f"{_N}EmbeddingBag", f"{_F}embedding_bag")
def embedding_bag(rng: Rng) -> Case:
    rows, columns = rng.randint(1, 5), rng.randint(1, 4)
    named: dict[str, Any] = {
        "mode": rng.choice(["sum", "mean", "max", "sum", "median" if rng.often(0.1) else "sum"])
    }
    if rng.often(0.2):
        named["padding_idx"] = rng.randint(-rows, rows - 1)
    dtype = index_type(rng)
    x = T(rng.shape(rng.randint(1, 2) if rng.often(0.95) else rng.randint(0, 3), 1, 4), dtype)
    called: dict[str, Any] = {}
    if (len(x.shape) == 1) == rng.often(0.95):
        called["offsets"] = T((rng.randint(1, 3),), dtype if rng.often(0.95) else "float32")
    if rng.often(0.3):
        called["per_sample_weights"] = T(x.shape if rng.often(0.9) else (7,))
        if rng.often(0.9):
            named["mode"] = "sum"
    if "functional" in rng.name:
        return Op(rng.name, (x, T((rows, columns))), {**named, **called}, device="cpu")
    return Layer(rng.name, (rows, columns), named, (x,), called, device="cpu")


@cases(f"{_N}CrossMapLRN2d")
def cross_map(rng: Rng) -> Case:
    return Layer(
        rng.name, (rng.randint(1, 3),), {}, (T(rng.shape(rng.choice([3, 4, 4, 5]), 1, 4)),), device="cpu"
    )
