"""Modules that differ in numbers that their constructors only store are built once, and nobody can tell."""

from __future__ import annotations

import pytest

from shapelint.interp.again import rebuilt, varied
from shapelint.interp.again.outlasting import NotTold
from shapelint.interp.again.recipes import NoRecipe

from .test_equal_calls import _told

PROGRAM = """
import copy
import torch
from torch import nn
{before}
class Rate(nn.Module):
    def __init__(self, p, mode="row"):
        super().__init__()
        self.p = p
        self.mode = mode
        {rate}

    def forward(self, x):
        return x * self.p

class Block(nn.Module):
    {head}
    def __init__(self, n, i, p=0.0):
        super().__init__()
        self.a, self.b = nn.Linear(n, n), nn.Linear(n, n)
        self.idx = i
        self.rate = Rate(p) if p > 0.3 else nn.Identity()
        self.size = 2
        {body}

    def forward(self, x):
        return self.rate(self.b(self.a(x)))

def show(b):
    nn.Linear(1, 1)(torch.zeros(2 + int(b.idx), 1))
    nn.Linear(1, 1)(torch.zeros(2 + int(b.size), 1))
    if isinstance(b.rate, Rate):
        nn.Linear(1, 1)(torch.zeros(2 + int(10 * b.rate.p), 1))
    {shown}

def built(i):
    return {built}

{first}
blocks = [built(i) for i in range(24)]
for block in blocks:
    show(block)
net = nn.Sequential(*blocks)
net(torch.randn(2, 8))
"""
PLAIN = {
    "before": "pass",
    "rate": "pass",
    "head": "pass",
    "body": "pass",
    "shown": "pass",
    "first": "pass",
    "built": "Block(8, i, i / 24)",
}
SIZED = "self.size = "

# What is put into the program, and whether one recipe serves blocks of different numbers.
TRAPS: dict[str, tuple[dict[str, str], bool]] = {
    "nothing": ({}, True),
    "by name": ({"built": "Block(8, p=i / 24, i=i)"}, True),
    "the attribute is read while it is built": ({"body": SIZED + "1 + self.idx % 3 // 2"}, False),
    "a method reads it": (
        {"body": SIZED + "self.kind()", "head": "def kind(self):\n        return 1 + self.idx % 3 // 2\n"}, False,
    ),
    "getattr reads it": ({"body": SIZED + "1 + getattr(self, 'id' + 'x') % 3 // 2"}, False),
    "it is asked of all attributes": ({"body": SIZED + "1 + vars(self)['idx'] % 3 // 2"}, False),
    "it is asked of __dict__": ({"body": SIZED + "1 + self.__dict__['idx'] % 3 // 2"}, False),
    "a part's is read": ({"built": "Block(8, i, 0.4 + i / 50)", "body": SIZED + "2 + int(10 * self.rate.p) // 7 if p > 0.3 else 1"}, False),
    "a function reads it": ({"before": "def size(m):\n    return 1 + m.idx % 3 // 2", "body": SIZED + "size(self)"}, False),
    "a function that is told apart by it": (
        {"before": "def size(m):\n    return 1 + m.idx % 4 // 2",
         "body": SIZED + "size(self)", "built": "Block(8, i % 4)",
         "first": "b, c = Block(8, 0), Block(8, 1, 0.9)\n[size(b) for _ in range(4)], [size(c) for _ in range(4)]"},
        False,
    ),
    "it is counted with": ({"body": SIZED + "min(i, 3)"}, False),
    "a name for it": ({"body": "j = i; " + SIZED + "1 + j % 2"}, False),
    "it is bound anew": ({"body": "i = i % 3; " + SIZED + "i"}, False),
    "a function inside reads it": ({"body": SIZED + "(lambda: 1 + i % 3)()"}, False),
    "all names are asked for": ({"body": SIZED + "1 + locals()['i'] % 3"}, False),
    "it is compared": ({"body": SIZED + "3 if i >= 7 else 5 if 9 < i else 1 if i == 2 else 4"}, True),
    "two numbers that are one": ({"built": "Block(8, i, i if i % 3 else 1)", "shown": "pass"}, True),
    "another type": ({"built": "Block(8, (i, float(i), i > 3)[i % 3])", "body": SIZED + "1"}, True),
    "the sign of a zero": ({"built": "Block(8, 0.0 if i % 3 else -0.0)", "shown": "import math\\n    nn.Linear(1, 1)(torch.zeros(3 + int(math.copysign(1, b.idx)), 1))".replace("\\n", "\n")}, True),
    "assignments do more": (
        {"head": "def __setattr__(self, name, value):\n        super().__setattr__(name, value + 1 if name == 'idx' and value > 3 else value)\n"}, False,
    ),
    "a property": (
        {"head": "@property\n    def idx(self):\n        return self.kept\n    @idx.setter\n    def idx(self, v):\n        self.kept = v % 3\n"}, False,
    ),
    "the part reads it": ({"built": "Block(8, i, 0.4 + i / 50)", "rate": "self.more = nn.Linear(1, 1 + int(10 * p) // 7)", "shown": "if isinstance(b.rate, Rate): b.rate.more(torch.zeros(2, 1))"}, False),
    "the part reads what it has stored": (
        {"built": "Block(8, i, 0.4 + i / 50)", "rate": "self.more = nn.Linear(1, 1 + int(10 * self.p) // 7)", "shown": "if isinstance(b.rate, Rate): b.rate.more(torch.zeros(2, 1))"}, False,
    ),
    "the part reads what it has stored, and was built before": (
        {"built": "Block(8, i, (0.4, 0.4, 0.45, 0.8)[min(i, 3)])", "rate": "self.more = nn.Linear(1, 1 + int(10 * self.p) // 7)",
         "shown": "if isinstance(b.rate, Rate): b.rate.more(torch.zeros(2, 1))",
         "first": "[Rate(0.4) for _ in range(5)], [Rate(0.45) for _ in range(5)]"},
        False,
    ),
    "a class that holds more under the name": (
        {"before": "class Kept:\n    def __set__(self, at, v):\n        at.kept = v // 5\n    def __get__(self, at, of):\n        return at.kept",
         "head": "idx = Kept()\n"},
        False,
    ),
    "a copy": ({"body": "self.twin = copy.deepcopy(self.rate)"}, True),
    "a function that reads it sometimes": (
        {"before": "def size(kind, depth):\n    k = 1\n    if kind == 'deep':\n        k = 2 + depth // 5\n    return k",
         "body": SIZED + "size('flat', depth=i)"},
        True,
    ),
    "a function that reads it this time": (
        {"before": "def size(kind, depth):\n    k = 1\n    if kind == 'deep':\n        k = 2 + depth // 5\n    return k",
         "body": SIZED + "size('deep', depth=i)"},
        False,
    ),
    "a function that hands it on sometimes": (
        {"before": "def size(kind, depth):\n    return odd(depth) if kind == 'deep' else 1\ndef odd(d):\n    return 2 + d // 5",
         "body": SIZED + "size('deep', i)"},
        False,
    ),
    "what it goes to changes": (
        {"before": "def f(k):\n    return 1\ndef g(k):\n    return 1 + k // 5\ndef change(i):\n    global f\n    f = g if i > 12 else f",
         "body": SIZED + "f(i)", "built": "[change(i) if i > 12 else 0, Block(8, i, i / 24)][1]"},
        True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_nobody_can_tell(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changes, served = TRAPS[name]
    text = PROGRAM.format(**{**PLAIN, **changes})
    several: list[int] = []
    real = rebuilt._again

    def again(world: object, held: rebuilt.Remembered, told: rebuilt.ToldConstruction) -> object:
        if held.numbers is None and told.numbers and "Block" in str(held.held[0][2]):
            several.append(1)
        return real(world, held, told)  # type: ignore[arg-type]

    monkeypatch.setattr(rebuilt, "_again", again)
    each_time, _ = _told(text, monkeypatch, False)
    assert not several
    once, _ = _told(text, monkeypatch, True)
    assert bool(several) == served
    assert each_time == once


def test_a_number_that_is_neither_the_same_nor_the_argument() -> None:
    both = varied.Both((1, 0.5), (2, 0.5), 3)
    assert both._held(7, 7) == 7
    assert both._held(1, 2).at == 3
    for one, other in ((1, 3), (2, 1), (1.0, 2.0), (0.0, -0.0), ("a", "b")):
        with pytest.raises(NoRecipe):
            both._held(one, other)
    assert not issubclass(NoRecipe, NotTold)
