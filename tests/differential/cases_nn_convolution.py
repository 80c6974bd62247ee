"""Cases for convolutions. On the CPU, which checks more than the meta device."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.compare import Layer, Op, T, ask_torch

_COUNTS = ("1d", "2d", "3d")


def one_or_all(rng: Rng, count: int, low: int, high: int) -> Any:
    """One number, a list of one, one each, or (rarely) the wrong count."""
    kind = rng.random()
    if kind < 0.5:
        return rng.randint(low, high)
    if kind < 0.9:
        return tuple(rng.randint(low, high) for _ in range(count))
    if kind < 0.95:
        return [rng.randint(low, high) for _ in range(count)]
    return tuple(rng.randint(low, high) for _ in range(rng.choice([1, count + 1])))


def spatial_input(rng: Rng, count: int, channels: int, high: int = 8) -> T:
    batch = (rng.randint(0 if rng.often(0.1) else 1, 2),) if rng.often(0.7) else ()
    sizes = rng.shape(count, 0 if rng.often(0.1) else 1, high)
    if rng.often(0.05):
        sizes = (*sizes, 3, 3) if rng.often(0.5) else sizes[1:]
    return T((*batch, channels if rng.often(0.9) else channels + 1, *sizes))


def padding(rng: Rng, count: int) -> Any:
    if rng.often(0.15):
        return rng.choice(["same", "valid", "full"])
    return one_or_all(rng, count, -1 if rng.often(0.05) else 0, 3)


def stride(rng: Rng, count: int) -> Any:
    return one_or_all(rng, count, 0 if rng.often(0.05) else 1, 3) if rng.often(0.6) else 1


@cases(*(f"torch.nn.functional.conv{d}" for d in _COUNTS))
def conv(rng: Rng) -> Case:
    count = int(rng.name[-2])
    groups = rng.choice([1, 1, 1, 2, 3, 0 if rng.often(0.1) else 1])
    inside = rng.randint(0 if rng.often(0.1) else 1, 3)
    out = groups * rng.randint(1, 3) + (1 if rng.often(0.05) else 0)
    x = spatial_input(rng, count, inside * max(groups, 1))
    kernel = rng.shape(count, 0 if rng.often(0.05) and 0 not in x.shape else 1, 4)
    bias = T((out if rng.often(0.9) else out + 1,)) if rng.often(0.5) else None
    if rng.often(0.05) and 0 not in x.shape:
        x = T(x.shape, rng.choice(["float64", "int64"]))
    dilation = one_or_all(rng, count, 0 if rng.often(0.05) else 1, 3) if rng.often(0.3) else 1
    named = {
        "stride": stride(rng, count),
        "padding": padding(rng, count),
        "dilation": dilation,
        "groups": groups,
    }
    return Op(rng.name, (x, T((out, inside, *kernel)), bias), named, device="cpu")


@cases(*(f"torch.nn.Conv{d}" for d in _COUNTS))
def conv_layer(rng: Rng) -> Case:
    count = int(rng.name[-2])
    groups = rng.choice([1, 1, 1, 2, 3, rng.randint(-1, 1)])
    inside = rng.randint(0 if rng.often(0.1) else 1, 3) * max(groups, 1) + (1 if rng.often(0.05) else 0)
    out = max(groups, 1) * rng.randint(1, 3) + (1 if rng.often(0.05) else 0)
    x = spatial_input(rng, count, inside)
    kernel = one_or_all(rng, count, 0 if rng.often(0.05) and 0 not in x.shape else 1, 4)
    named: dict[str, Any] = {"stride": stride(rng, count), "padding": padding(rng, count), "groups": groups}
    if rng.often(0.3):
        named["dilation"] = one_or_all(rng, count, 0 if rng.often(0.05) else 1, 3)
    if rng.often(0.3):
        named["padding_mode"] = rng.choice(["zeros", "reflect", "replicate", "circular", "constant"])
    named["bias"] = rng.often(0.5)
    return Layer(rng.name, (inside, out, kernel), named, (x,), device="cpu")


def flat(case: Case) -> bool:
    """Whether some output of a transposed convolution has no length: then it depends on the kernel that is chosen whether
    that is refused (one thread or many, one sample or several)."""
    answer = ask_torch(case)
    if answer.raised is not None:
        return "Output size is too small" in answer.raised
    return 0 in answer.results[0][1:]


@cases(*(f"torch.nn.functional.conv_transpose{d}" for d in _COUNTS))
def transposed(rng: Rng) -> Case:
    while flat(case := _transposed(rng)):
        pass
    return case


def _transposed(rng: Rng) -> Case:
    count = int(rng.name[-2])
    groups = rng.choice([1, 1, 1, 2, 3, 0 if rng.often(0.1) else 1])
    inside = rng.randint(0 if rng.often(0.1) else 1, 3) * max(groups, 1) + (1 if rng.often(0.05) else 0)
    out = rng.randint(0 if rng.often(0.1) else 1, 3)
    kernel = rng.shape(count, 0 if rng.often(0.05) else 1, 4)
    bias = T((out * groups if rng.often(0.9) else out + 1,)) if rng.often(0.5) else None
    x = spatial_input(rng, count, inside, 4)
    if rng.often(0.05) and 0 not in x.shape:
        x = T(x.shape, rng.choice(["float64", "int64"]))
    named: dict[str, Any] = {"stride": stride(rng, count), "groups": groups}
    named["padding"] = one_or_all(rng, count, -1 if rng.often(0.05) else 0, 3)
    if rng.often(0.4):
        named["output_padding"] = one_or_all(rng, count, -1 if rng.often(0.05) else 0, 2)
    if rng.often(0.3):
        named["dilation"] = one_or_all(rng, count, 0 if rng.often(0.05) else 1, 3)
    return Op(rng.name, (x, T((inside, out, *kernel)), bias), named, device="cpu")


@cases(*(f"torch.nn.ConvTranspose{d}" for d in _COUNTS))
def transposed_layer(rng: Rng) -> Case:
    while flat(case := _transposed_layer(rng)):
        pass
    return case


def _transposed_layer(rng: Rng) -> Case:
    count = int(rng.name[-2])
    groups = rng.choice([1, 1, 1, 2, 3, rng.randint(-1, 1)])
    inside = rng.randint(0 if rng.often(0.05) else 1, 3) * max(groups, 1) + (1 if rng.often(0.05) else 0)
    out = max(groups, 1) * rng.randint(0 if rng.often(0.05) else 1, 3) + (1 if rng.often(0.05) else 0)
    kernel = one_or_all(rng, count, 0 if rng.often(0.05) else 1, 4)
    named: dict[str, Any] = {"stride": stride(rng, count), "groups": groups, "bias": rng.often(0.5)}
    named["padding"] = one_or_all(rng, count, 0, 2)
    if rng.often(0.3):
        named["output_padding"] = one_or_all(rng, count, 0, 2)
    if rng.often(0.3):
        named["dilation"] = one_or_all(rng, count, 1, 3)
    if rng.often(0.05):
        named["padding_mode"] = "reflect"
    x = spatial_input(rng, count, inside, 4)
    called: tuple[Any, ...] = (x,)
    if rng.often(0.3):
        called = (x, [rng.randint(1, 12) for _ in range(rng.choice([count, count, count + 1, count + 2]))])
    return Layer(rng.name, (inside, out, kernel), named, called, device="cpu")


@cases("torch.conv_tbc")
def conv_tbc(rng: Rng) -> Case:
    channels, out, kernel = rng.shape(3, 1, 3)
    x = T((rng.randint(0, 5), rng.randint(1, 3), channels if rng.often() else channels + 1))
    bias = T((out if rng.often(0.9) else out + 1,))
    return Op(rng.name, (x, T((kernel, channels, out)), bias, rng.randint(0, 2)), device="cpu", flops=False)
