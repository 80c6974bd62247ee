"""Calls into other files with arguments that nothing is known of end after a while; what is known is followed to its end."""

from __future__ import annotations

from pathlib import Path

import pytest

import shapelint.engine.analyse as analysing
from shapelint.engine.analyse import analyse
from shapelint.interp import patience
from shapelint.interp.again import equal_calls
from shapelint.interp.world import World
from shapelint.source.text import read
from tests.engine.test_lazy_packages import total, write

BASE = """
from torch import nn
class Base(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.early = nn.Linear(3, 4)
        n = 0
        for i in range(40):
            if config.flags[i]:
                n += config.more
            if n > config.most:
                n = config.less
        self.late = nn.Linear(5, 6)
"""
NET = """
import torch
from torch import nn
from lib.base import Base
class Net(Base):
    def __init__(self, config):
        super().__init__(config)
        self.head = nn.Linear(8, 9)
    def forward(self, x):
        y = self.late(torch.ones(2, 5))
        z = self.nowhere
        return self.head(torch.ones(2, 7))
class Config:
    flags, more, most, less = [False] * 40, 1, 10, 2
"""


def test_a_call_is_given_up_and_what_it_may_have_set_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"lib/__init__.py": "", "lib/base.py": BASE, "net.py": NET})
    given_up = []
    monkeypatch.setattr(patience, "MOST_STEPS", 20)
    monkeypatch.setattr(patience, "GivenUp", _noting(given_up))
    monkeypatch.setattr("shapelint.interp.world.GivenUp", patience.GivenUp)
    found = analyse(read(str(tmp_path / "net.py"))).diagnostics
    assert given_up
    assert [(d.code, d.line) for d in found if d.severity == "error"] == [("SHP101", 12)]


def _noting(seen: list[bool]) -> type[Exception]:
    class Noting(patience.GivenUp):
        def __init__(self) -> None:
            super().__init__()
            seen.append(True)

    return Noting


def test_what_the_program_does_itself_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "MOST_STEPS", 0)
    right = NET.replace("        z = self.nowhere\n", "") + "net = Net(Config())\n"
    write(tmp_path, {"lib/__init__.py": "", "lib/base.py": BASE, "net.py": right})
    assert total(tmp_path / "net.py") == (12 + 4) + (30 + 6) + (72 + 9)
    assert [d.line for d in analyse(read(str(tmp_path / "net.py"))).diagnostics if d.code == "SHP101"] == [11]


BLOCKS = """
import torch
from torch import nn
class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
    def forward(self, x):
        y = torch.relu(self.a(torch.relu(torch.relu(x))))
        if y.sum() > 0:
            z = 1
            y = torch.relu(y)
            y = torch.relu(y)
        return y
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block() for _ in range(9)])
    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x
def run(config):
    x = torch.zeros(2, 4)
    x = Net()(x)
    return x.view(-1, 8)
"""


@pytest.mark.parametrize("most", range(0, 32, 3))
def test_what_is_not_evaluated_again_takes_patience_too(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main = "from lib.blocks import run\ndef main(config):\n    return run(config)\n"
    write(tmp_path, {"lib/__init__.py": "", "lib/blocks.py": BLOCKS, "main.py": main})
    monkeypatch.setattr(patience, "MOST_STEPS", most)
    again: list[bool] = []
    real = equal_calls._again
    monkeypatch.setattr(equal_calls, "_again", lambda *given: again.append(True) or real(*given))
    judged, said = analysing.judge, []
    monkeypatch.setattr(
        analysing, "judge", lambda facts, *rest: said.append(facts[:]) or judged(facts, *rest)
    )
    for once in (False, True):
        monkeypatch.setattr(World, "once", once)
        analyse(read(str(tmp_path / "main.py")))
    each_time, done_again = [
        [(type(f).__name__, f.site, f.stack, f.certain, f.order) for f in facts] for facts in said
    ]
    assert each_time == done_again
    assert again or most < 10
