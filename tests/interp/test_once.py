"""What is equal is worked out once: nobody can tell from what is said that it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import shapelint
from shapelint.interp.run import evaluate_text
from shapelint.interp.world import World

HEAD = """
import torch
from torch import nn
"""


def said(text: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Everything that is said of a program, worked out once and each time."""
    file = path / "net.py"
    found = []
    for once in (True, False):
        monkeypatch.setattr(World, "once", once)
        source = f"{HEAD}{text}\n# {once}\n"  # another text, since what was found in one is kept
        file.write_text(source, encoding="utf-8")
        checked = [d.to_json() for d in shapelint.check(source, select=["ALL"])]
        summaries = [s.to_json() for s in shapelint.summarize(str(file))]
        found.append(json.dumps([checked, summaries], default=str))
    return found[0], found[1]


PROGRAMS = {
    "layers alike": """
net = nn.Sequential(*[nn.Conv2d(8, 8, 3, padding=1) for _ in range(4)], nn.Conv2d(8, 8, 3, padding=1, bias=False))
net(torch.randn(1, 8, 16, 16))
""",
    "the default dtype changes between them": """
a = nn.Linear(4, 4)
b = nn.Linear(4, 4)
torch.set_default_dtype(torch.float64)
c = nn.Linear(4, 4)
nn.Sequential(a, b)(torch.randn(2, 4, dtype=torch.float32))
c(torch.randn(2, 4))
nn.Sequential(a, c)(torch.randn(2, 4, dtype=torch.float32))
""",
    "one of them is frozen, one shares its weight": """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)
        self.b.weight.requires_grad = False
        self.c.weight = self.a.weight
        self.c.bias.requires_grad_(False)

    def forward(self, x):
        return self.c(self.b(self.a(x)))

Net()(torch.randn(2, 4))
""",
    "truth and numbers are told apart": """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(4, 4, 1), nn.Linear(4, 4, True), nn.Linear(4, 4, 0), nn.Linear(4, 4, False)])
        self.drops = nn.ModuleList([nn.Dropout(1), nn.Dropout(1.0), nn.Dropout(0.0), nn.Dropout(-0.0)])

    def forward(self, x):
        for layer, drop in zip(self.layers, self.drops):
            x = drop(layer(x))
        return x

Net()(torch.randn(2, 4))
""",
    "a subclass sets attributes before it calls the constructor": """
class Own(nn.BatchNorm2d):
    def __init__(self, n):
        self.n = n
        super().__init__(n)
        self.bias = None

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = Own(4), nn.BatchNorm2d(4), nn.BatchNorm2d(4)

    def forward(self, x):
        return self.c(self.b(self.a(x)))

Net()(torch.randn(2, 4, 3, 3))
""",
    "each is refused where it stands": """
net = nn.Linear(2, 2)

def wrong():
    return nn.Conv2d(10, 10, 3, groups=3)

def wrong_too():
    return nn.Conv2d(10, 10, 3, groups=3)
""",
    "on one side of a condition": """
class Net(nn.Module):
    def __init__(self, flag):
        super().__init__()
        self.a = nn.Linear(4, 4)
        if flag:
            self.b = nn.Linear(4, 4)
        else:
            self.b = nn.Linear(4, 5)

    def forward(self, x):
        return self.b(self.a(x))

def use(flag):
    return Net(flag)(torch.randn(2, 4))
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_said_does_not_tell(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once, each_time = said(PROGRAMS[name], tmp_path, monkeypatch)
    assert each_time == once


def test_layers_alike_have_tensors_of_their_own() -> None:
    names = evaluate_text(HEAD + "a, b = [nn.BatchNorm1d(4) for _ in range(2)]").vars
    for name in ("weight", "bias", "running_mean"):
        assert names["a"].attrs[name] is not names["b"].attrs[name]
    assert names["a"].buffers == names["b"].buffers and names["a"].buffers is not names["b"].buffers


def test_layers_alike_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from shapelint.specs import view

    built: list[str] = []
    real = view.build
    monkeypatch.setattr(view, "build", lambda layer, *rest: built.append(layer.name) or real(layer, *rest))
    evaluate_text(HEAD + "nets = [nn.Linear(4, 4) for _ in range(9)]")
    assert built == ["torch.nn.Linear"]


BLOCKS = """
class Conv(nn.Module):
    def __init__(self, i, o, act=nn.ReLU, norm=partial(nn.BatchNorm2d, eps=1e-3)):
        super().__init__()
        self.conv = nn.Conv2d(i, o, 3, padding=1)
        self.norm = norm(o)
        self.act = act()

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))

class Block(nn.Module):
    def __init__(self, n{parameter}):
        super().__init__()
        {before}
        self.a = Conv(n, n)
        self.b = nn.ModuleList([Conv(n, n) for _ in range(2)])
        {after}

    def forward(self, x):
        for layer in self.b:
            x = layer(x)
        return self.a(x)
"""

NET = """
class Net(nn.Module):
    def __init__(self, n=8, depth=6):
        super().__init__()
        {before}
        self.blocks = nn.ModuleList()
        for i in range(depth):
            self.blocks.append(Block(n{argument}))
            {after}

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x

net = Net()
net(torch.randn(1, 8, 16, 16))
"""

# name: what stands before Block, Block's own (parameter, before, after), Net's (before, argument, after)
TRAPS = {
    "nothing": ("", ("", "pass", "pass"), ("pass", "", "pass")),
    "a counter in the class": (
        "class Count:\n    n = 0\n",
        ("", "Count.n += 1", "self.extra = nn.Linear(Count.n, 1)"),
        ("pass", "", "pass"),
    ),
    "a counter that is global": (
        "N = 0\ndef tick():\n    global N\n    N += 1\n    return N\n",
        ("", "pass", "self.extra = nn.Linear(tick(), 1)"),
        ("pass", "", "pass"),
    ),
    "a global that others change": (
        "N = 1\n",
        ("", "pass", "self.extra = nn.Linear(N, 1)"),
        ("global N", "", "N += i > 2"),
    ),
    "a list that is global": (
        "MADE = []\n",
        ("", "MADE.append(n)", "self.extra = nn.Linear(len(MADE), 1)"),
        ("pass", "", "pass"),
    ),
    "a list that others write to": (
        "MADE = [1]\n",
        ("", "pass", "self.extra = nn.Linear(len(MADE), 1)"),
        ("pass", "", "MADE.append(i)"),
    ),
    "a list of the class": (
        "",
        (
            "",
            "self.made.append(n)",
            "self.extra = nn.Linear(len(self.made), 1)\n    made = []\n    def __len__(self): return 3",
        ),
        ("pass", "", "pass"),
    ),
    "a default that is kept": (
        "",
        (", made=[]", "made.append(n)", "self.extra = nn.Linear(len(made), 1)"),
        ("pass", "", "pass"),
    ),
    "a counter around a function": (
        "def counting():\n    n = 0\n    def tick():\n        nonlocal n\n        n += 1\n        return n\n    return tick\nTICK = counting()\n",
        ("", "pass", "self.extra = nn.Linear(TICK(), 1)"),
        ("pass", "", "pass"),
    ),
    "a generator": (
        "import itertools\nCOUNT = itertools.count(1)\n",
        ("", "pass", "self.extra = nn.Linear(next(COUNT), 1)"),
        ("pass", "", "pass"),
    ),
    "a layer that is shared": (
        "",
        (", shared=None", "self.shared = shared", "pass"),
        ("shared = nn.Linear(4, 4)", ", shared", "pass"),
    ),
    "a parameter that is shared": (
        "TABLE = nn.Parameter(torch.zeros(3, 3))\n",
        ("", "self.table = TABLE", "pass"),
        ("pass", "", "pass"),
    ),
    "a list that is handed in and kept": (
        "",
        (", seen=None", "self.seen = seen", "pass"),
        ("seen = []", ", seen", "seen.append(i)"),
    ),
    "a list that is handed in and written": (
        "",
        (", seen=None", "seen.append(n)", "self.extra = nn.Linear(len(seen), 1)"),
        ("seen = []", ", seen", "pass"),
    ),
    "settings that are handed in and change": (
        "class Settings:\n    width = 1\n",
        (", given=None", "self.given = given", "self.extra = nn.Linear(given.width, 1)"),
        ("given = Settings()", ", given", "given.width = 1 + (i > 2)"),
    ),
    "probabilities that vary": (
        "",
        (", p=0.0", "self.drop = nn.Dropout(p) if p > 0 else nn.Identity()", "pass"),
        ("rates = [x.item() for x in torch.linspace(0, 0.1, depth)]", ", rates[i]", "pass"),
    ),
    "numbers of their own": ("", (", at=0", "self.at = at", "pass"), ("pass", ", i", "pass")),
    "modes that are set afterwards": (
        "",
        ("", "pass", "pass"),
        ("pass", "", "self.blocks[i].train(i % 2 == 0)"),
    ),
    "one is frozen afterwards": (
        "",
        ("", "pass", "pass"),
        ("pass", "", "self.blocks[i].requires_grad_(i != 4)"),
    ),
    "a hook": (
        "",
        ("", "pass", "self.a.register_forward_hook(lambda m, x, y: y.flatten(1))"),
        ("pass", "", "pass"),
    ),
    "weights that are initialised": (
        "def init(m):\n    if isinstance(m, nn.Conv2d):\n        nn.init.kaiming_normal_(m.weight)\n",
        ("", "pass", "self.apply(init)\n        self.scale = nn.Parameter(torch.ones(n) * 1e-5)"),
        ("pass", "", "pass"),
    ),
    "buffers whose values are known": (
        "",
        ("", "self.register_buffer('ids', torch.arange(3))", "self.width = int(self.ids.max())"),
        ("pass", "", "pass"),
    ),
    "the widths differ": (
        "",
        (", m=1", "pass", "self.extra = nn.Linear(m, 1)"),
        ("pass", ", 1 + i // 2", "pass"),
    ),
    "lambdas": ("", ("", "self.act = lambda x: x * n", "self.name = self.forward"), ("pass", "", "pass")),
    "the default dtype": (
        "",
        ("", "pass", "pass"),
        ("pass", "", "torch.set_default_dtype(torch.float64 if i > 2 else torch.float32)"),
    ),
    "a class that changes": (
        "",
        ("", "pass", "pass"),
        (
            "pass",
            "",
            "Conv.flag = i\n            Conv.forward = (lambda self, x: self.conv(x)) if i > 3 else Conv.forward",
        ),
    ),
    "each of them is wrong": (
        "",
        ("", "pass", "self.extra = nn.Conv2d(10, 10, 3, groups=3)"),
        ("pass", "", "pass"),
    ),
    "layers that no list registers": (
        "",
        ("", "self.lost = [nn.Linear(4, 4) for _ in range(2)]", "pass"),
        ("pass", "", "pass"),
    ),
    "one layer listed twice": (
        "",
        ("", "l = nn.Linear(4, 4)", "self.twice = nn.Sequential(*[l] * 3)"),
        ("pass", "", "pass"),
    ),
    "a block that is put in another's place": ("", ("", "pass", "self.a = Conv(n, n)"), ("pass", "", "pass")),
}


def trap(name: str) -> str:
    head, (parameter, before, after), (first, argument, last) = TRAPS[name]
    block = BLOCKS.replace("{parameter}", parameter).replace("{before}", before).replace("{after}", after)
    net = NET.replace("{before}", first).replace("{argument}", argument).replace("{after}", last)
    return f"from functools import partial\n{head}{block}{net}\ndef other(n):\n    return Net(n, 4)\n"


@pytest.mark.parametrize("name", TRAPS)
def test_blocks_that_look_alike_are_not_taken_for_each_other(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once, each_time = said(trap(name), tmp_path, monkeypatch)
    assert each_time == once
