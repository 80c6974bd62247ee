"""Sizes of which it is not decided whether they are the -1: the shapes on both sides are those that torch comes to."""

from __future__ import annotations

import random
from typing import Any

import pytest

from shapelint import dims
from shapelint.dims import atoms
from shapelint.values import Tensor
from tests.interp.programs import read

torch = pytest.importorskip("torch")

WAYS = (
    "x.view({})",
    "x.reshape({})",
    "x.view(*[{}])",
    "torch.zeros(2, len(x)).unflatten(1, ({},))",
    "x.view(1, -1, 1).expand({})",
)


def _program(seed: int) -> str:
    chance = random.Random(seed)
    sizes = [chance.choice(["n", "n", "m", "k", "1", "2", "3", "-1"]) for _ in range(chance.randint(2, 3))]
    numbers = [chance.randint(1, 4) for _ in range(4)]
    text = chance.choice(WAYS).format(", ".join(sizes))
    return (
        f"n = -1 if flag else {numbers[0]}\nm = {numbers[1]} if flag else -1\nk = {numbers[2]} if flag else {numbers[3]}\n"
        f"x = torch.zeros({chance.choice([4, 6, 12, 24])})\nfound = {text}\n"
    )


def _by_torch(program: str, flag: bool) -> tuple[int, ...] | None:
    held: dict[str, Any] = {"torch": torch, "flag": flag}
    try:
        exec(program, held)
    except RuntimeError:
        return None
    return tuple(held["found"].shape)


@pytest.mark.parametrize("seed", range(300))
def test_both_sides_are_torchs(seed: int) -> None:
    program = _program(seed)
    found = read(f"import torch, somewhere\ndef f(flag):\n    {program.replace(chr(10), chr(10) + '    ')}return found\n"
                 "found = f(somewhere.flag)")["found"]  # fmt: skip
    wanted = [_by_torch(program, flag) for flag in (True, False)]
    if wanted == [None, None]:
        return
    if not isinstance(found, Tensor):
        assert "expand" in program and not found.after_failure  # whether a new axis is -1 is not known
        return
    for side, shape in enumerate(wanted):
        assert shape is None or tuple(_on_side(size, side) for size in found.shape) == shape, program


def _on_side(size: dims.Dim, side: int) -> dims.Dim:
    """All conditions here are the same one."""
    for key in atoms.conditions(size):
        size = dims.on_side(size, key, side)
    return size
