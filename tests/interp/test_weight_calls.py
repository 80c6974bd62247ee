"""What calls that only write numbers into a weight come to is not worked out again, and nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapelint.interp.run import evaluate_text
from shapelint.interp.weight_calls import Done
from shapelint.interp.world import World

from .test_once import said

FILL = """
import math
import torch
from torch import nn

def fill(tensor, mean=0., std=1., a=-2., b=2.):
    def cdf(x):
        return (1. + math.erf(x / math.sqrt(2.))) / 2.
    with torch.no_grad():
        low, high = cdf((a - mean) / std), cdf((b - mean) / std)
        tensor.uniform_(2 * low - 1, 2 * high - 1)
        tensor.erfinv_()
        return tensor.mul_(std).add_(mean).clamp_(min=a, max=b)
"""


def done(text: str) -> list[Done]:
    world = World(load=lambda name: f"{name} is not looked for here")
    evaluate_text(FILL + text, world=world)
    return [held for held in world.weight_calls.values() if isinstance(held, Done)]


def test_a_weight_is_filled_once_for_all_of_its_kind() -> None:
    filled = done("for m in [nn.Linear(4, 4) for _ in range(6)]:\n    fill(m.weight, std=.02)\n")
    assert [held.given for held in filled] == [0]


def test_the_steps_that_are_not_taken_count() -> None:
    left = []
    for times in (2, 3, 4):
        world = World(load=lambda name: f"{name} is not looked for here")
        evaluate_text(
            f"{FILL}m = nn.Linear(4, 4)\nfor _ in range({times}):\n    fill(m.weight)\n", world=world
        )
        left.append(world.steps)
    assert left[0] - left[1] == left[1] - left[2] > 20


TRAPS = {
    "what it reads changes": """
scale = 1
def check(w):
    if scale > 2:
        raise ValueError(scale)
    w.mul_(scale)
with torch.no_grad():
    for m in [nn.Linear(4, 4) for _ in range(5)]:
        check(m.weight)
        scale += 1
""",
    "it writes a global": """
seen = []
def note(w):
    seen.append(w)
    return None
with torch.no_grad():
    for m in [nn.Linear(4, 4) for _ in range(5)]:
        note(m.weight)
nn.Linear(len(seen), 3)(torch.zeros(1, 4))
""",
    "it says something": """
def change(w):
    w.add_(1)
for m in [nn.Linear(4, 4) for _ in range(3)]:
    change(m.weight)
""",
    "it freezes the weight": """
def freeze(w):
    w.requires_grad = False
    return w
net = nn.Sequential(*[nn.Linear(4, 4) for _ in range(5)])
for m in net:
    freeze(m.weight)
torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=.1)
""",
    "it gives another tensor": """
def half(w):
    return w[:2]
with torch.no_grad():
    parts = [half(nn.Linear(4, 4).weight) for _ in range(5)]
torch.cat(parts).view(3, 14)
""",
    "it gives a number of what it is given": """
def size(w, n=[0]):
    n[0] += 1
    return w.shape[0] + n[0]
sizes = [size(nn.Linear(4, 4).weight) for _ in range(4)]
nn.Linear(sizes[-1], 2)(torch.zeros(1, 5))
""",
    "under another mode": """
def change(w):
    w.add_(1)
m = nn.Linear(4, 4)
with torch.no_grad():
    for _ in range(4):
        change(m.weight)
change(m.weight)
""",
    "other sizes": """
def fans(w):
    assert w.shape[0] == 4
    return w
with torch.no_grad():
    for n in (4, 4, 4, 4, 5):
        fans(nn.Linear(3, n).weight)
""",
    "a closure over what changes": """
def make():
    count = 0
    def step(w):
        nonlocal count
        count += 1
        return count
    return step
step = make()
w = nn.Linear(4, 4).weight
nn.Linear([step(w) for _ in range(5)][-1], 2)(torch.zeros(1, 4))
""",
}


@pytest.mark.parametrize("name", TRAPS)
def test_calls_that_look_alike_are_not_taken_for_each_other(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once, each_time = said(f"{FILL}model = nn.Linear(4, 4)\n{TRAPS[name]}", tmp_path, monkeypatch)
    assert each_time == once
