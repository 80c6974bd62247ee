"""What calls that only write numbers into a weight come to is not worked out again, and nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapelint.interp.again import weight_calls
from shapelint.interp.again.recipes import Given
from shapelint.interp.again.weight_calls import Done, Habit
from shapelint.interp.run import evaluate_text
from shapelint.interp.world import World

from .test_equal_calls import _told
from .test_once import said

FILL = """
import math
import torch
from torch import nn

def fill(tensor, mean=0., std=1., a=-2., b=2.):
    def cdf(x):
        return (1. + math.erf(x / math.sqrt(2.))) / 2.
    with torch.no_grad():
        low, high = cdf((a - mean) / std), cdf((b - mean) / std)
        tensor.uniform_(2 * low - 1, 2 * high - 1)
        tensor.erfinv_()
        return tensor.mul_(std).add_(mean).clamp_(min=a, max=b)
"""


def done(text: str) -> list[Done]:
    world = World(load=lambda name: f"{name} is not looked for here")
    evaluate_text(FILL + text, world=world)
    return [held for held in world.weight_calls.values() if isinstance(held, Done)]


def test_a_weight_is_filled_once_for_all_of_its_kind() -> None:
    filled = done("for m in [nn.Linear(4, 4) for _ in range(6)]:\n    fill(m.weight, std=.02)\n")
    assert [held.result for held in filled] == [Given(0)]


def test_the_steps_that_are_not_taken_count() -> None:
    left = []
    for times in (2, 3, 4):
        world = World(load=lambda name: f"{name} is not looked for here")
        evaluate_text(
            f"{FILL}m = nn.Linear(4, 4)\nfor _ in range({times}):\n    fill(m.weight)\n", world=world
        )
        left.append(world.steps)
    assert left[0] - left[1] == left[1] - left[2] > 20


TRAPS = {
    "what it reads changes": """
scale = 1
def check(w):
    if scale > 2:
        raise ValueError(scale)
    w.mul_(scale)
with torch.no_grad():
    for m in [nn.Linear(4, 4) for _ in range(5)]:
        check(m.weight)
        scale += 1
""",
    "it writes a global": """
seen = []
def note(w):
    seen.append(w)
    return None
with torch.no_grad():
    for m in [nn.Linear(4, 4) for _ in range(5)]:
        note(m.weight)
nn.Linear(len(seen), 3)(torch.zeros(1, 4))
""",
    "it says something": """
def change(w):
    w.add_(1)
for m in [nn.Linear(4, 4) for _ in range(3)]:
    change(m.weight)
""",
    "it freezes the weight": """
def freeze(w):
    w.requires_grad = False
    return w
net = nn.Sequential(*[nn.Linear(4, 4) for _ in range(5)])
for m in net:
    freeze(m.weight)
torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=.1)
""",
    "it gives another tensor": """
def half(w):
    return w[:2]
with torch.no_grad():
    parts = [half(nn.Linear(4, 4).weight) for _ in range(5)]
torch.cat(parts).view(3, 14)
""",
    "it gives a number of what it is given": """
def size(w, n=[0]):
    n[0] += 1
    return w.shape[0] + n[0]
sizes = [size(nn.Linear(4, 4).weight) for _ in range(4)]
nn.Linear(sizes[-1], 2)(torch.zeros(1, 5))
""",
    "under another mode": """
def change(w):
    w.add_(1)
m = nn.Linear(4, 4)
with torch.no_grad():
    for _ in range(4):
        change(m.weight)
change(m.weight)
""",
    "other sizes": """
def fans(w):
    assert w.shape[0] == 4
    return w
with torch.no_grad():
    for n in (4, 4, 4, 4, 5):
        fans(nn.Linear(3, n).weight)
""",
    "gradients that are dropped": """
def drop(p):
    p.grad = None
def drop_all(layers):
    for layer in layers:
        drop(layer.weight)
        drop(layer.bias)
layers, x = [nn.Linear(4, 4) for _ in range(5)], torch.randn(2, 4)
drop_all(layers)
sum([layer(x).sum() for layer in layers]).backward()
z = layers[-1](layers[-1](x))
drop_all(layers)
torch.optim.SGD([p for layer in layers for p in layer.parameters()], lr=.1).step()
z.sum().backward()
""",
    "what is kept for gradients is written to": """
def clear(p):
    with torch.no_grad():
        p.mul_(2)
def clear_all(layers):
    for layer in layers:
        clear(layer.weight)
layers, x = [nn.Linear(4, 4) for _ in range(8)], torch.randn(2, 4)
clear_all(layers)
z = layers[-1](layers[-1](x))
clear_all(layers)
z.sum().backward()
""",
    "a closure over what changes": """
def make():
    count = 0
    def step(w):
        nonlocal count
        count += 1
        return count
    return step
step = make()
w = nn.Linear(4, 4).weight
nn.Linear([step(w) for _ in range(5)][-1], 2)(torch.zeros(1, 4))
""",
}


# What is said of a program in which `init` is called for layers and blocks while they are built, and whether any call of it is
# not evaluated.
WALK = """
import math
import torch
from torch import nn
from functools import partial
{before}
def init(m, name="", std=.02{more}):
    {first}
    if isinstance(m, nn.Linear):
        with torch.no_grad():
            m.weight.uniform_(-std, std)
            m.weight.erfinv_().mul_(std).add_(0.5)
        if m.bias is not None:
            nn.init.zeros_(m.bias)
    {last}

class Block(nn.Module):
    def __init__(self, n, i):
        super().__init__()
        self.a, self.b, self.norm = nn.Linear(n, n), nn.Linear(n, n, bias=i != 3), nn.LayerNorm(n)
        self.n, self.i = n, i
        {made}

    def forward(self, x):
        return self.b(torch.relu(self.a(self.norm(x)))) + x

class Net(nn.Module):
    def __init__(self, n=8, depth=8):
        super().__init__()
        self.blocks = nn.ModuleList([Block(n, i // 2 * 2) for i in range(depth)])
        self.count, self.std = 0, 0.02
        {built}
        for i, m in enumerate(self.blocks.modules()):
            {turn}
            {call}
        {after}

    {method}
    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x

{use}
"""
WALKED = {
    "before": "", "more": "", "first": "pass", "last": "pass", "made": "pass", "built": "pass", "turn": "pass",
    "call": "init(m, str(i))", "after": "pass", "method": "pass",
    "use": "net = Net()\nnet(torch.randn(2, 5, 8))\nNet()(torch.randn(2, 5, 8))",
}  # fmt: skip
OWN = "def own(self, m):\n        {}\n"
VISIT = "def visit(fn, m):\n    for child in m.children():\n        visit(fn=fn, m=child)\n    {}"
LATE = OWN.format("init(m) if not isinstance(m, nn.LayerNorm) or not {} else m.missing")

WALKS: dict[str, tuple[dict[str, str], bool]] = {
    "nothing": ({}, True),
    "by a partial": ({"call": "partial(init, std=.01)(m=m, name=str(i))"}, True),
    "a weight that is frozen": ({"built": "self.blocks[5].a.weight.requires_grad = False"}, True),
    "a weight that is shared": ({"built": "self.blocks[5].a.weight = self.blocks[4].b.weight"}, True),
    "two weights of a block tied": (
        {"built": "self.blocks[5].b.weight = self.blocks[5].a.weight", "call": "pair(m) if isinstance(m, Block) else init(m)",
         "before": "def pair(m):\n    return m if m.a.weight is m.b.weight else m.a", "turn": "self.kept = pair(m) if isinstance(m, Block) else m",
         "after": "self.kept = pair(self.blocks[5]); self.blocks.append(self.kept)"},
        True,
    ),
    "a name that counts": (
        {"first": "assert name != '9', name"}, False,
    ),
    "a name that counts in a default": ({"more": ", to=[]", "first": "to.append(name)", "after": "nn.Linear(len(init.__defaults__[2]), 1)(torch.zeros(1, 3))"}, False),
    "a counter in the network": ({"call": "self.own(m)", "method": OWN.format("self.count += 1; init(m)"),
                                 "after": "nn.Linear(self.count, 1)(torch.zeros(1, 3))"}, True),
    "a counter in the layer": ({"last": "m.count = getattr(m, 'count', 0) + 1", "call": "init(m); init(m); init(m)",
                               "after": "nn.Linear(self.blocks[0].a.count, 1)(torch.zeros(1, 2))"}, False),
    "a mark in the layer": ({"last": "m.done = True", "after": "assert self.blocks[5].a.done"}, False),
    "a parameter that is replaced": ({"last": "m.weight = nn.Parameter(m.weight.clone()) if isinstance(m, nn.Linear) else None"}, False),
    "a bias that is taken away": ({"last": "m.register_parameter('bias', None)"}, False),
    "what the network says of it": (
        {"call": "self.own(m)", "turn": "self.std = i // 4",
         "method": LATE.format("self.std > 2")}, True,
    ),
    "what something the network holds says of it": (
        {"before": "class Config:\n    std = 0", "built": "self.config = Config()", "call": "self.own(m)",
         "turn": "self.config.std = i // 4", "method": LATE.format("self.config.std > 2")}, True,
    ),
    "a property": (
        {"call": "self.own(m)", "turn": "self.count += 1",
         "method": "@property\n    def late(self):\n        return self.count > 9\n    "
         + LATE.format("self.late")}, True,
    ),
    "a __getattr__": (
        {"call": "self.own(m)", "turn": "self.count += 1",
         "method": "def __getattr__(self, name):\n        return self.count > 9 if name == 'late' else super().__getattr__(name)\n    "
         + LATE.format("self.late")}, True,
    ),
    "an attribute that comes and goes": (
        {"call": "self.own(m)", "turn": "setattr(self, 'late', 1) if i > 9 else None",
         "method": LATE.format("hasattr(self, 'late')")}, True,
    ),
    "a __setattr__": (
        {"call": "self.own(m)", "turn": "self.count += 1",
         "method": "def __setattr__(self, name, value):\n"
         "        if name != 'mark':\n            super().__setattr__(name, value)\n"
         "        elif self.count > 9 and isinstance(value, nn.LayerNorm):\n            value.missing\n    "
         + OWN.format("self.mark = m")}, False,
    ),
    "one layer for two, or two that are equal": (
        {"before": "def pick(a, b):\n    return b if isinstance(a, nn.Linear) else a.b",
         "turn": "self.kept = pick(self.blocks[0].a, self.blocks[i > 9].a)", "after": "assert self.kept is self.blocks[1].a"},
        True,
    ),
    "an attribute of the class": (
        {"call": "self.own(m)", "turn": "Net.late = i > 9", "before": "", "method": "late = False\n    "
         + LATE.format("self.late")}, False,
    ),
    "the names of a frame": ({"first": "assert locals()['name'] != '9'"}, False),
    "a name of another meaning": (
        {"before": "def isinstance(m, cls):\n    return getattr(m, 'i', 0) > 3", "last": "m.n.missing if isinstance(m, Block) else None"}, True,
    ),
    "a class that looks closer": (
        {"before": "class Late(type):\n    def __instancecheck__(cls, m):\n        return getattr(m, 'i', 0) > 3\nclass Block_(metaclass=Late):\n    pass",
         "last": "m.n.missing if isinstance(m, Block_) else None"}, True,
    ),
    "super looks at the network": (
        {"call": "self.own(m)", "turn": "self.count += 1", "before": "class Base(nn.Module):\n    " + LATE.format("self.count > 9"),
         "method": "pass\nclass Net(Net, Base):\n    " + OWN.format("super().own(m)") + "    pass\n    "}, True,
    ),
    "something that grows is read by a call within that was known before": (
        {"before": "SEEN = [1]\ndef outer(m):\n    init(m)", "turn": "SEEN[0] += i > 19",
         "first": "assert SEEN[0] < 3 or not isinstance(m, nn.Linear)",
         "call": "outer(m) if i > 9 else [init(m), init(m), outer(m)]"},
        True,
    ),
    "a tensor that becomes a leaf": (
        {"made": "self.kept = torch.relu(self.a.weight)", "last": "m.kept.requires_grad_() if isinstance(m, Block) else m",
         "call": "init(m) if isinstance(m, Block) else None", "after": "assert self.blocks[1].kept.is_leaf", "use": "Net()\nNet()"},
        False,
    ),
    "another function under its name": (
        {"before": "def f(m):\n    return m\ndef g(m):\n    return m.missing\n", "first": "f(m)", "use": "Net()\nf = g\nNet()"}, True,
    ),
    "its parameters are walked": ({"last": "list(m.parameters())"}, True),
    "it is called": ({"first": "m(torch.zeros(1, 8)) if isinstance(m, nn.Linear) else None"}, True),
    "it is given a hook": ({"last": "m.register_forward_hook(lambda m, i, o: o[:, :4])"}, False),
    "it goes to half precision": ({"last": "m.half()"}, False),
    "it goes to training": ({"last": "m.eval()"}, False),
    "something grows": ({"before": "SEEN = []", "last": "SEEN.append(m)", "after": "nn.Linear(len(SEEN), 1)(torch.zeros(1, 3))"}, False),
    "something that grows is read": ({"before": "SEEN = [1]", "turn": "SEEN[0] += i > 19", "first": "assert SEEN[0] < 3"}, True),
    "gradients are off": (
        {"last": "torch.set_grad_enabled(False)", "turn": "torch.set_grad_enabled(True)",
         "call": "init(m); torch.relu(m.weight) if isinstance(m, nn.Linear) else None"}, False,
    ),
    "a parameter under a name that is not known": (
        {"before": "import os", "last": "m.register_parameter(os.environ['A'], None)",
         "after": "nn.Linear(len(list(self.blocks[7].a.parameters())), 1)(torch.zeros(1, 5))"},
        False,
    ),
    "in a branch": ({"turn": "if torch.rand(1).item() > 0.5: init(m)"}, True),
    "a module of its own": ({"last": "return nn.Linear(8, 8)", "call": "self.kept = init(m)"}, True),
    "a part of it": ({"last": "return m.a if isinstance(m, Block) else m", "call": "self.kept = init(m)",
                     "after": "self.more = nn.Linear(4, 4); self.kept(torch.zeros(1, 4))"}, True),
    "a method that is handed on": ({"before": VISIT.format("fn(m)"), "call": "visit(self.own, m)", "turn": "self.count += 1",
                                   "method": OWN.format("init(m)")}, True),
    "a method that is handed on, and what it reads changes": (
        {"before": VISIT.format("fn(m)"), "call": "visit(self.own, m)", "turn": "self.count += 1", "method": LATE.format("self.count > 9")},
        True,
    ),
    "a method that is handed on, and what it asks of": (
        {"before": VISIT.format("fn(m)"), "call": "visit(self.own, m)", "turn": "self.kept = self.blocks[7].norm if i > 9 else None",
         "method": LATE.format("self.kept is m")},
        True,
    ),
    "a method that is handed on, of whose owner more is asked": (
        {"before": VISIT.format("m.missing if fn.__self__.count > 9 else fn(m)"), "call": "visit(self.own, m)", "turn": "self.count += 1",
         "method": OWN.format("init(m)")},
        True,
    ),
    "a method that is handed on to one that asks more": (
        {"before": VISIT.format("look(fn, m)") + "\ndef look(fn, m):\n    m.missing if fn.__self__.count > 9 else fn(m)",
         "call": "visit(self.own, m)", "turn": "self.count += 1", "method": OWN.format("init(m)")},
        True,
    ),
    "a method that is handed on to one that asks more from now on": (
        {"before": VISIT.format("look(fn, m)") + "\ndef look(fn, m):\n    fn(m)\ndef closer(fn, m):\n    m.missing if fn.__self__.count > 9 else fn(m)",
         "call": "visit(self.own, m)", "turn": "self.count += 1", "method": OWN.format("init(m)"), "use": "Net()\nlook = closer\nNet()"},
        True,
    ),
    "a method that is handed on and kept": (
        {"before": VISIT.format("m.fn = fn"), "call": "visit(self.own, m)", "turn": "self.count += 1", "method": OWN.format("init(m)"),
         "after": "nn.Linear(self.blocks[5].a.fn.__self__.count, 1)(torch.zeros(1, 3))"},
        False,
    ),
    "a method under another name": (
        {"before": VISIT.format("other = fn\n    m.missing if other.__self__.count > 9 else fn(m)"), "call": "visit(self.own, m)",
         "turn": "self.count += 1", "method": OWN.format("init(m)")},
        True,
    ),
    "a method that is handed on under a name that is taken": (
        {"before": VISIT.format("fn = fn.__self__.late\n    fn(m)"), "call": "visit(self.own, m)", "turn": "self.count += 1",
         "method": OWN.format("init(m)") + "    " + LATE.replace("own", "late").format("self.count > 9")},
        True,
    ),
    "a method in a partial": (
        {"before": VISIT.format("fn(m)"), "call": "visit(partial(self.own, late=i > 9), m)",
         "method": "def own(self, m, late):\n        init(m) if not isinstance(m, nn.LayerNorm) or not late else m.missing"},
        True,
    ),
    "a method in a partial of a list that grows": (
        {"before": VISIT.format("fn(m)"), "built": "seen = []", "turn": "seen.append(i)", "call": "visit(partial(self.own, seen), m)",
         "method": "def own(self, seen, m):\n        init(m) if not isinstance(m, nn.LayerNorm) or len(seen) < 19 else m.missing"},
        True,
    ),
    "a method that is handed on to another of that name": (
        {"before": VISIT.format("look = closer\n    look(fn, m)") + "\ndef look(fn, m):\n    fn(m)\n"
         "def closer(fn, m):\n    m.missing if fn.__self__.count > 9 else fn(m)",
         "call": "visit(self.own, m)", "turn": "self.count += 1", "method": OWN.format("init(m)")},
        True,
    ),
    "another method": (
        {"before": VISIT.format("fn(m)"), "call": "visit(self.own if i < 19 else self.late, m)",
         "method": OWN.format("init(m)") + "    " + LATE.replace("own", "late").format("True")},
        True,
    ),
    "whether it is being built": (
        {"before": "class Head(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.l = nn.Linear(3, 3)\n"
         "        [probe(self) for _ in range(4)]\n    def own(self, x):\n        return torch.relu(x)\n"
         "def probe(h):\n    h.own(torch.zeros(2, 3))\n", "built": "self.head = Head()", "after": "probe(self.head)",
         "use": "probe(Net().head)"}, True,
    ),
}  # fmt: skip


def _walk(changes: dict[str, str]) -> str:
    return WALK.format(**{**WALKED, **changes})


@pytest.mark.parametrize("name", WALKS)
def test_walks_over_networks_that_look_alike_are_not_taken_for_each_other(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes, spared = WALKS[name]
    again: list[int] = []
    real = weight_calls._again
    monkeypatch.setattr(weight_calls, "_again", lambda *given: again.append(1) or real(*given))
    each_time, _ = _told(_walk(changes), monkeypatch, False)
    assert not again
    once, _ = _told(_walk(changes), monkeypatch, True)
    assert (len(again) > 0) == spared, len(again)
    assert each_time == once


@pytest.mark.parametrize("name", TRAPS)
def test_calls_that_look_alike_are_not_taken_for_each_other(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once, each_time = said(f"{FILL}model = nn.Linear(4, 4)\n{TRAPS[name]}", tmp_path, monkeypatch)
    assert each_time == once


def test_a_network_that_is_too_large_to_tell_is_not_told_each_time() -> None:
    world = World(load=lambda name: f"{name} is not looked for here")
    evaluate_text(
        "from torch import nn\ndef visit(m):\n    seen = [m]\n    for _ in range(40):\n        [str(i) for i in range(400)]\n"
        "net = nn.Sequential(*[nn.Sequential(nn.Linear(2, 2)) for _ in range(400)])\n"
        "for _ in range(8):\n    visit(net)\n",
        world=world,
    )
    habits = [held for held in world.weight_calls.values() if isinstance(held, Habit)]
    assert [held.untold for held in habits] == [4]
