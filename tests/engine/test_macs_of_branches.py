"""MACs behind a condition that is not known: counted once where both sides compute as much, unknown where they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import shapelint

NET = """import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.b = nn.Linear(3, 4)
        self.c = nn.Linear(3, 40)

    def forward(self, x):
{forward}

net = Net()
net(torch.zeros(5, 3))
"""


def summary(tmp_path: Path, forward: str) -> dict[str, Any]:
    path = tmp_path / "net.py"
    body = "\n".join("        " + line for line in forward.splitlines())
    path.write_text(NET.format(forward=body))
    return shapelint.summarize(str(path))[0].to_json()


EQUAL = [
    "if x.device.type == 'meta':\n    return self.a(x)\nelse:\n    return self.b(x)",
    "if x.device.type == 'meta':\n    return self.a(x)\nreturn self.b(x)",
    "y = self.a(x) if x.device.type == 'meta' else self.b(x)\nreturn y",
    "w = torch.zeros(3, 4)\nif x.device.type == 'meta':\n    y = x @ w\nelse:\n    y = torch.zeros(5, 3) @ w\nreturn y",
]


@pytest.mark.parametrize("forward", EQUAL)
def test_two_sides_that_compute_as_much_count_once(tmp_path: Path, forward: str) -> None:
    found = summary(tmp_path, forward)
    assert (found["macs"], found["flops"]) == (60, 120)
    assert found["outputs"] == [{"shape": [5, 4], "dtype": "float32"}]


DIFFERENT = [
    "if x.device.type == 'meta':\n    return self.c(x)[:, :4]\nreturn self.b(x)",
    "y = self.b(x)\nif x.device.type == 'meta':\n    self.a(x)\nreturn y",
    "if x.device.type == 'meta':\n    self.a(x)\n    return self.b(x)\nreturn self.b(x)",
]


@pytest.mark.parametrize("forward", DIFFERENT)
def test_two_sides_that_do_not_are_not_known(tmp_path: Path, forward: str) -> None:
    found = summary(tmp_path, forward)
    assert (found["macs"], found["flops"]) == (None, None)


def test_a_layer_that_one_side_calls_shows_no_number_of_a_sum(tmp_path: Path) -> None:
    forward = (
        "if x.device.type == 'meta':\n    return self.a(x)\nelse:\n    return self.a(x[:2])[[0, 0, 0, 0, 0]]"
    )
    rows = {row["name"]: row for row in summary(tmp_path, forward)["layers"]}
    assert rows["a"]["macs"] is None


@pytest.mark.parametrize(
    ("given", "macs"),
    [("torch.zeros(5, 3)", 600), ("torch.zeros(3, 5).t()", None), ("torch.load('x.pt')", None)],
)
def test_an_input_lies_in_memory_as_the_program_has_laid_it(
    tmp_path: Path, given: str, macs: int | None
) -> None:
    path = tmp_path / "net.py"
    forward = "        return self.c(x) if x.is_contiguous() else self.b(x)"
    path.write_text(NET.format(forward=forward).replace("torch.zeros(5, 3)", given))
    assert shapelint.summarize(str(path))[0].to_json()["macs"] == macs


def test_an_input_that_is_turned_in_place_lies_otherwise_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    forward = "        return self.c(x) if x.is_contiguous() else self.b(x)"
    uses = "x = torch.zeros(3, 3)\nnn.Identity()(x)\nx.t_()\nnet(x)\n"
    path.write_text(NET.format(forward=forward).replace("net(torch.zeros(5, 3))", uses))
    model = next(m for m in shapelint.summarize(str(path)) if m.to_json()["class"].endswith("Net"))
    assert model.to_json()["macs"] is None
