"""What outlives a world: modules are evaluated once for many files, and what they hold belongs to the world that uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shapelint.engine import analyse as engine
from shapelint.interp.run import evaluate
from shapelint.interp.world import MAX_STEPS, World
from shapelint.lower import lower
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


# ---- the budget of a module that is imported

FIB = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"


def _imports(tmp_path: Path, program: str, **modules: str) -> tuple[World, dict[str, Any]]:
    """The world behind an evaluated program and its names, where these modules lie beside it."""
    (tmp_path / "pyproject.toml").touch()
    for name, text in modules.items():
        (tmp_path / f"{name}.py").write_text(text)
    path = tmp_path / "program.py"
    path.write_text(program)
    world = engine.make_world(str(path))
    file = read(str(path))
    return world, evaluate(world, file, lower(file)).vars


@pytest.mark.parametrize("program", ["import light, heavy", "import heavy, light", "import light"])
def test_a_module_has_the_same_budget_whoever_imports_it_first(tmp_path: Path, program: str) -> None:
    heavy = FIB + "first = 1\nfib(30)\nlast = 2\n"
    light = FIB + "import heavy\nheavy.first\nfound = fib(10)\n"
    world, names = _imports(tmp_path, program, heavy=heavy, light=light)
    assert names["light"].vars["found"] == 55
    held = world.namespaces["heavy"].vars
    assert held["first"] == 1 and "last" not in held and "__open__" in held
    assert world.steps > MAX_STEPS - 10  # and it is none of the program's


@pytest.mark.parametrize(("mention", "known"), [("", False), ("import torch\n", True)])
def test_a_module_that_does_not_mention_torch_may_take_less(
    tmp_path: Path, mention: str, known: bool
) -> None:
    heavy = mention + FIB + "fib(24)\nlast = 2\n"
    _, names = _imports(tmp_path, "import heavy", heavy=heavy)
    assert ("last" in names["heavy"].vars) is known


def test_a_long_loop_takes_a_part_of_what_its_module_may(tmp_path: Path) -> None:
    heavy = FIB + "found = []\nfor i in range(900):\n    found.append(fib(10))\nlast = 2\n"
    _, names = _imports(tmp_path, "import heavy", heavy=heavy)
    assert names["heavy"].vars["last"] == 2
