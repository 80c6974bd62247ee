"""What decorators that are not known make of functions and classes, and what modules and torch have besides what is modelled: none
of it raises, so what follows is read."""

from __future__ import annotations

import pytest

import shapelint

HEAD = """
import functools
import torch
from somewhere import changed

@changed
def kernel(x, n):
    pass

@changed(3)
def main(config):
    pass

@functools.lru_cache
def kept(x):
    return x

@changed
class Point:
    x: int
"""

USES = [
    "kernel[(3,)](4, 5)",
    "kernel(1, 2, 3)",
    "kernel.run(1)",
    "main()",
    "main(n=3)",
    "kept.cache_clear()",
    "Point(3).x + Point(x=4).y",
    "torch.Generator().manual_seed(0).initial_seed()",
    "torch.manual_seed(0).seed()",
    "torch.random.manual_seed(0).seed()",
    "__spec__.name, __loader__, __package__, __builtins__",
    "(x + 3).clamp(min=0).div(6.0), (1 - x).sum()",
    "torch.nn.ReLU()._apply(x), torch.nn.ReLU().register_full_backward_pre_hook(x)",
]


@pytest.mark.parametrize("use", USES)
def test_what_follows_is_read(use: str) -> None:
    text = f"{HEAD}def f(x):\n    {use}\n    return torch.zeros(3, 4) @ torch.zeros(5, 1)\n"
    assert [d.code for d in shapelint.check(text)] == ["SHP105"]


def test_a_function_of_known_decorators_takes_what_it_says() -> None:
    text = f"{HEAD}def f():\n    kept()\n    return torch.zeros(3, 4) @ torch.zeros(5, 1)\n"
    assert shapelint.check(text) == []
