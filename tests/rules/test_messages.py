"""How findings read: what meets what with both numbers, what would fit, and nothing said twice."""

from __future__ import annotations

import pytest

from shapelint.engine.analyse import analyse
from shapelint.report import Diagnostic
from shapelint.source.text import from_text
from tests.rules.programs import HEAD


def first(program: str) -> Diagnostic:
    found = analyse(from_text("program.py", HEAD + program)).diagnostics
    return next(d for d in found if d.severity == "error")


@pytest.mark.parametrize(
    ("program", "message", "fits"),
    [
        (
            "nn.Linear(128, 10)(torch.randn(4, 64))\n",
            "nn.Linear: the last axis of the input is 64, in_features is 128",
            ("in_features=64",),
        ),
        (
            "nn.Conv2d(3, 8, 3)(torch.randn(2, 1, 28, 28))\n",
            "nn.Conv2d: the input has 1 channel, in_channels is 3",
            ("in_channels=1",),
        ),
        (
            "nn.BatchNorm2d(32)(torch.randn(2, 16, 8, 8))\n",
            "nn.BatchNorm2d: the input has 16 channels, num_features is 32",
            (),
        ),
        (
            "nn.MultiheadAttention(embed_dim=100, num_heads=8)\n",
            "nn.MultiheadAttention: embed_dim is 100, no multiple of num_heads, 8",
            (),
        ),
        ("nn.GroupNorm(19, 77)\n", "nn.GroupNorm: num_channels is 77, no multiple of num_groups, 19", ()),
        ("torch.randn(3, 4)[3]\n", "indexing: index 3 is out of range for axis 0 of size 3", ()),
        (
            "x = torch.zeros(3, 4)\nx[:, 0] = torch.ones(4)\n",
            "assigning: axis 0 of the value is 4, the size that the index takes is 3",
            (),
        ),
        (
            "out = torch.randn(8, 1)\nif out > 0:\n    print(out)\n",
            "out > 0: only a tensor of one value is true or false, this one is [8, 1]",
            (),
        ),
        (
            "torch.utils.data.TensorDataset(torch.randn(80, 4), torch.randn(20, 1))\n",
            "its tensors have 80 and 20 rows, and must have equally many",
            (),
        ),
        (
            "torch.utils.data.random_split(torch.utils.data.TensorDataset(torch.randn(105, 4)), [84, 10])\n",
            "the lengths add up to 94, and there are 105 samples",
            (),
        ),
        (
            "nn.CrossEntropyLoss()(torch.randn(4, 3), torch.tensor([1, 2, 3, 1]))\n",
            "nn.CrossEntropyLoss: the class 3 is not one of the 3 classes, which count from 0",
            (),
        ),
        (
            "nn.Sequential(nn.Linear(4, 8), nn.ReLU, nn.Linear(8, 3))\n",
            "the class ReLU is no layer, and Sequential takes layers",
            ("ReLU()",),
        ),
    ],
)
def test_it_reads_well(program: str, message: str, fits: tuple[str, ...]) -> None:
    found = first(program)
    assert found.message.endswith(message), found.message
    assert found.fits == fits


def test_the_trail_says_nothing_twice() -> None:
    found = first("layer = nn.Linear(128, 10)\nlayer(torch.randn(4, 64))\n")
    assert [step.text for step in found.trail] == [
        "called with [4, 64]",
        "built here: layer = nn.Linear(128, 10)",
    ]
