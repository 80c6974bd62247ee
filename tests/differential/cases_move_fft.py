"""Cases for Fourier transforms."""

from __future__ import annotations

from typing import Any

from tests.differential.cases import Case, Rng, cases
from tests.differential.cases_move_reshape import axis
from tests.differential.compare import Op, T


def signal(rng: Rng) -> T:
    """Without sizes of 0: what happens then depends on the library that torch calls."""
    kind = rng.choice(("float32", "float32", "float64", "complex64", "int64", "bool", "complex128"))
    return T(tuple(rng.choice((1, 2, 3, 4, 5, 6)) for _ in range(rng.choice((0, 1, 2, 2, 3, 4)))), kind)


@cases(
    "torch.fft.fft",
    "torch.fft.ifft",
    "torch.fft.rfft",
    "torch.fft.irfft",
    "torch.fft.hfft",
    "torch.fft.ihfft",
)
def fft(rng: Rng) -> Case:
    x = signal(rng)
    keywords: dict[str, Any] = {}
    if rng.often(0.4):
        keywords["n"] = rng.randint(0, 7)
    if rng.often(0.5):
        keywords["dim"] = axis(rng, len(x.shape))
    if rng.often(0.2):
        keywords["norm"] = rng.choice(("ortho", "forward", "backward", "x"))
    return Op(rng.name, (x,), keywords, device="cpu")


@cases(
    "torch.fft.fft2", "torch.fft.ifft2", "torch.fft.rfft2", "torch.fft.irfft2", "torch.fft.hfft2", "torch.fft.ihfft2",
    "torch.fft.fftn", "torch.fft.ifftn", "torch.fft.rfftn", "torch.fft.irfftn", "torch.fft.hfftn", "torch.fft.ihfftn",
)  # fmt: skip
def fftn(rng: Rng) -> Case:
    x = signal(rng)
    keywords: dict[str, Any] = {}
    count = rng.randint(0 if rng.often(0.1) else 1, 3) if rng.name.endswith("n") else 2
    if rng.often(0.5):
        keywords["dim"] = tuple(axis(rng, len(x.shape)) for _ in range(count))
    if rng.often(0.4):
        keywords["s"] = tuple(
            rng.choice((0 if rng.often(0.1) else 1, 2, 3, 4, -1))
            for _ in range(count if rng.often(0.95) else count + 1)
        )
    return Op(rng.name, (x,), keywords, device="cpu")


@cases("torch.fft.fftshift", "torch.fft.ifftshift")
def fftshift(rng: Rng) -> Case:
    x = T(rng.shape(rng.randint(1, 3), 1, 4))
    keywords: dict[str, Any] = {}
    if rng.often(0.6):
        keywords["dim"] = tuple(axis(rng, len(x.shape)) for _ in range(rng.randint(1, 2)))
        if len(keywords["dim"]) == 1 and rng.often(0.5):
            keywords["dim"] = keywords["dim"][0]
    return Op(rng.name, (x,), keywords, device="cpu")


@cases("torch.fft.fftfreq", "torch.fft.rfftfreq")
def fftfreq(rng: Rng) -> Case:
    return Op(rng.name, (rng.randint(1, 9), *([0.5] if rng.often(0.5) else [])))


@cases("torch.stft", "torch.Tensor.stft")
def stft(rng: Rng) -> Case:
    size = rng.randint(1 if rng.often(0.9) else 0, 12)
    x = T(
        (*rng.shape(rng.choice((0, 1, 1, 2 if rng.often(0.1) else 1)), 1, 3), rng.randint(1, 40)),
        "complex64" if rng.often(0.15) else "float32",
    )
    keywords: dict[str, Any] = {}
    if rng.often(0.95):
        keywords["return_complex"] = rng.often(0.8)
    if rng.often(0.6):
        keywords["hop_length"] = rng.randint(0 if rng.often(0.1) else 1, 6)
    if rng.often(0.3):
        keywords["win_length"] = rng.randint(1, 12)
    if rng.often(0.4):
        keywords["center"] = rng.often(0.5)
    if rng.often(0.4):
        keywords["window"] = T((keywords.get("win_length", size) + (not rng.often(0.9)),))
    if rng.often(0.3):
        keywords["onesided"] = rng.often(0.5)
    if rng.often(0.2):
        keywords["pad_mode"] = "constant"
    return Op(rng.name, (x, size), keywords, device="cpu")


@cases("torch.istft", "torch.Tensor.istft")
def istft(rng: Rng) -> Case:
    """Windows of ones on meta: whether a window's squares overlap enough is not a question of shapes."""
    size = rng.randint(1, 6) * 2
    onesided = rng.often(0.8)
    rows = size // 2 + 1 if onesided else size
    x = T(
        (*rng.shape(rng.randint(0, 1), 1, 3), rows if rng.often(0.93) else rows + 1, rng.randint(2, 6)),
        "complex64" if rng.often(0.95) else "float32",
    )
    keywords: dict[str, Any] = {"onesided": onesided, "hop_length": rng.randint(1, max(1, size // 4))}
    if rng.often(0.3):
        keywords["center"] = True
    return Op(rng.name, (x, size), keywords, device="cpu")
