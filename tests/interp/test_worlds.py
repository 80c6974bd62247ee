"""What outlives a world: modules are evaluated once for many files, and what they hold belongs to the world that uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shapelint.engine import analyse as engine
from shapelint.interp.world import World
from shapelint.source.text import read

HELD = """import contextlib
import torch

@contextlib.contextmanager
def quietly(level):
    print(level)
    yield level

@quietly(3)
def merged(x):
    return x.flatten(1)

def counted():
    n = 0
    while True:
        n += 1
        yield n

numbers = counted()
next(numbers)
"""
USER = """import torch
import held
torch.zeros(held.merged(torch.zeros(2, 3, 4)).shape[1], next(held.numbers)) @ torch.zeros(5, 1)
"""


@pytest.mark.parametrize("first", ["held.merged(torch.zeros(2, 3))", "next(held.numbers)", "1"])
def test_a_frame_of_an_earlier_world_counts_the_steps_of_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "held.py").write_text(HELD)
    (tmp_path / "one.py").write_text(f"import torch\nimport held\n{first}\n")
    (tmp_path / "two.py").write_text(USER)
    worlds: list[World] = []
    real = engine.make_world

    def kept(*arguments: Any) -> World:
        worlds.append(real(*arguments))
        return worlds[-1]

    monkeypatch.setattr(engine, "make_world", kept)
    engine.analyse(read(str(tmp_path / "one.py")))
    worlds[0].steps = 0  # the first file has used up its budget
    found = engine.analyse(read(str(tmp_path / "two.py")))
    assert worlds[0].imported is worlds[1].imported
    assert [(d.code, "is 2, " in d.message) for d in found.diagnostics] == [("SHP105", True)], found
    assert found.not_analysed == []
