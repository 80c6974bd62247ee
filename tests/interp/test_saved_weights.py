"""Weights that a step writes into before their gradients were taken: training programs at random, run with torch."""

from __future__ import annotations

from random import Random

import pytest

from tests.interp.test_saved import refused_by_torch, refused_by_us

HEAD = """import torch
from torch import nn

G = nn.Sequential(nn.{first}, nn.ReLU(), nn.{first})
D = nn.Sequential(nn.{first}, nn.Tanh(), nn.{first})
optG = torch.optim.{kind}(G.parameters(), lr=0.1)
optD = torch.optim.{kind}([*D.parameters()], lr=0.1)
z = torch.rand({size})
fake = G(z)
real = torch.rand({size})
lossD = D(fake).mean()
lossG = D(fake.detach()).square().mean()
"""
MOVES = (
    "optD.step()", "optG.step()", "optD.zero_grad()", "optG.zero_grad()", "D.zero_grad()", "lossD.backward(retain_graph=True)",
    "lossG.backward(retain_graph=True)", "lossD = (D(fake) - D(real)).mean()", "lossG = D(fake).exp().mean()", "fake = G(z)",
    "fake = G(z).detach()", "lossD = lossD + lossG", "D.requires_grad_(False)", "D.requires_grad_(True)",
    "for p in D.parameters():\n    p.grad = None", "optD.zero_grad(set_to_none=False)", "lossG = G(fake).mean()",
)  # fmt: skip


def program(number: int) -> str:
    rng = Random(f"weights {number}")
    first, size = rng.choice((("Linear(4, 4)", "3, 4"), ("Conv1d(3, 3, 3, padding=1)", "2, 3, 4")))
    head = HEAD.format(first=first, size=size, kind=rng.choice(("SGD", "Adam", "AdamW", "RMSprop")))
    moves = [rng.choice(MOVES) for _ in range(rng.randint(2, 9))]
    return head + "\n".join(moves) + f"\n{rng.choice(('lossD', 'lossG'))}.backward()\n"


@pytest.mark.parametrize("number", range(300))
def test_what_is_refused_torch_refuses(number: int) -> None:
    text = program(number)
    told = refused_by_us(text)
    assert not told or refused_by_torch(text) is not None, (text, told)


def test_most_of_what_torch_refuses_is_refused() -> None:
    refused = [text for text in map(program, range(300)) if "inplace" in (refused_by_torch(text) or "")]
    told = [text for text in refused if refused_by_us(text)]
    assert len(refused) > 20
    assert len(told) > 0.6 * len(refused)
