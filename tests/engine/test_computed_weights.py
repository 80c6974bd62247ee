"""Weights that are computed when they are read: the FLOPs are those that torch counts, or not known."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

import shapelint

PROGRAM = """
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations as P
from torch.nn.utils.parametrize import register_parametrization as put

class Unit(nn.Module):
    def forward(self, w):
        return F.normalize(w, dim=-1)

class Low(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.zeros(8, 2))
        self.b = nn.Parameter(torch.zeros(2, 8))

    def forward(self, w):
        return w + self.a @ self.b

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(8, 8)
        self.w = nn.Parameter(torch.zeros(8, 8))
        {build}

    def forward(self, x):
        {forward}

net = Net()
x = torch.zeros(2, 5, 8)
"""

KNOWN = [
    ("put(self.l, 'weight', Unit())", "return self.l(x)"),
    ("put(self.l, 'weight', Unit()); put(self.l, 'weight', Unit())", "return self.l(x)"),
    ("put(self.l, 'weight', Unit())", "return F.linear(x, self.l.weight)"),
    ("put(self, 'w', Unit())", "return self.l(x @ self.w) @ self.w"),
    ("P.spectral_norm(self.l)", "return self.l(x) @ self.l.weight"),
    ("P.weight_norm(self.l)", "return self.l(x) @ self.l.weight"),
]


def filled(build: str, forward: str) -> str:
    return PROGRAM.replace("{build}", build).replace("{forward}", forward)


@pytest.mark.parametrize(("build", "forward"), KNOWN)
def test_a_weight_computed_without_products(tmp_path: Path, build: str, forward: str) -> None:
    program, path = filled(build, forward), tmp_path / "net.py"
    path.write_text(program + "net(x)\n")
    names: dict[str, object] = {}
    exec(program, names)
    net, x = names["net"], names["x"]
    assert isinstance(net, torch.nn.Module)
    with FlopCounterMode(display=False) as counted:
        net(x)
    found = shapelint.summarize(str(path))[0]
    assert found.flops == counted.get_total_flops()
    assert found.params.total == sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize("forward", ["return self.l(x)", "return F.linear(x, self.l.weight)"])
def test_a_weight_computed_by_products(tmp_path: Path, forward: str) -> None:
    path = tmp_path / "net.py"
    path.write_text(filled("put(self.l, 'weight', Low())", forward) + "net(x)\n")
    found = shapelint.summarize(str(path))[0]
    assert found.flops is None
    assert [u.why for u in found.unknown] == ["a weight is computed by a parametrization"]
