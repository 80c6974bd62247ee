"""A module that is made again while another is recorded: the other's recipe holds only as long as both do."""

from __future__ import annotations

import pytest

from shapelint.interp.again import rebuilt
from shapelint.interp.run import evaluate_text
from shapelint.interp.world import World

from .test_equal_calls import _told

PROGRAM = """
import torch
from torch import nn
from torch.nn import functional as F
{before}
class Held:
    def __init__(self, n):
        self.n = n

class Inner(nn.Module):
    def __init__(self, n, act=torch.relu):
        super().__init__()
        self.a, self.held, self.act = nn.Linear(n, n), Held(n), act
        self.sizes = [n, n]
        {inner}

    def forward(self, x):
        return self.act(self.a(x))

class Outer(nn.Module):
    def __init__(self, n, i=0):
        super().__init__()
        self.inner = Inner(n)
        self.more = {more}
        {outer}

    def forward(self, x):
        return self.inner(x) + self.more(x)

class Net(nn.Module):
    def __init__(self, n=8, depth=8):
        super().__init__()
        self.first = nn.ModuleList([Inner(n) for _ in range(3)])
        self.blocks = nn.ModuleList()
        for i in range(depth):
            {turn}
            self.blocks.append(Outer(n))

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x

net = Net()
net(torch.randn(2, 5, 8))
{after}
"""
PLAIN = {
    "before": "pass",
    "inner": "pass",
    "outer": "pass",
    "more": "Inner(n)",
    "turn": "pass",
    "after": "pass",
}

TRAPS = {
    "nothing": {},
    "what the inner reads changes": {
        "before": "SEEN = [1]", "inner": "self.b = nn.Linear(n, SEEN[0])", "turn": "SEEN[0] += i > 5",
        "after": "nn.Linear(1, 1)(net.blocks[7].inner.b(torch.zeros(1, 8)))",
    },
    "a function that the inner reads changes": {
        "before": "def f(n):\n    return n\ndef g(n):\n    return n + 1\ndef h(i):\n    global f\n    f = g if i > 5 else f",
        "inner": "self.b = nn.Linear(n, f(n))", "turn": "h(i) if i > 5 else None", "after": "nn.Linear(8, 1)(net.blocks[7].inner.b(torch.zeros(1, 8)))",
    },
    "what the inner made is changed": {
        "outer": "self.inner.held.n = 5; self.inner.sizes.append(3); self.inner.a.bias = None; self.inner.a.weight.requires_grad = False",
        "after": "nn.Linear(net.blocks[7].inner.held.n + len(net.blocks[7].inner.sizes), 1)(torch.zeros(1, 9))",
    },
    "what the inner made is shared": {"more": "self.inner", "outer": "self.third = self.inner.a; self.kept = self.inner.held"},
    "a function with a closure": {
        "before": "def make(k):\n    def f(x):\n        return x * k\n    return f\nF2 = make(2)", "more": "Inner(n, F2)",
    },
    "a buffer on a device that is not known": {
        "before": "HERE = torch.zeros(1)", "inner": "self.register_buffer('b', torch.zeros(n, device=self.a.weight.device).to(dtype=torch.float64))",
        "after": "net.blocks[7].inner.b @ torch.zeros(8, 2)",
    },
    "a part of a buffer": {"inner": "self.b = torch.zeros(n, n)[:2, 1:]", "after": "net.blocks[7].inner.b @ torch.zeros(8, 2)"},
    "numbers that are not known to the last bit": {
        "inner": "self.b = torch.pow(torch.tensor(2.0), torch.arange(4) / 3.0)",
        "after": "nn.Linear(round(net.blocks[7].inner.b[2].item()), 1)(torch.zeros(1, 9))",
    },
    "made on one side of a condition, with a list and a plain object": {
        "turn": "one = Outer(n) if torch.rand(1).item() > 0.5 else Inner(n)\n            for _ in range(int(torch.rand(1))): self.more = Outer(n)",
        "after": "net.more(torch.randn(2, 5, 8))",
    },
    "what the inner says": {"inner": "print(n)"},
    "the inner fails": {"inner": "self.c = nn.Conv2d(3, 4, 3, groups=2)"},
    "what the inner writes": {
        "before": "SEEN = []", "inner": "SEEN.append(n)", "after": "nn.Linear(len(SEEN), 1)(torch.zeros(1, 3))",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_nobody_can_tell(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PROGRAM.format(**{**PLAIN, **TRAPS[name]})
    within: list[int] = []
    real = rebuilt._again

    def again(world: object, *given: object) -> object:
        within.append(world.recording is not None)  # type: ignore[attr-defined]
        return real(world, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(rebuilt, "_again", again)
    each_time, _ = _told(text, monkeypatch, False)
    assert not within
    once, _ = _told(text, monkeypatch, True)
    assert any(within) == (name not in ("the inner fails", "what the inner writes"))
    assert each_time == once


@pytest.mark.parametrize("act", ["torch.relu", "make(2)"])
def test_what_is_made_again_within_may_be_made_once_more(act: str) -> None:
    """Objects of its own, and a function of the program that holds something."""
    before = f"def make(k):\n    def f(x):\n        return x * k\n    return f\nACT = {act}"
    world = World(load=lambda name: f"{name} is not looked for here")
    text = PROGRAM.format(**{**PLAIN, "before": before, "inner": "self.act = ACT"})
    evaluate_text(text, world=world)
    assert sum(isinstance(held, rebuilt.Remembered) for held in world.rebuilt.values()) == 2
