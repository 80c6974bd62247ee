"""A forward that the class holds as a descriptor: what is read of the network is called."""

from __future__ import annotations

from shapelint.values import Tensor
from tests.interp.programs import read

TEXT = """
import functools
import torch
from torch import nn

class Kept:
    def __init__(self, function):
        self.function = function
    def __get__(self, receiver, cls=None):
        return functools.partial(self.function, receiver)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
    @Kept
    def forward(self, x):
        return self.conv(x)

class ByType(Net):
    @functools.singledispatchmethod
    def forward(self, x):
        return None
    @forward.register
    def _(self, x: torch.Tensor):
        return self.conv(x)

class Switched(Net):
    def _fast(self, x):
        return self.conv(x).mean((2, 3))
    forward = property(lambda self: self._fast)

x = torch.randn(2, 3, 8, 8)
a, b, c = Net()(x), ByType()(x), Switched()(x)
"""


def test_called_as_it_is_read() -> None:
    found = read(TEXT)
    shapes = [str(found[name].shape) for name in "abc" if isinstance(found[name], Tensor)]
    assert shapes == ["(B, 8, H - 2, W - 2)", "(B, 8, H - 2, W - 2)", "(B, 8)"]  # of any batch and picture
