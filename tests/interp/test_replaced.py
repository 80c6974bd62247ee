"""What decorators that are not known make of functions and classes, and what modules and torch have besides what is modelled: none
of it raises, so what follows is read."""

from __future__ import annotations

import pytest

import shapelint

HEAD = """
import functools
import torch
from somewhere import Base, changed

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

@changed
class Corner(Base):
    y: int
"""

USES = [
    "kernel[(3,)](4, 5)",
    "kernel(1, 2, 3)",
    "kernel.run(1)",
    "main()",
    "main(n=3)",
    "kept.cache_clear()",
    "Point(3).x + Point(x=4).y",
    "Corner(3).x + Corner(y=4).y",
    "torch.Generator().manual_seed(0).initial_seed()",
    "torch.manual_seed(0).seed()",
    "torch.random.manual_seed(0).seed()",
    "__spec__.name, __loader__, __package__, __builtins__",
    "(x + 3).clamp(min=0).div(6.0), (1 - x).sum()",
    "torch.nn.Module.to(x, 'cuda').eval(), torch.nn.Module.train(x), torch.nn.Module.parameters(x)",
    "torch.nn.ReLU()._apply(x), torch.nn.ReLU().register_full_backward_pre_hook(x)",
]


@pytest.mark.parametrize("use", USES)
def test_what_follows_is_read(use: str) -> None:
    text = f"{HEAD}def f(x):\n    {use}\n    return torch.zeros(3, 4) @ torch.zeros(5, 1)\n"
    assert [d.code for d in shapelint.check(text)] == ["SHP105"]


def test_a_function_of_known_decorators_takes_what_it_says() -> None:
    text = f"{HEAD}def f():\n    kept()\n    return torch.zeros(3, 4) @ torch.zeros(5, 1)\n"
    assert shapelint.check(text) == []


def test_what_a_class_passes_on_may_be_there_in_a_subclass() -> None:
    text = """
import torch

class Tuner(torch.nn.Module):
    def __getattr__(self, name):
        try:
            return super().__getattr__(name)
        except AttributeError:
            if name == "model":
                raise
            return getattr(self.model, name)

    def merge(self):
        self.model.merge()
        return torch.zeros(3, 4) @ torch.zeros(5, 1)
"""
    assert [d.code for d in shapelint.check(text)] == ["SHP105"]


def test_the_locals_of_a_method_that_asks_for_its_base_hold_its_class() -> None:
    text = """
import torch

class Net(torch.nn.Module):
    def __init__(self, n=3):
        super().__init__()
        self.given = locals()
        del self.given["self"], self.given["__class__"]
        self.fc = torch.nn.Linear(**{"in_features": 4, "out_features": self.given["n"]})

    def plain(self):
        return len(locals())

    def forward(self, x):
        return self.fc(x)

net = Net()
torch.zeros(net.plain(), 4) @ torch.zeros(1, net(torch.zeros(2, 5)).shape[1])
"""
    assert sorted(d.code for d in shapelint.check(text)) == ["SHP101", "SHP105"]


def test_a_stack_of_contexts_that_a_loop_enters() -> None:
    text = """
import contextlib
import torch

def entered(managers):
    stack = contextlib.ExitStack()
    for manager in managers:
        stack.enter_context(manager)
    return stack

def f(managers, x):
    with entered(managers):
        y = torch.zeros(3, 4)
    return y @ torch.zeros(5, 1)
"""
    assert [d.code for d in shapelint.check(text)] == ["SHP105"]
