"""Whatever a built-in or library function is given, it answers, or the program raises: nothing else ever comes out."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from shapelint import dims
from shapelint.interp import calls, library
from shapelint.interp.control import OutOfBudget, ProgramRaises
from shapelint.interp.host import builtins, host_classes, host_constructors
from shapelint.interp.host.views import ITEMS, View
from shapelint.interp.nets import modules
from shapelint.interp.run import evaluate_text, nothing_else
from shapelint.interp.world import Frame, World
from shapelint.values import (
    Builtin,
    Class,
    Deque,
    Dict,
    DType,
    Either,
    Environment,
    External,
    Instance,
    Iterator,
    List,
    Module,
    Namespace,
    Property,
    Set,
    Size,
    Stream,
    Tensor,
    Undetermined,
    Unknown,
    Unranked,
)

library.load()
PROGRAM = evaluate_text(
    """
import re
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
class C(Enum):
    A = 1
@dataclass
class D:
    x: int = 1
def f(a, b=2): return a
class K:
    def __call__(self, *a): return 1
    def __len__(self): return 2
P = namedtuple("P", "x y")
p, d, k, e, m, q = P(1, 2), D(), K(), C.A, re.match("a", "a"), Path("a")
g = (x for x in "ab")
"""
).vars
MAKERS: list[Callable[[], Any]] = [
    lambda: 0,
    lambda: 3,
    lambda: -1,
    lambda: 2.5,
    lambda: True,
    lambda: None,
    lambda: "ab",
    lambda: "",
    lambda: b"x",
    lambda: (),
    lambda: (1, 2),
    lambda: List([]),
    lambda: List([1, 2]),
    lambda: List(["a"]),
    lambda: Dict({"a": 1}),
    lambda: Dict({}, Unknown("open")),
    lambda: List([], Unknown("open")),
    lambda: Set({1: None}),
    lambda: Set({}, Unknown("open")),
    lambda: Unknown("unknown"),
    lambda: Unknown("named", name="n"),
    lambda: dims.symbol("h"),
    lambda: dims.symbol("w", low=1, witness=5),
    lambda: Stream(Unknown("element"), "stream"),
    lambda: Stream((1, Unknown("x")), "stream"),
    lambda: Iterator([1, 2]),
    lambda: Iterator([]),
    lambda: Either((1, "a"), "either"),
    lambda: Either((None, List([1])), "either"),
    lambda: External("numpy.array"),
    lambda: Tensor((2, 3)),
    lambda: Tensor(()),
    lambda: Tensor(Unranked("unranked")),
    lambda: Tensor((), "int64", data=(4,)),
    lambda: Size((2, dims.symbol("c"))),
    lambda: DType("float32"),
    lambda: range(3),
    lambda: slice(1, None),
    lambda: Ellipsis,
    lambda: Deque([1], None, 2),
    lambda: View(ITEMS, Dict({"a": 1})),
    lambda: Property(None),
    lambda: Builtin("b", lambda w, a, k: 1),
    lambda: modules.MODULE,
    lambda: Module(modules.MODULE),
    lambda: Instance(Class("X", "X")),
    lambda: Namespace("ns"),
    lambda: float("nan"),
    lambda: 10**30,
    lambda: complex(1, 2),
    lambda: List([List([1, 2]), (3, 4)]),
    lambda: 1e308,
    *(
        lambda name=name: PROGRAM[name]
        for name in ("C", "D", "f", "K", "P", "p", "d", "k", "e", "m", "q", "g")
    ),
]
FUNCTIONS = {
    **{f"builtins.{n}": v for n, v in builtins.NAMES.items() if isinstance(v, (Builtin, Class))},
    **library.functions,
    **{n: v for n, v in library.constants.items() if isinstance(v, Class)},
    **{f"type.{n}": v for n, v in host_classes.TYPE.attrs.items() if isinstance(v, Builtin)},
    **{n: cls for n in host_constructors.supplied() if (cls := host_classes.base_of(n)) is not None},
}


def world_in_a_file() -> World:
    world = World(load=nothing_else)
    space = Namespace("__main__")
    world.frames.append(Frame(world, Environment(space.vars, None, space)))
    return world


def ask(run: Callable[[], Any]) -> Any:
    try:
        return run()
    except (ProgramRaises, OutOfBudget, Undetermined, dims.Undetermined):
        return None


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_answers_whatever_it_is_given(name: str) -> None:
    function, chance = FUNCTIONS[name], random.Random(name)
    for turn in range(60):
        args = tuple(chance.choice(MAKERS)() for _ in range(turn % 4))
        named = {}
        if chance.random() < 0.2:
            named = {chance.choice(("key", "default", "x", "dim", "name", "strict")): chance.choice(MAKERS)()}
        world = world_in_a_file()
        found = ask(lambda a=args, k=named, w=world: calls.call(w, function, a, k))
        assert not world.journal.layers, f"{name}{args} left a branch open"
        if isinstance(found, (Builtin, Instance)) and chance.random() < 0.5:
            more = tuple(chance.choice(MAKERS)() for _ in range(chance.randrange(3)))
            ask(lambda f=found, a=more, w=world: calls.call(w, f, a, {}))


@pytest.mark.parametrize("at", range(len(MAKERS)))
def test_a_method_answers_whatever_it_is_given(at: int) -> None:
    chance = random.Random(at)
    kind = builtins.host_type(MAKERS[at]())
    names = sorted(
        {*dir(kind or object), "foo", "send", "setter", "group", "parent", "_replace", "value", "update"}
    )
    for name in names:
        for _ in range(6):
            world = world_in_a_file()
            value = MAKERS[at]()
            args = tuple(chance.choice(MAKERS)() for _ in range(chance.randrange(3)))
            from shapelint.interp import attributes

            method = ask(lambda v=value, n=name, w=world: attributes.get(w, v, n))
            if method is not None:
                ask(lambda m=method, a=args, w=world: calls.call(w, m, a, {}))
