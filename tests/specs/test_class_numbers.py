"""Class numbers that are known: which of them torch refuses, and which are ignored."""

from __future__ import annotations

import random

import pytest

import shapelint

torch = pytest.importorskip("torch")
F = torch.nn.functional

CALLS = ("cross_entropy", "nll_loss", "multi_margin_loss", "linear_cross_entropy")


def _program(seed: int) -> str:
    chance = random.Random(seed)
    name = chance.choice(CALLS)
    classes, rows = chance.randint(2, 4), chance.randint(1, 3)
    target = [chance.choice([-100, -7, -1, *range(classes), classes]) for _ in range(rows)]
    options = []
    if name != "multi_margin_loss" and chance.random() < 0.7:
        options.append(f"ignore_index={chance.choice([-100, -7, -1, 0, classes])}")
    if name in ("cross_entropy", "linear_cross_entropy") and chance.random() < 0.3:
        options.append("label_smoothing=0.1")
    scores = f"torch.zeros({rows}, {classes})"
    if name == "linear_cross_entropy":
        scores = f"torch.zeros({rows}, 5), torch.zeros({classes}, 5)"
    elif rows == 1 and chance.random() < 0.5:
        scores = f"torch.zeros({classes})"
    return f"import torch\ntorch.nn.functional.{name}({', '.join([scores, f'torch.tensor({target})', *options])})\n"


@pytest.mark.parametrize("seed", range(400))
def test_it_is_refused_where_torch_refuses_it(seed: int) -> None:
    program = _program(seed)
    try:
        exec(program, {})
        refused = False
    except (IndexError, RuntimeError, ValueError):
        refused = True
    said = [d.code for d in shapelint.check(program)]
    assert bool(said) == refused, program
