"""A summary's tensors lie where everything starts, on the CPU or the meta device, until the program names another device."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import shapelint
from shapelint.values import Unknown
from tests.interp.programs import read

NET = """import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.b = nn.Linear(3, 40)

    def forward(self, x):
        {before}
        if {condition}:
            return self.b(x)[:, :4]
        return self.a(x)

net = Net()
net(torch.zeros(5, 3))
"""

NOT_SO = [
    "x.is_cuda",
    "x.device.type == 'cuda'",
    "x.device.type in ('cuda', 'mps')",
    "x.device == torch.device('cuda:0')",
    "torch.device('cuda', 0) == x.device",
    "x.device != self.a.weight.device",
    "x.to(self.a.weight.device) is not x",
    "torch.ones(3, device=x.device).device != x.device",
    "x.cpu().is_cuda",
    "torch.zeros(3, device='cpu').is_cuda",
]
OTHERWISE = [
    "x = x.cuda()",
    "x = x.to('cuda')",
    "x = x.to(torch.device('cuda' if torch.cuda.is_available() else 'cpu'))",
    "x = x.to(0)",
    "x = x.type('torch.cuda.FloatTensor')",
    "x = x + torch.zeros(3, device='cuda')",
    "torch.set_default_device('cuda')",
    "self.cuda()",
    "self.to('mps')",
    "self.b.to(device='cuda')",
    "self.c = nn.Linear(3, 4, device='cuda')",
    "self.c = nn.Linear(3, 4, True, 'cuda')",
    "torch.set_default_tensor_type('torch.cuda.FloatTensor')",
    "with torch.device('cuda'): x = x + torch.zeros(3)",
]


def macs(tmp_path: Path, condition: str, before: str = "pass") -> Any:
    path = tmp_path / "net.py"
    path.write_text(NET.format(condition=condition, before=before))
    return shapelint.summarize(str(path))[0].to_json()["macs"]


@pytest.mark.parametrize("condition", NOT_SO)
def test_a_branch_for_another_device_is_not_taken(tmp_path: Path, condition: str) -> None:
    assert macs(tmp_path, condition) == 60


@pytest.mark.parametrize("condition", ["x.device.type == 'cpu'", "x.device == torch.device('meta')"])
def test_which_of_the_two_it_is_is_not_said(tmp_path: Path, condition: str) -> None:
    assert macs(tmp_path, condition) is None


@pytest.mark.parametrize("before", OTHERWISE)
def test_nothing_is_said_once_another_device_is_named(tmp_path: Path, before: str) -> None:
    assert macs(tmp_path, "x.is_cuda", before) is None


def test_what_is_checked_may_lie_anywhere() -> None:
    found = read("import torch\na = torch.zeros(3).is_cuda\nb = torch.zeros(3).device.type\n")
    assert isinstance(found["a"], Unknown) and isinstance(found["b"], Unknown)
