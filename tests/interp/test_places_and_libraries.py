"""What is asked for at every call costs little: where we are, and what a library holds under a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shapelint.engine.analyse import analyse
from shapelint.interp import attributes
from shapelint.interp.world import World
from shapelint.source.text import read
from shapelint.values import Builtin, External
from tests.engine.test_lazy_packages import write

BLOCKS = """
from torch import nn
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.register_buffer("b", None)
    def forward(self, x):
        return self.a(x)
"""
MAIN = """
import torch
from torch import nn
from lib.blocks import Block
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.two = Block(), nn.Linear(4, 4)
    def forward(self, x):
        return self.two(self.one(x))
net = Net()
net(torch.zeros(2, 4))
"""


def test_here_is_the_innermost_place_in_a_checked_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"lib/__init__.py": "", "lib/blocks.py": BLOCKS, "main.py": MAIN})
    real, deep = World.here, []

    def here(self: World) -> Any:
        self.checked = lambda path: path.endswith("main.py")
        found = real(self)
        assert found == self.where()[0]
        deep.append(found is not None and found != self.where()[2])
        return found

    monkeypatch.setattr(World, "here", here)
    analyse(read(str(tmp_path / "main.py")))
    assert any(deep)
    assert not all(deep)


def test_a_part_of_a_library_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributes, "_parts_of_libraries", {})
    monkeypatch.setattr(attributes, "_MOST_PARTS", 3)
    world = World(load=lambda name: "nothing is read")

    def part(owner: str, name: str) -> Any:
        return attributes.get(world, External(owner), name)

    assert part("torch", "relu") is part("torch", "relu")
    assert part("torch", "relu") is not part("torch.nn", "relu")
    assert isinstance(part("torch", "relu"), Builtin)
    assert part("unheard.of", "a") == External("unheard.of.a")
    assert part("unheard.of", "b") == External("unheard.of.b")
    assert part("unheard.of", "__name__") == "of"
    assert part("unheard", "__name__") == "unheard"
    assert len(attributes._parts_of_libraries) <= 3
