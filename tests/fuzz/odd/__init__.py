"""A generator of small programs that use torch and everything odd that Python has, mostly with names that exist and values of the kind
that is wanted, so that they are evaluated to their end."""

from __future__ import annotations

from random import Random

from tests.fuzz.odd import modules, statements, surprises
from tests.fuzz.odd.scope import Scope
from tests.fuzz.program import Program

_HEAD = """\
import torch, functools, itertools, operator, math, copy, contextlib, collections, dataclasses, enum, abc, typing
import torch.nn.functional as F
from torch import nn
a, b, n = 2, 3, 4
xs, ys, d, s = [1, 2, 3], ["x"], {"k": 1}, "text"
x, y = torch.zeros(2, 3), torch.randn(4, 3, 8, 8)
net = nn.Linear(3, 4)
def f(v=1, *args, **kwargs): return v
class Box:
    size = 3
    def __init__(self, v=1): self.v = v
    def __call__(self, v): return v
o = Box()
"""


def odd(number: int, rng: Random) -> Program:
    """A program of a few statements, classes and surprises."""
    scope = Scope(rng)
    blocks = [_HEAD]
    for _ in range(rng.choice((1, 1, 2, 2, 3))):
        maker = rng.choice(
            (statements.some, statements.some, modules.module, modules.module, surprises.surprise)
        )
        blocks.append("\n".join(maker(scope)))
    return Program("stdin", ("\n".join(blocks) + "\n").encode())
