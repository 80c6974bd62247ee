"""Cases for losses."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_nn_norm import near
from tests.differential.compare import Layer, Op, T

_N, _F = "torch.nn.", "torch.nn.functional."
_VALUES = {
    "mse_loss": "MSELoss", "l1_loss": "L1Loss", "smooth_l1_loss": "SmoothL1Loss", "huber_loss": "HuberLoss",
    "kl_div": "KLDivLoss", "binary_cross_entropy": "BCELoss", "binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
    "poisson_nll_loss": "PoissonNLLLoss", "gaussian_nll_loss": "GaussianNLLLoss",
    "hinge_embedding_loss": "HingeEmbeddingLoss", "soft_margin_loss": "SoftMarginLoss",
    "multilabel_soft_margin_loss": "MultiLabelSoftMarginLoss", "multilabel_margin_loss": "MultiLabelMarginLoss",
}  # fmt: skip


def reduction(rng: Rng, new: bool = False) -> dict[str, Any]:
    if not new and rng.often(0.1):
        return {"reduce": rng.choice([None, True, False]), "size_average": rng.choice([True, False])}
    return (
        {"reduction": rng.choice(["none", "mean", "sum", "none", "median" if rng.often(0.1) else "sum"])}
        if rng.often(0.7)
        else {}
    )


def dtype(rng: Rng, p: float = 0.9) -> str:
    return "float32" if rng.often(p) else rng.choice(["float64", "int64", "bool", "float32"])


def partner(rng: Rng, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The same shape, or one that broadcasts, or one that does not fit."""
    if rng.often(0.7):
        return shape
    kind = rng.randint(0, 3)
    if kind == 0:
        return tuple(n if rng.often() else 1 for n in shape)
    if kind == 1:
        return shape[1:]
    if kind == 2:
        return (rng.randint(1, 2), *shape)
    return tuple(near(rng, n, 0.7) for n in shape)


@cases(*(f"{_F}{name}" for name in _VALUES), *(f"{_N}{name}" for name in _VALUES.values()))
def value_loss(rng: Rng) -> Case:
    name = next(n for n, c in _VALUES.items() if rng.name in (f"{_F}{n}", f"{_N}{c}"))
    shape = rng.shape(rng.randint(0, 3), 0 if rng.often(0.05) else 1, 3)
    multilabel = name == "multilabel_margin_loss"
    other = partner(rng, shape) if not multilabel or rng.often(0.2) else shape
    empty = 0 in shape or 0 in other
    x = T(shape, "float32" if empty else dtype(rng))
    y = (
        T(other, "int64", 1)
        if multilabel and (empty or rng.often(0.9))
        else T(other, "float32" if empty else dtype(rng))
    )
    named = reduction(rng, name in ("huber_loss", "gaussian_nll_loss"))
    if name == "kl_div" and rng.often(0.2):
        named = {"reduction": "batchmean"}
    inputs: tuple[Any, ...] = (x, y)
    if name == "gaussian_nll_loss":
        var = rng.choice([shape, shape[:-1], (*shape[:-1], 1), tuple(near(rng, n) for n in shape)])
        inputs = (x, y, T(var))
    weighted = name in (
        "mse_loss",
        "l1_loss",
        "huber_loss",
        "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        "multilabel_soft_margin_loss",
    )
    if rng.name.startswith(_F):
        if weighted and rng.often(0.2):
            named["weight"] = T(partner(rng, shape))
        if name.endswith("logits") and rng.often(0.2):
            named["pos_weight"] = T(partner(rng, shape))
        if name in ("smooth_l1_loss",) and rng.often(0.2):
            named["beta"] = rng.choice([0.0, 0.5, -1.0])
        return Op(rng.name, inputs, named, device="cpu", flops=False)
    return Layer(rng.name, (), named, inputs, device="cpu", flops=False)


@cases(f"{_F}cross_entropy", f"{_N}CrossEntropyLoss", f"{_F}nll_loss", f"{_N}NLLLoss")
def class_loss(rng: Rng) -> Case:
    classes = rng.randint(1, 4)
    batch = (rng.randint(0 if rng.often(0.05) else 1, 3),) if rng.often(0.85) else ()
    rest = rng.shape(rng.choice([0, 0, 1, 2, 3]), 1, 3) if batch else ()
    x = T((*batch, classes, *rest), dtype(rng, 0.95) if batch != (0,) else "float32")
    wanted = (*batch, *rest)
    if rng.often(0.25):
        wanted = rng.choice(
            [
                (*batch, classes, *rest),
                (*batch, *rest, 1),
                tuple(near(rng, n, 0.6) for n in wanted),
                wanted[1:],
            ]
        )
    kind = "int64" if rng.often(0.85) or batch == (0,) else rng.choice(["float32", "int32", "uint8", "bool"])
    if len(wanted) == len(x.shape) and rng.often(0.8):
        kind = "float32"
    if kind == "uint8" and "ross" in rng.name:
        kind = "int32"
    y = T(wanted, kind, 1 if kind == "int64" else None)
    named = reduction(rng)
    cross = "ross" in rng.name
    if cross and rng.often(0.2):
        named["label_smoothing"] = rng.choice([0.1, 1.0, 1.5])
    if rng.often(0.2):
        named["ignore_index"] = rng.choice([-100, -1, 1])
    if rng.name.startswith(_F):
        if rng.often(0.2):
            named["weight"] = T((near(rng, classes),)) if rng.often(0.9) else T((1, classes))
        return Op(rng.name, (x, y), named, device="cpu", flops=False)
    return Layer(rng.name, (), named, (x, y), device="cpu", flops=False)


@cases(f"{_F}multi_margin_loss", f"{_N}MultiMarginLoss")
def multi_margin(rng: Rng) -> Case:
    x = T(rng.shape(rng.choice([1, 2, 2, 2, 0, 3] if rng.often(0.2) else [1, 2, 2]), 1, 4))
    y = T(
        (near(rng, x.shape[0]),) if len(x.shape) > 1 or (x.shape and rng.often(0.1)) else (),
        "int64" if rng.often(0.95) else "float32",
        1,
    )
    named = {**reduction(rng), "p": rng.choice([1, 2, 3 if rng.often(0.1) else 1])}
    if rng.name.startswith(_F):
        if rng.often(0.2) and x.shape:
            named["weight"] = T((near(rng, x.shape[-1]),))
        return Op(rng.name, (x, y), named, device="cpu", flops=False)
    return Layer(rng.name, (), named, (x, y), device="cpu", flops=False)


@cases(f"{_F}margin_ranking_loss", f"{_N}MarginRankingLoss", f"{_F}triplet_margin_loss", f"{_N}TripletMarginLoss",
       f"{_F}triplet_margin_with_distance_loss", f"{_N}TripletMarginWithDistanceLoss",
       f"{_F}cosine_embedding_loss", f"{_N}CosineEmbeddingLoss")  # fmt: skip
def three(rng: Rng) -> Case:
    cosine = "osine" in rng.name
    shape = rng.shape((2 if rng.often(0.7) else 1) if cosine and rng.often(0.95) else rng.randint(1, 3), 1, 3)
    other = partner(rng, shape)
    third = partner(rng, shape) if not cosine else partner(rng, shape[:-1])
    inputs = (T(shape, dtype(rng, 0.97)), T(other), T(third))
    named = reduction(rng, "istance" in rng.name)
    if "riplet" in rng.name and rng.often(0.2):
        named["margin"] = rng.choice([0.5, 0.0])
    if "riplet" in rng.name and rng.often(0.2):
        named["swap"] = True
    if rng.name.startswith(_F):
        return Op(rng.name, inputs, named, device="cpu", flops=False)
    return Layer(rng.name, (), named, inputs, device="cpu", flops=False)


@cases(f"{_F}ctc_loss", f"{_N}CTCLoss")
def ctc(rng: Rng) -> Case:
    time, batch, classes, length = rng.randint(1, 4), rng.randint(1, 3), rng.randint(2, 4), rng.randint(1, 3)
    batched = rng.often(0.7)
    x = T((time, batch, classes) if batched else (time, classes))
    y = T((near(rng, batch), length) if batched else (length,), "int64" if rng.often(0.95) else "float32", 1)
    if batched and rng.often(0.5):
        lengths: tuple[Any, ...] = (T((near(rng, batch),), "int64", 1), T((near(rng, batch),), "int64", 1))
    else:
        samples = near(rng, batch if batched else 1)
        lengths = tuple(tuple(near(rng, rng.randint(1, n)) for _ in range(samples)) for n in (time, length))
        if not batched and rng.often():
            lengths = (lengths[0], (length,))
    named = {**reduction(rng, True), "blank": rng.choice([0, 1, 4 if rng.often(0.2) else 0])}
    if rng.name.startswith(_F):
        return Op(rng.name, (x, y, *lengths), named, device="cpu", flops=False)
    return Layer(rng.name, (), named, (x, y, *lengths), device="cpu", flops=False)


@cases(f"{_F}linear_cross_entropy", f"{_N}LinearCrossEntropyLoss")
def linear_cross_entropy(rng: Rng) -> Case:
    features, classes = rng.randint(1, 4), rng.randint(1, 4)
    batch = (rng.randint(1, 3),) if rng.often() else ()
    out = rng.shape(rng.randint(1, 2), 1, 3) if rng.often(0.2) else ()
    x = T((*batch, near(rng, features)))
    wanted = (*batch, *out)
    if rng.often(0.2):
        wanted = rng.choice([(*batch, classes, *out), wanted[1:]])
    y = T(wanted, "float32") if len(wanted) > len(batch) + len(out) else T(wanted, "int64", 1)
    named = reduction(rng, True)
    if rng.often(0.2):
        named["label_smoothing"] = rng.choice([0.1, 1.5])
    if rng.often(0.2):
        named["ignore_index"] = rng.choice([-1, 1])
    if rng.name.startswith(_F):
        if rng.often(0.3):
            named["linear_bias"] = T((near(rng, classes), *out))
        return Op(rng.name, (x, T((classes, *out, features)), y), named, device="cpu")
    named["bias"] = rng.often(0.5)
    return Layer(rng.name, (features, classes), {**named, "out_features": out}, (x, y), device="cpu")


@cases(f"{_N}AdaptiveLogSoftmaxWithLoss")
def adaptive(rng: Rng) -> Case:
    features, classes = rng.randint(4, 20), rng.randint(4, 10)
    cutoffs = sorted(
        {
            rng.randint(0 if rng.often(0.05) else 1, classes - (not rng.often(0.05)))
            for _ in range(rng.randint(1, 2))
        }
    )
    batch = (rng.randint(1, 3),) if rng.often(0.7) else ()
    x = T((*batch, near(rng, features)))
    y = T(tuple(near(rng, n) for n in batch) if rng.often(0.95) else (2, 2), "int64", 1)
    named = {"div_value": rng.choice([2.0, 4.0])} if rng.often(0.5) else {}
    return Layer(rng.name, (features, classes, cutoffs), named, (x, y), device="cpu", flops=False)
