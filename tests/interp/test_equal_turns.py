"""Turns of loops over layers come to the same for layers of a kind, and nobody can tell that they are not all evaluated."""

from __future__ import annotations

import pytest

from shapelint.interp.again import equal_turns
from shapelint.interp.run import evaluate_text
from shapelint.interp.world import World

from .test_equal_calls import _told

NET = """
import math
import torch
from torch import nn
{before}
class Block(nn.Module):
    def __init__(self, n, i):
        super().__init__()
        self.a, self.b, self.norm = nn.Linear(n, n), nn.Linear(n, n, bias=i != 3), nn.LayerNorm(n)
        self.i = i
        {made}

    {own}
    def forward(self, x):
        return self.b(torch.relu(self.a(self.norm(x)))) + x

class Net(nn.Module):
    def __init__(self, n=8, depth=8, std=.02):
        super().__init__()
        self.blocks = nn.ModuleList([Block(n, i // 2 * 2) for i in range(depth)])
        self.count, self.std, self.seen = 0, 0.02, []
        {built}
        self.init(std)
        {after}

    {method}
    def init(self, std, zero=True):
        count, seen, self_ = 0, [], self
        {first}
        for {target} in {over}:
            {body}
        {rest}
        {last}

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return x

{use}
"""
FILL = """if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, std=std)
                if m.bias is not None:
                    nn.init.zeros_(m.bias)
"""
PLAIN = {
    "before": "", "made": "pass", "own": "", "built": "pass", "after": "pass", "method": "", "first": "pass", "target": "m",
    "over": "self.blocks.modules()", "body": FILL, "rest": "", "last": "pass",
    "use": "net = Net()\nnet(torch.randn(2, 5, 8))\nNet(std=.1)(torch.randn(2, 5, 8))",
}  # fmt: skip
LINEAR = "if isinstance(m, nn.Linear):\n                "
COUNTED = "nn.Linear({}, 1)(torch.zeros(1, 3))"
STEP = "step() if isinstance(m, nn.Linear) else None"
LOCAL_STEP = "def step():\n            nonlocal count\n            count += 1\n            if count > 9: raise ValueError"

# A loop, and whether any turn of it is not evaluated.
LOOPS: dict[str, tuple[dict[str, str], bool]] = {
    "nothing": ({}, True),
    "the names too": ({"target": "_, m", "over": "self.blocks.named_modules()"}, True),
    "numbered": ({"target": "i, m", "over": "list(enumerate(self.blocks.modules()))"}, True),
    "an enumeration": ({"target": "i, m", "over": "enumerate(self.blocks.modules())"}, False),
    "a name that counts": (
        {"target": "n, m", "over": "self.blocks.named_modules()", "body": "if n == '5.b': raise ValueError\n"}, False,
    ),
    "a list": ({"over": "list(self.blocks.modules())"}, True),
    "children": ({"over": "self.blocks[5].children()"}, False),
    "parameters": ({"over": "self.parameters()", "body": "if m.dim() > 1: nn.init.xavier_uniform_(m)"}, True),
    "parameters that are frozen": ({"over": "self.parameters()", "body": "m.requires_grad = m.dim() > 1"}, False),
    "parameters frozen in a way": (
        {"over": "self.parameters()", "body": "m.requires_grad_(m.dim() > 1)"}, False,
    ),
    "the data": ({"body": LINEAR + "m.weight.data.normal_(0, std)"}, True),
    "a grade of it": ({"body": LINEAR + "m.weight.data = m.weight.data * 2"}, False),
    "in place with gradients": ({"body": LINEAR + "m.weight.mul_(2)"}, True),
    "another weight": ({"body": LINEAR + "m.weight = nn.Parameter(torch.zeros(8, 8))"}, False),
    "no bias": ({"body": LINEAR + "m.register_parameter('bias', None)"}, False),
    "a mark": ({"body": "m.done = True", "after": "assert self.blocks[5].a.done"}, False),
    "a count in the layer": ({"body": "m.i = getattr(m, 'i', 0) + 1", "after": COUNTED.format("self.blocks[7].a.i")}, False),
    "a count in the network": ({"body": "self.count += 1", "after": COUNTED.format("self.count")}, False),
    "another in the network": ({"body": LINEAR + "self.count += 1", "after": COUNTED.format("self.count")}, False),
    "a count": ({"body": "count += isinstance(m, nn.Linear)", "rest": COUNTED.format("count")}, False),
    "a list of them": ({"body": LINEAR + "seen.append(m)", "rest": COUNTED.format("len(seen)")}, False),
    "a list of the network's": ({"body": LINEAR + "self.seen.append(1)", "rest": COUNTED.format("len(self.seen)")}, False),
    "a dictionary": ({"first": "seen = {}", "body": LINEAR + "seen[m] = m.in_features", "rest": COUNTED.format("len(seen)")}, False),
    "a set by what is the same": ({"first": "seen = set()", "body": LINEAR + "seen.add(m.in_features)", "rest": COUNTED.format("len(seen)")}, True),
    "a local function that counts": ({"first": LOCAL_STEP, "body": STEP}, True),
    "a function that counts": ({"before": "n = [0]\ndef step():\n    n[0] += 1\n", "body": STEP, "rest": COUNTED.format("n[0]")}, True),
    "a default that counts": ({"before": "def step(n=[]):\n    n.append(1)\n", "body": STEP, "rest": COUNTED.format("len(step.__defaults__[0])")}, True),
    "a generator that is drawn from": ({"first": "i = iter(range(20))", "body": LINEAR + "self.count = next(i)", "rest": COUNTED.format("self.count")}, False),
    "its own iterator": ({"first": "them = self.blocks.modules()", "over": "them", "body": "if isinstance(m, Block): next(them)"}, False),
    "a property": ({"own": "@property\n    def late(self):\n        return self.i > 4\n", "body": "if isinstance(m, Block) and m.late: m.missing"}, True),
    "an attribute": ({"body": "if isinstance(m, Block) and m.i > 4: m.missing"}, True),
    "an attribute that many have": ({"made": "self.late = i > 4", "body": "if hasattr(m, 'late') and m.late: m.missing"}, True),
    "an attribute of the class": ({"own": "late = False\n", "body": "if hasattr(m, 'late') and m.late: m.missing", "use": "Net()\nNet()\nBlock.late = True\nNet()"}, True),
    "an attribute of the class that is set": ({"own": "late = False\n", "body": "if hasattr(m, 'late'):\n                if m.late: m.missing\n                if m.i > 4: Block.late = True"}, True),
    "a __getattr__": ({"own": "def __getattr__(self, name):\n        if name == 'late': return self.i > 4\n        return super().__getattr__(name)\n", "body": "if getattr(m, 'late', False): m.missing"}, True),
    "a method": ({"own": "def zero(self):\n        nn.init.zeros_(self.b.weight)\n", "body": "if zero and hasattr(m, 'zero'):\n                m.zero()"}, True),
    "of a layer of its own": ({"before": "class Odd(nn.Linear):\n    pass\n", "built": "self.blocks[4].b = Odd(8, 8)", "body": "if isinstance(m, Odd): m.missing"}, True),
    "a weight that is shared": ({"built": "self.blocks[5].a.weight = self.blocks[4].b.weight"}, True),
    "a layer that is shared": ({"built": "self.blocks[5].a = self.blocks[4].b; self.head = self.blocks[5].a", "body": "if m is self.head: m.missing"}, False),
    "the first of them": ({"first": "head = self.blocks[3].a", "body": "if m is head: m.missing"}, False),
    "the network itself": ({"over": "self.modules()", "body": "if m is self_: m.missing"}, False),
    "another size": ({"built": "self.blocks[5].a = nn.Linear(8, 9)", "body": LINEAR + "assert m.weight.shape[0] == 8"}, True),
    "another dtype": ({"built": "self.blocks[5].a.double()", "body": LINEAR + "assert m.weight.dtype == torch.float32"}, True),
    "a frozen one": ({"built": "self.blocks[5].a.weight.requires_grad = False", "body": LINEAR + "assert m.weight.requires_grad"}, True),
    "a lazy one": ({"built": "self.blocks[5].a = nn.LazyLinear(8)"}, True),
    "a break": ({"body": "if isinstance(m, nn.LayerNorm) and m.eps > 1: break\n            " + FILL, "built": "self.blocks[5].norm.eps = 2", "last": "nn.Linear(m.eps, 1)(torch.zeros(1, 3))"}, True),
    "a break and an else": ({"rest": "else:\n            count = 5", "body": "if isinstance(m, nn.LayerNorm) and m.eps > 1: break\n", "last": COUNTED.format("count")}, True),
    "a continue": ({"body": "if not isinstance(m, nn.Linear): continue\n            nn.init.zeros_(m.weight)\n"}, True),
    "a return": ({"body": "if isinstance(m, nn.LayerNorm) and m.eps > 1: return\n", "built": "self.blocks[5].norm.eps = 2", "last": COUNTED.format("4")}, True),
    "the name behind it": ({"last": "nn.Linear(m.normalized_shape[0], 1)(torch.zeros(1, 3))"}, True),
    "the name behind it, by another": ({"target": "n, m", "over": "self.blocks.named_modules()", "last": "m.missing if n == '7.norm' else 0"}, True),
    "what it reads changes": ({"before": "scale = 1", "body": "if isinstance(m, nn.Linear) and scale > 1: m.missing", "use": "Net()\nNet()\nscale = 2\nNet()"}, True),
    "what it reads of the network changes": ({"body": "if isinstance(m, nn.Linear) and self.count > 3: m.missing\n            self.count += isinstance(m, Block)"}, False),
    "by what is given": ({"body": "if isinstance(m, nn.Linear) and std > .05: m.missing"}, True),
    "by a list that is given": ({"first": "sizes = [8]", "body": "if isinstance(m, nn.Linear) and m.in_features not in sizes: m.missing\n            if isinstance(m, Block) and m.i == 4: sizes.clear()"}, True),
    "an argument that is not known": ({"use": "import sys\nNet(std=float(sys.argv[1]))"}, False),
    "a condition that is not known": ({"body": "if std > 1: nn.init.zeros_(m.weight)", "use": "import sys\nNet(std=float(sys.argv[1]))"}, False),
    "under one": ({"use": "import sys\nif sys.argv[1]:\n    net = Net()\n    net(torch.randn(2, 4))"}, False),
    "under one that is joined": ({"first": "if zero_:\n            std = 3", "before": "import sys\nzero_ = len(sys.argv) > 2"}, False),
    "a layer that is perhaps": ({"before": "import sys", "built": "if len(sys.argv) > 1: self.blocks[5].a.bias = None"}, True),
    "a name of another meaning": ({"before": "def isinstance(a, b):\n    return False"}, False),
    "a name of another meaning here": ({"first": "hasattr = lambda a, b: False", "body": "if hasattr(m, 'weight'): m.missing"}, False),
    "all its names": ({"body": "if len(locals()) > 9: m.missing"}, False),
    "all its names, by another name": ({"before": "from functools import partial\nnames = partial(locals)", "body": "if len(names()) > 9: m.missing"}, False),
    "it says something": ({"body": LINEAR + "print(m)"}, False),
    "it fails": ({"body": LINEAR + "m.weight.view(3)"}, True),
    "it fails for one": ({"built": "self.blocks[5].a = nn.Linear(8, 9)", "body": LINEAR + "m.weight.view(64)"}, True),
    "it raises for one": ({"built": "self.blocks[5].a = nn.Linear(8, 9)", "body": LINEAR + "assert m.weight.numel() == 64, m.weight.numel()"}, True),
    "it raises and that is caught": ({"built": "self.blocks[5].a = nn.Linear(8, 9)", "body": LINEAR + "if m.weight.numel() != 64: raise ValueError", "use": "try:\n    Net()\nexcept ValueError:\n    nn.Linear(4, 1)(torch.zeros(1, 3))"}, True),
    "under no_grad": ({"body": LINEAR + "nn.init.zeros_(m.weight)", "use": "with torch.no_grad():\n    Net()\nNet()"}, True),
    "a hook": ({"body": "m.register_forward_hook(lambda m, x, y: y)"}, False),
    "a mode": ({"body": "m.train(False)"}, False),
    "a call": ({"body": LINEAR + "m(torch.zeros(1, 8))"}, False),
    "a new layer": ({"body": LINEAR + "nn.Linear(m.in_features, 2)"}, True),
    "its parameters": ({"body": LINEAR + "len(list(m.parameters())) > 1 and nn.init.zeros_(m.weight)"}, False),
    "gradients that are dropped": ({
        "body": "m.grad = None", "over": "self.parameters()", "after": "",
        "use": "a, b, x = Net(), Net(), torch.randn(2, 5, 8)\n(a(x).sum() + b(x).sum()).backward()\nz = b(x)\n"
               "a.init(.1)\nb.init(.1)\nopt = torch.optim.SGD(b.parameters(), lr=.1)\nopt.step()\nz.sum().backward()",
    }, False),
    "after a graph": ({
        "use": "a, x = Net(), torch.randn(2, 5, 8)\nz = a(x)\na.init(.1)\nz.sum().backward()", "body": LINEAR + "m.weight.data.zero_()",
    }, True),
    "in place, after a graph": ({
        "use": "x = torch.randn(2, 5, 8)\nwith torch.no_grad():\n    a = Net()\nz = a.blocks[-1](x)\nwith torch.no_grad():\n    a.init(.1)\n"
               "z.sum().backward()",
        "body": LINEAR + "m.weight.mul_(2)",
    }, True),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOPS)
def test_turns_that_look_alike_are_not_taken_for_each_other(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes, spared = LOOPS[name]
    text = NET.format(**{**PLAIN, **changes})
    again: list[int] = []
    real = equal_turns.Turns.spare

    def spare(self: equal_turns.Turns, items: list[object], at: int, end: int, floor: int) -> int:
        left = real(self, items, at, end, floor)
        again.append(left - at)
        return left

    monkeypatch.setattr(equal_turns.Turns, "spare", spare)
    each_time, _ = _told(text, monkeypatch, False)
    assert not again
    once, _ = _told(text, monkeypatch, True)
    assert each_time == once
    assert (sum(again) > 0) == spared, sum(again)


MARKS = """
from torch import nn
seen = []
def mark(net):
    for m in net.children():
        seen.append(m.in_features)
net = nn.Sequential(*[nn.Linear(i // 2, 3) for i in range(200)])
for _ in range(2):
    mark(net)
"""


def test_turns_of_which_none_is_spared_are_not_watched_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[int] = []
    real = equal_turns.watched
    monkeypatch.setattr(equal_turns, "watched", lambda *given: watched.append(1) or real(*given))
    world = World(load=lambda name: f"{name} is not looked for here")
    evaluate_text(MARKS, world=world)
    assert 0 < len(watched) < 30
