"""A size that is divided by what turns out to be 0 is not known: nothing breaks on it."""

from __future__ import annotations

import pytest

from shapelint.engine.analyse import analyse
from shapelint.interp.world import World
from shapelint.source.text import from_text

PROGRAMS = {
    "rows by a quotient of the batch": """import torch
from torch import nn
class Net(nn.Module):
    def forward(self, q: torch.Tensor):
        b, c = q.shape
        q = q.view(q.size(0), -1)
        return q.reshape(-1, (b // 8))
m = Net()
""",
    "known only behind it": """import torch
def f(x, z):
    b, n = x.shape
    q = n // (b - 4)
    w = torch.zeros(4, 3) + x.new_zeros(b, 3)
    assert b == 4
    return z.view(q, n % (b - 4))
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_read_to_its_end(name: str) -> None:
    assert not [
        d for d in analyse(from_text("program.py", PROGRAMS[name])).diagnostics if d.severity == "error"
    ]


def test_what_was_worked_out_before_stays_as_it_was() -> None:
    from shapelint import dims

    world = World(load=lambda name: "nothing else")
    n, b = dims.symbol("n", low=1), dims.symbol("b", low=0)
    quotient = n // (b - 4)
    world.bind(b, 4)
    assert world.resolve(quotient) is quotient and world.resolve(b) == 4
