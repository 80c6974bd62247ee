"""What is kept for backward and was written to: programs at random, run with torch. What we refuse, torch refuses."""

from __future__ import annotations

import warnings
from random import Random
from textwrap import indent

import pytest

from shapelint.engine.check import check_text
from shapelint.engine.config import Settings

UNARY = (
    "torch.exp({y})", "{y}.sigmoid()", "torch.tanh({y})", "F.relu({y})", "F.gelu({y})", "{y}.softmax(-1)", "F.silu({y})",
    "{y} ** 2", "{y} * 2", "{y} + 1", "{y}.square()", "F.leaky_relu({y})", "F.relu({y}, inplace=True)", "{y}.clamp(0.2, 0.8)",
    "F.dropout({y}, 0.5)", "{y}.clone()", "{y}[:]", "{y}.detach()", "{y}.data", "linear({y})", "relu({y})", "act({y})", "norm({y})",
    "conv({y})", "up({y}.t().reshape(3, 4))", "conv({y}.view(4, 3).t())", "norm({y}.view(4, 3).t())", "linear({y}.view(4, 3).t())",
    "linear({y}[None].transpose(0, 1))[:, 0]",
    "{y}.abs().sqrt()", "{y}.view(3, 4)", "{y}.cumsum(0)", "{y}.norm() * {z}", "F.layer_norm({y}, (4,))", "({y} + 3).log()",
)  # fmt: skip
BINARY = (
    "{y} * {z}",
    "{y} + {z}",
    "{y} / ({z} + 3)",
    "({y} @ {z}.t()) @ {z}",
    "torch.mm({y}.t(), {z})[:3] + {z}",
)
WRITES = (
    "{x} += {y}", "{x}.mul_(2)", "{x} -= 0.5", "{x}.add_({y})", "{x}[0] = 1", "{x}.relu_()", "{x}.zero_()", "{x}.copy_({y})",
    "{x}.clamp_(0, 1)", "{x}.data += 1", "{x}.sigmoid_()", "{x}[:, 0] *= 2", "{x}.detach_()", "{x} = {x} * 1",
)  # fmt: skip
HEAD = """import torch
import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.relu, self.norm = nn.Linear(4, 4), nn.ReLU(inplace={inplace}), nn.LayerNorm(4)
        self.conv, self.up = nn.Conv1d(3, 3, 3, padding=1), nn.ConvTranspose1d(3, 3, 3, padding=1)
        self.act = nn.{act}()

    def forward(self, a, b, c):
        linear, relu, norm, act, conv, up = self.linear, self.relu, self.norm, self.act, self.conv, self.up
"""
CALL = """

net = Net()
a = torch.rand(3, 4)
b = torch.rand(3, 4){learnt} * 1
c = torch.rand(3, 4, requires_grad=True) * 1
(net(a, b, c) * 2).sum().backward()
"""


def program(number: int) -> str:
    rng = Random(f"saved {number}")
    inplace = rng.choice((True, False))
    act = rng.choice(("Sigmoid", "Tanh", "GELU", "SiLU", "ELU", "Softplus", "Mish", "LeakyReLU"))
    learnt = rng.choice(("", ".requires_grad_()"))
    lines = []
    names = ["a", "b", "c"]
    for step in range(rng.randint(2, 6)):
        x, y, z = (rng.choice(names[-3:]) for _ in range(3))
        if rng.random() < 0.35:
            line = rng.choice(WRITES).format(x=x, y=y)
        else:
            name = f"t{step}"
            line = f"{name} = " + rng.choice(UNARY if rng.random() < 0.7 else BINARY).format(y=y, z=z)
            names.append(name)
        mode = rng.choice(("", "", "", "", "with torch.no_grad():"))
        lines.append(f"{mode}\n    {line}" if mode and line[0] != "t" else line)
    lines.append(f"return {rng.choice(names[-2:])}")
    body = indent("\n".join(lines), " " * 8)
    return HEAD.format(inplace=inplace, act=act) + body + CALL.format(learnt=learnt)


def refused_by_torch(text: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(text, "p.py", "exec", dont_inherit=True), {})
        except RuntimeError as problem:
            return str(problem)
    return None


def refused_by_us(text: str) -> list[str]:
    found = check_text("stdin", text, Settings(cache=False)).diagnostics
    return [d.message for d in found if d.code == "SHP120"]


@pytest.mark.parametrize("number", range(400))
def test_what_is_refused_torch_refuses(number: int) -> None:
    text = program(number)
    told = refused_by_us(text)
    if told:
        why = refused_by_torch(text)
        assert why is not None, (text, told)
        assert ("changed that in place" in told[0]) <= ("inplace" in why or "in-place" in why), (
            text,
            told,
            why,
        )


def test_most_of_what_torch_refuses_is_refused() -> None:
    """Were nothing said at all, the test above would hold too."""
    refused = [
        text for text in map(program, range(400)) if "inplace operation" in (refused_by_torch(text) or "")
    ]
    told = [
        text for text in refused if any("changed that in place" in message for message in refused_by_us(text))
    ]
    assert len(refused) > 30
    assert len(told) > 0.6 * len(refused)
