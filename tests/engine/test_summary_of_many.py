"""A loop that builds and calls a network in each turn: some are summarised, and how many more there are is told."""

from __future__ import annotations

from pathlib import Path

from shapelint.api import summarize

NETS = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(3, width)
    def forward(self, x):
        return self.fc(x)
for width in range(1, {}):
    Net(width)(torch.randn(2, 3))
"""


def test_all_of_a_few(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(NETS.format(8))
    told = summarize(str(path))
    assert [s.params.total for s in told] == [4 * width for width in range(1, 8)]
    assert [s.input_note for s in told] == [None] * 7


def test_some_of_many(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(NETS.format(100))
    told = summarize(str(path))
    assert len(told) == 20 and told[-1].params.total == 80
    assert [s.input_note for s in told[:-1]] == [None] * 19
    assert told[-1].input_note == "79 more networks are called there"
