"""Cases for pooling. On the CPU, which checks more than the meta device."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_nn_convolution import one_or_all
from tests.differential.compare import Layer, Op, T

_F = "torch.nn.functional."


def image(rng: Rng, count: int, high: int = 8) -> T:
    batch = (rng.randint(0 if rng.often(0.1) else 1, 2),) if rng.often(0.7) else ()
    low = 0 if rng.often(0.05) else 1
    sizes = rng.shape(count + 1, low, high)
    if rng.often(0.05):
        sizes = (*sizes, 3, 3) if rng.often(0.5) else sizes[1:]
    shape = (*batch, *sizes)
    return T(
        shape, rng.choice(["float64", "int64", "bool"]) if rng.often(0.06) and 0 not in shape else "float32"
    )


def window(rng: Rng, count: int, dilated: bool) -> tuple[Any, dict[str, Any]]:
    kernel = one_or_all(rng, count, 0 if rng.often(0.03) else 1, 4)
    named: dict[str, Any] = {}
    if rng.often(0.6):
        named["stride"] = None if rng.often(0.1) else one_or_all(rng, count, 0 if rng.often(0.03) else 1, 3)
    if rng.often(0.5):
        named["padding"] = one_or_all(rng, count, -1 if rng.often(0.05) else 0, 2 if rng.often(0.3) else 1)
    if dilated and rng.often(0.3):
        named["dilation"] = one_or_all(rng, count, 0 if rng.often(0.05) else 1, 3)
    if rng.often(0.5):
        named["ceil_mode"] = rng.often(0.7)
    return kernel, named


@cases(*(f"{_F}max_pool{n}d" for n in (1, 2, 3)))
def max_pool(rng: Rng) -> Case:
    count = int(rng.name[-2])
    kernel, named = window(rng, count, True)
    if rng.often(0.3):
        named["return_indices"] = True
    return Op(rng.name, (image(rng, count), kernel), named, device="cpu", flops=count > 1)


@cases(*(f"torch.nn.MaxPool{n}d" for n in (1, 2, 3)))
def max_pool_layer(rng: Rng) -> Case:
    count = int(rng.name[-2])
    kernel, named = window(rng, count, True)
    if rng.often(0.3):
        named["return_indices"] = True
    return Layer(rng.name, (kernel,), named, (image(rng, count),), device="cpu", flops=count > 1)


@cases(*(f"{_F}avg_pool{n}d" for n in (1, 2, 3)))
def avg_pool(rng: Rng) -> Case:
    count = int(rng.name[-2])
    kernel, named = window(rng, count, False)
    if "stride" in named and named["stride"] is None:
        del named["stride"]
    if count > 1 and rng.often(0.1):
        named["divisor_override"] = rng.randint(0, 2)
    return Op(rng.name, (image(rng, count), kernel), named, device="cpu")


@cases(*(f"torch.nn.AvgPool{n}d" for n in (1, 2, 3)))
def avg_pool_layer(rng: Rng) -> Case:
    count = int(rng.name[-2])
    kernel, named = window(rng, count, False)
    if rng.often(0.3):
        named["count_include_pad"] = False
    return Layer(rng.name, (kernel,), named, (image(rng, count),), device="cpu")


@cases(*(f"{_F}lp_pool{n}d" for n in (1, 2, 3)))
def lp_pool(rng: Rng) -> Case:
    count = int(rng.name[-2])
    kernel, named = window(rng, count, False)
    named.pop("padding", None)
    return Op(
        rng.name,
        (image(rng, count), rng.choice([0, 1, 2, 2.5, float("inf")]), kernel),
        named,
        device="cpu",
        flops=count > 1,
    )


@cases(*(f"torch.nn.LPPool{n}d" for n in (1, 2, 3)))
def lp_pool_layer(rng: Rng) -> Case:
    count = int(rng.name[-2])
    kernel, named = window(rng, count, False)
    named.pop("padding", None)
    return Layer(
        rng.name,
        (rng.choice([1, 2, 2.5]), kernel),
        named,
        (image(rng, count),),
        device="cpu",
        flops=count > 1,
    )


def output_size(rng: Rng, count: int) -> Any:
    if rng.often(0.3):
        return tuple(rng.choice([None, rng.randint(1, 5)]) for _ in range(count))
    return one_or_all(rng, count, -1 if rng.often(0.03) else 0 if rng.often(0.05) else 1, 5)


@cases(*(f"{_F}adaptive_{kind}_pool{n}d" for kind in ("avg", "max") for n in (1, 2, 3)))
def adaptive(rng: Rng) -> Case:
    count = int(rng.name[-2])
    named = {"return_indices": True} if "max" in rng.name and rng.often(0.3) else {}
    return Op(rng.name, (image(rng, count), output_size(rng, count)), named, device="cpu")


@cases(*(f"torch.nn.Adaptive{kind}Pool{n}d" for kind in ("Avg", "Max") for n in (1, 2, 3)))
def adaptive_layer(rng: Rng) -> Case:
    count = int(rng.name[-2])
    named = {"return_indices": True} if "Max" in rng.name and rng.often(0.3) else {}
    return Layer(rng.name, (output_size(rng, count),), named, (image(rng, count),), device="cpu")


def fraction(rng: Rng, count: int) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if rng.often(0.6):
        named["output_size"] = one_or_all(rng, count, 1, 4)
    elif rng.often(0.9):
        named["output_ratio"] = 0.5 if rng.often(0.5) else tuple(rng.choice([0.3, 0.6]) for _ in range(count))
    if rng.often(0.3):
        named["return_indices"] = True
    return named


@cases(f"{_F}fractional_max_pool2d", f"{_F}fractional_max_pool3d")
def fractional(rng: Rng) -> Case:
    count = int(rng.name[-2])
    return Op(rng.name, (image(rng, count), one_or_all(rng, count, 1, 3)), fraction(rng, count), device="cpu")


@cases("torch.nn.FractionalMaxPool2d", "torch.nn.FractionalMaxPool3d")
def fractional_layer(rng: Rng) -> Case:
    count = int(rng.name[-2])
    return Layer(
        rng.name, (one_or_all(rng, count, 1, 3),), fraction(rng, count), (image(rng, count),), device="cpu"
    )


def unpooled(rng: Rng, count: int) -> tuple[T, T, dict[str, Any]]:
    x = image(rng, count, 4)
    shape = x.shape if rng.often(0.95) else (*x.shape[:-1], x.shape[-1] + 1)
    named: dict[str, Any] = {}
    if rng.often(0.5):
        named["stride"] = one_or_all(rng, count, 1, 3)
    if rng.often(0.3):
        named["padding"] = one_or_all(rng, count, 0, 1)
    return T(x.shape), T(shape, "int64", high=1), named


@cases(*(f"{_F}max_unpool{n}d" for n in (1, 2, 3)))
def unpool(rng: Rng) -> Case:
    count = int(rng.name[-2])
    x, indices, named = unpooled(rng, count)
    if rng.often(0.3):
        named["output_size"] = [
            rng.randint(1, 9) for _ in range(rng.choice([count, count, count + 2, count + 1]))
        ]
    return Op(rng.name, (x, indices, one_or_all(rng, count, 1, 3)), named, device="cpu")


@cases(*(f"torch.nn.MaxUnpool{n}d" for n in (1, 2, 3)))
def unpool_layer(rng: Rng) -> Case:
    count = int(rng.name[-2])
    x, indices, named = unpooled(rng, count)
    return Layer(rng.name, (one_or_all(rng, count, 1, 3),), named, (x, indices), device="cpu")
