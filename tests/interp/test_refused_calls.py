"""Calls that torch or Python refuses whatever the shapes: what is no tensor, arguments that do not fit, names that nothing has.
Each program is run and read: something is said of it, with its code, exactly where it raises."""

from __future__ import annotations

import warnings

import pytest

import shapelint

torch = pytest.importorskip("torch")

HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nx = torch.randn(2, 4)\n"

CALLS = [
    ("SHP120", "torch.clamp_min(x, min_value=0.1)"),
    ("", "torch.clamp_min(x, min=0.1)"),
    ("SHP120", "torch.relu(x, x)"),
    ("SHP120", "torch.relu(x, inplace=True)"),
    ("", "F.relu(x, inplace=True)"),
    ("SHP120", "torch.relu()"),
    ("SHP120", "x.softmax()"),
    ("", "F.softmax(x)"),
    ("SHP120", "torch.split(x, split_sizes=2)"),
    ("", "torch.add(x, 2, x)"),
    ("", "torch.addmm(1, x[:, :2], 1, x[:, :2], x[:, :2])"),
    ("", "x.sum(axis=1, keepdims=True)"),
    ("", "x.max(1)"),
    ("", "torch.where(x > 0)"),
    ("", "x.std(1, False)"),
    ("SHP120", "torch.matmul(x, b=x.t())"),
    ("SHP120", "torch.sqrt(x.size(-1))"),
    ("SHP120", "torch.exp(0.5)"),
    ("", "torch.sqrt(torch.tensor(x.size(-1)))"),
    ("SHP120", "torch.maximum(x, 0)"),
    ("", "torch.add(x, 1)"),
    ("", "torch.add(1, x)"),
    ("SHP120", "x.matmul(1)"),
    ("SHP120", "F.linear(x, None)"),
    ("", "F.linear(x, x, None)"),
    ("SHP120", "nn.Linear(4, 2)(None)"),
    ("SHP120", "nn.Linear(4, 2)(3)"),
    ("", "nn.Identity()(None)"),
    ("SHP120", "nn.MSELoss()(x, 0)"),
    ("", "x.copy_(1)"),
    ("SHP112", "nn.Linear(3, 8, 1, stride=1)"),
    ("SHP112", "nn.MultiheadAttention(d_model=8, num_heads=2)"),
    ("SHP112", "nn.Conv2d(3, 8, 3, output_padding=0)"),
    ("", "nn.Conv2d(3, 8, 3, padding_mode='zeros', device='cpu', dtype=torch.float32)"),
    ("SHP120", "x + None"),
    ("SHP120", "None * x"),
    ("SHP120", "x - 'a'"),
    ("", "x == None"),
    ("SHP113", "x.shape[2]"),
    ("SHP113", "x.shape[-3]"),
    ("", "x.shape[-2]"),
    ("", "x.shape[2:]"),
    ("SHP114", "nn.Parameter(torch.tensor(1))"),
    ("SHP114", "nn.Parameter(torch.zeros(3) > 0)"),
    ("", "nn.Parameter(torch.tensor(1.0))"),
    ("", "nn.Parameter(torch.tensor(1), requires_grad=False)"),
    ("", "nn.Parameter(torch.tensor(1), False)"),
    ("", "nn.Buffer(torch.tensor(1))"),
    ("", "nn.Parameter(torch.zeros(2, dtype=torch.bfloat16))"),
    ("SHP120", "nn.Parameter(0.1)"),
    ("SHP120", "nn.Parameter([1.0, 2.0])"),
    ("SHP127", "x.sofmax(-1)"),
    ("SHP127", "nn.Linear(4, 2)(x).transpse(0, 1)"),
    ("", "getattr(x, 'sofmax', None)"),
    ("", "hasattr(x, 'sofmax')"),
]


def _raises(program: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of old ways to call, which torch still takes
        try:
            exec(program, {"__name__": "__main__"})
        except Exception:
            return True
    return False


@pytest.mark.parametrize(("code", "call"), CALLS)
def test_what_raises_is_told(code: str, call: str) -> None:
    program = f"{HEAD}{call}\n"
    assert _raises(program) == bool(code)
    assert [d.code for d in shapelint.check(program)] == [code] * bool(code)


@pytest.mark.parametrize(("code", "call"), [c for c in CALLS if c[0]])
def test_what_is_caught_is_not(code: str, call: str) -> None:
    program = (
        f"{HEAD}try:\n    {call}\nexcept (TypeError, AttributeError, IndexError, RuntimeError):\n    pass\n"
    )
    assert not _raises(program)
    assert shapelint.check(program) == []


def test_a_default_of_none_is_not_what_the_caller_gives() -> None:
    program = """
import torch
from torch import nn

class Cross(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.k = nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x, context=None, bias=None):
        return self.q(x) @ self.k(context).transpose(-2, -1) + bias
"""
    assert [d for d in shapelint.check(program) if d.severity != "info"] == []
    given = program + "\nCross()(torch.randn(2, 3, 8), torch.randn(2, 5, 8), torch.zeros(3, 5))\n"
    assert not _raises(given) and shapelint.check(given) == []
    forgotten = program + "\nCross()(torch.randn(2, 3, 8))\n"
    assert _raises(forgotten) and [d.code for d in shapelint.check(forgotten)] == ["SHP120"]


SET_ON_TENSORS = [
    ("torch.Tensor.halves = lambda self: self.view(-1, 2)", "x.halves() @ torch.randn(2, 3)", False),
    ("torch.Tensor.halves = lambda self: self.view(-1, 2)", "x.halves() @ torch.randn(3, 3)", True),
    ("torch.Tensor.turned = torch.Tensor.t", "x.turned() @ torch.randn(2, 3)", False),
    ("torch.Tensor.turned = torch.Tensor.t", "x.turned() @ torch.randn(4, 3)", True),
    ("torch.Tensor.sofmax = lambda self, d: self.softmax(d)", "x.sofmax(-1)", False),
    ("torch.Tensor.view = lambda self, *sizes: self", "x.view(3, 5) @ torch.randn(4, 3)", False),
    ("torch.Tensor.sofmax = 3", "x.sofmax + 1", False),
    ("setattr(torch.Tensor, 'sofmax', lambda self, d: self.softmax(d))", "x.sofmax(-1)", False),
    ("T = torch.Tensor\nT.sofmax = property(lambda self: self.softmax(-1))", "x.sofmax + 1", False),
]


@pytest.mark.parametrize(("setting", "call", "raises"), SET_ON_TENSORS)
def test_what_a_program_sets_on_all_tensors(setting: str, call: str, raises: bool) -> None:
    program = f"{HEAD}{setting}\n{call}\n"
    name = setting.split("Tensor.")[-1].split(" ")[0]
    held = getattr(torch.Tensor, name, None)
    try:
        assert _raises(program) == raises
    finally:
        if held is not None:
            setattr(torch.Tensor, name, held)
        else:
            for added in ("halves", "turned", "sofmax"):
                if hasattr(torch.Tensor, added):
                    delattr(torch.Tensor, added)
    assert bool(shapelint.check(program)) == raises
    assert (
        shapelint.check(f"{HEAD}x.softmax(-1).view(2, 2, 2)\n") == []
    )  # another program knows nothing of it


UNINITIALISED = """
import torch
from torch import nn

class Scale(nn.Module):
    def __init__(self):
        {}
        self.by = 2

    def forward(self, x):
        return x * self.by

Scale()(torch.randn(3))
"""


@pytest.mark.parametrize(
    ("first", "code"), [("pass", "SHP121"), ("super().__init__()", ""), ("nn.Module.__init__(self)", "")]
)
def test_a_network_is_called_that_was_never_initialised(first: str, code: str) -> None:
    program = UNINITIALISED.format(first)
    assert _raises(program) == bool(code)
    assert [d.code for d in shapelint.check(program)] == [code] * bool(code)
