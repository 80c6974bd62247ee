"""What a function may read of its arguments is told from its text, and an argument that is never read tells nothing apart."""

from __future__ import annotations

import pytest

from shapelint.interp.again.footprints import of
from shapelint.interp.again.rebuilt import Remembered
from shapelint.interp.run import evaluate_text
from shapelint.interp.world import World
from shapelint.values import Function

READ = {
    "pass": (),
    "return self.a.b + self.a": (("a",), ("a", "b")),
    "return isinstance(self, int) or hasattr(self, 'c')": ((), ("c",)),
    "return getattr(self, 'c', None)": (("c",),),
    "return type(self)": ((),),
    "return self": None,
    "return getattr(self, other)": None,
    "return type(self, (), {})": None,
    "self.a = 1": None,
    "self.a.b += 1": None,
    "self.a[0] = 1": None,
    "del self.a": None,
    "for self.a in (): pass": None,
    "self = 1": None,
    "return super().a": None,
    "return lambda: self.a": (("a",),),
    "return lambda: self": None,
    "return [self for _ in ()]": None,
    "def inner(self): pass": None,
    "import self": None,
    "global self": None,
    "isinstance = 1; isinstance(self, int)": None,
    "match other:\n        case self: pass": None,
}


@pytest.mark.parametrize("body", READ)
def test_what_is_read_of_an_argument(body: str) -> None:
    world = World(load=lambda name: f"{name} is not looked for here")
    space = evaluate_text(f"def f(self, other=None):\n    {body}\n", world=world)
    function = space.vars["f"]
    assert isinstance(function, Function)
    found = of(world, function)["self"]
    expected = READ[body]
    assert (found.whole, found.paths) == (expected is None, expected or ())


def test_names_that_stand_for_something_else_tell_nothing() -> None:
    world = World(load=lambda name: f"{name} is not looked for here")
    space = evaluate_text(
        "def f(x):\n    return hasattr(x, 'a')\ndef hasattr(x, name):\n    return x\n", world=world
    )
    assert of(world, space.vars["f"])["x"].whole


BLOCKS = """
from torch import nn

class Block(nn.Module):
    def __init__(self, n, depth=0, *rest, **others):
        super().__init__()
        self.a, self.b = nn.Linear(n, n), nn.Linear(n, n)
        {}

blocks = nn.ModuleList([Block({}) for i in range(6)])
"""


@pytest.mark.parametrize(
    ("body", "arguments", "kinds"),
    [
        ("pass", "8, i", 1),
        ("pass", "8, depth=i", 1),
        ("self.depth = depth + 0", "8, i", 0),
        ("self.depth = locals()['depth']", "8, i", 0),
        ("pass", "8, 0, i", 0),
        ("pass", "8, other=i", 0),
        ("pass", "8, [i]", 0),
    ],
)
def test_an_argument_that_is_never_read_makes_no_other_module(body: str, arguments: str, kinds: int) -> None:
    world = World(load=lambda name: f"{name} is not looked for here")
    space = evaluate_text(BLOCKS.format(body, arguments), world=world)
    assert sum(isinstance(held, Remembered) for held in world.rebuilt.values()) == kinds
    blocks = [space.vars["blocks"].attrs[str(i)] for i in range(6)]
    assert [b.attrs.get("depth") for b in blocks] == ([0, 1, 2, 3, 4, 5] if "self" in body else [None] * 6)
