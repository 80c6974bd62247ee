"""Numbers too large to work out: what wraps, wraps; nothing is worked out in full first."""

from __future__ import annotations

import pytest
import torch

from shapelint.engine.analyse import analyse
from shapelint.source.text import from_text
from shapelint.values import Tensor
from tests.interp.programs import read


@pytest.mark.parametrize(
    "asked",
    (
        "torch.tensor(3) ** 10**9", "torch.tensor([3, -4]) ** 1000001", "torch.tensor([3, 4]) << 10**9", "torch.tensor(5) << 70",
        "torch.tensor(7, dtype=torch.int8) << 3", "torch.pow(2, torch.tensor(10**9))", "torch.tensor(-3, dtype=torch.int32) ** 77",
        "torch.tensor(200, dtype=torch.uint8) ** 3", "torch.tensor(3).pow(10**12)", "torch.tensor(-5) >> 10**9",
    ),
)  # fmt: skip
def test_integers_wrap(asked: str) -> None:
    made = eval(asked, {"torch": torch})
    assert read(f"import torch\nx = ({asked}).tolist()\ny = x if isinstance(x, int) else tuple(x)\n")[
        "y"
    ] == (made.item() if made.dim() == 0 else tuple(made.tolist()))


@pytest.mark.parametrize("made", ("[1] * n", "(1,) * n", "'a' * n", "b'a' * n"))
@pytest.mark.parametrize("n", (10**30, -(10**30), -(10**18), 0))
def test_repeated_too_often_or_less_than_never(made: str, n: int) -> None:
    text = f"n = {n}\ntry:\n    x = len({made})\nexcept OverflowError:\n    x = 'OverflowError'\n"
    expected: dict[str, object] = {}
    exec(text, expected)
    assert read(text)["x"] == expected["x"]


@pytest.mark.parametrize(
    "call",
    [
        "torch.ones(5)[::2**62]", "torch.ones(5)[::2**63]", "torch.nn.Dropout(float('nan'))", "torch.fft.fft(torch.ones(4), -1)",
        "torch.fft.irfft(torch.ones(4), -1)", "torch.fft.fftn(torch.ones(4), (-1,))", "torch.fft.fft2(torch.ones(4, 4), (-1, 2))",
        "torch.ones(6).resize_(-1)", "torch.ones(6).as_strided((-1,), (1,))", "torch.ones(6).as_strided((1,), (-1,))",
        "torch.combinations(torch.ones(3), 5)", "torch.combinations(torch.ones(3), 5, True)",
    ],
)  # fmt: skip
def test_odd_numbers_are_what_torch_takes(call: str) -> None:
    found = analyse(from_text("program.py", f"import torch\ndef f():\n    return {call}\n")).diagnostics
    try:
        made = eval(call, {"torch": torch})
    except (RuntimeError, ValueError):
        assert found
        return
    assert not found
    told = read(f"import torch\nx = {call}\n")["x"]
    assert not isinstance(told, Tensor) or told.shape == tuple(made.shape)
