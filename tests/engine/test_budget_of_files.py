"""What a file's entry points may take together: what is done again is charged for what it costs."""

from __future__ import annotations

import pytest

from shapelint.engine.analyse import analyse
from shapelint.interp import world
from shapelint.interp.world import World
from shapelint.source.text import from_text

NETS = """import torch
from torch import nn
class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(8)])
    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x)) + x
        return x
class Net(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(16) for _ in range(depth)])
    def forward(self, x):
        return self.blocks(x)
""" + "".join(f"def net_{i}(): return Net({10 + i})(torch.randn(2, 16))\n" for i in range(40))


def _spent(monkeypatch: pytest.MonkeyPatch, done_again: int) -> tuple[int, int]:
    """How many parts of the file are told as not analysed for it, and the steps that the last entry point could take."""
    monkeypatch.setattr(world, "_DONE_AGAIN", done_again)
    monkeypatch.setattr(world, "FILE_STEPS", 100_000)
    monkeypatch.setattr(world, "MAX_STEPS", 10_000)
    worlds: list[World] = []
    refill = World.refill

    def kept(self: World, most: int) -> None:
        refill(self, most)
        worlds.append(self)
        given.append(self.steps)

    given: list[int] = []
    monkeypatch.setattr(World, "refill", kept)
    analysis = analyse(from_text("program.py", NETS))
    return sum("budget" in part.why for part in analysis.not_analysed), given[-1]


def test_what_is_done_again_leaves_more_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as first:
        cut, least = _spent(first, 1)
    assert cut and least == world._LEAST_STEPS
    with monkeypatch.context() as second:
        cut, least = _spent(second, 5)
    assert cut == 0 and least > world._LEAST_STEPS
