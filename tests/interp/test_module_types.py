"""What casts a whole module: which parameters and buffers go with it, asked of torch."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from shapelint.values.torch_types import DType
from tests.interp.programs import read

torch = pytest.importorskip("torch")

MODULE = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.real = nn.Linear(2, 3)
        self.waves = nn.Parameter(torch.zeros(3, dtype=torch.cfloat))
        self.register_buffer("steps", torch.zeros(3, dtype=torch.long))
        self.register_buffer("mask", torch.ones(3, dtype=torch.bool))
def cast(net, how):
    return net
net = Net()
"""
HELD = ("real.weight", "waves", "steps", "mask")
CASTS = (
    "float()", "double()", "half()", "bfloat16()", "to(torch.float64)", "to('cpu', torch.float16)", "to('cpu')",
    "to(dtype=torch.complex128)", "to(torch.zeros(1, dtype=torch.float64))", "type(torch.float64)", "type(torch.complex64)",
    "to(device='cpu', dtype=torch.float16)", "to(torch.float64, True)", "to(tensor=torch.zeros(1, dtype=torch.half))",
)  # fmt: skip


def _dtypes(program: str) -> list[Any]:
    names = ", ".join(f"net.{name}.dtype" for name in HELD)
    return list(read(f"{program}\nfound = ({names},)")["found"])


@pytest.mark.parametrize("cast", CASTS)
def test_what_a_cast_changes(cast: str) -> None:
    program = f"{MODULE}net.{cast}"
    names: dict[str, Any] = {"__name__": "__main__"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is complex loses a part of it
        exec(program, names)
    expected = [str(names["net"].get_parameter(name).dtype) for name in HELD[:2]]
    expected += [str(names["net"].get_buffer(name).dtype) for name in HELD[2:]]
    found = _dtypes(program)
    assert all(isinstance(dtype, DType) for dtype in found)
    assert [f"torch.{dtype.name}" for dtype in found] == expected


@pytest.mark.parametrize("given, known", [("device", True), ("device, torch.float64", True), ("kind", False),
                                          ("device, kind", False), ("dtype=kind", False), ("device=device", True)])  # fmt: skip
def test_an_unknown_dtype_leaves_unknown_ones(given: str, known: bool) -> None:
    found = read(f"{MODULE}def f(device, kind):\n    net.to({given})\n    return net.real.weight.dtype, net.steps.dtype\n"
                 "import somewhere\nfound = f(somewhere.device, somewhere.kind)")["found"]  # fmt: skip
    assert isinstance(found[0], DType) == known
    assert found[1] == DType("int64")
