"""A run that is over leaves nothing that only the garbage collector finds: it has to look for it, and takes ten times as long."""

from __future__ import annotations

import gc

from shapelint.engine.analyse import analyse
from shapelint.source.text import from_text

NET = """
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.conv = nn.Conv2d(n, n, 3, padding=1)
        self.norm = nn.BatchNorm2d(n)
        nn.init.kaiming_normal_(self.conv.weight)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x))) + x

class Net(nn.Module):
    def __init__(self, depth={depth}):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(8) for _ in range(depth)])

    def forward(self, x):
        return self.blocks(x)

Net()(torch.randn(1, 8, 16, 16))
"""


def left_behind(depth: int) -> int:
    return left_by(NET.replace("{depth}", str(depth)))


def left_by(text: str) -> int:
    gc.collect()
    gc.disable()
    try:
        analyse(from_text("net.py", text))
        return gc.collect()
    finally:
        gc.enable()


def test_a_longer_network_leaves_no_more_behind() -> None:
    left_behind(2)
    assert left_behind(60) <= left_behind(10) + 100


def test_nor_do_more_sides_of_branches_that_raise() -> None:
    """An exception that is kept has no frames, which would hold it."""

    def sides(count: int) -> int:
        refused = "".join(f"    if u.a{i}:\n        raise ValueError(u.a{i})\n" for i in range(count))
        return left_by(f"def f(u):\n{refused}    return u\n")

    sides(2)
    assert sides(60) <= sides(10) + 100
