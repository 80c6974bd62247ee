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
    file.write_text(HEAD + text, encoding="utf-8")
    found = []
    for once in (True, False):
        monkeypatch.setattr(World, "once", once)
        checked = [d.to_json() for d in shapelint.check(HEAD + text, select=["ALL"])]
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
