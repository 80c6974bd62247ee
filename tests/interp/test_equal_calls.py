"""Blocks that are called alike are evaluated once, and nobody can tell from the facts, the histories or what is said."""

from __future__ import annotations

from typing import Any

import pytest

from shapelint import facts
from shapelint.engine.analyse import make_world, sources_of
from shapelint.engine.judge import judge
from shapelint.evidence.entries import evaluate_file
from shapelint.interp.again import equal_calls, equal_layers
from shapelint.interp.world import World
from shapelint.lower import lower
from shapelint.source.text import from_text
from shapelint.values import Class, Dict, List, Module, Tensor

PROGRAM = """
import torch
from torch import nn
from torch.nn import functional as F
{before}
class Block(nn.Module):
    def __init__(self, n, i):
        super().__init__()
        self.a, self.b = nn.Linear(n, n), nn.Linear(n, n)
        self.norm = nn.LayerNorm(n)
        self.drop = nn.Dropout(0.5)
        self.seen = 0
        {made}

    def forward(self, x, *rest):
        {first}
        y = self.drop(torch.relu(self.a(self.norm(x))))
        y = y.view(-1, y.shape[-1]).view(x.shape)
        z = self.b(y) + x
        {last}
        return z

class Net(nn.Module):
    def __init__(self, n=8, depth=8):
        super().__init__()
        self.blocks = nn.ModuleList([Block(n, i) for i in range(depth)])
        {built}

    def forward(self, x):
        for i, block in enumerate(self.blocks):
            {turn}
            x = {call}
        return x

net = Net()
{use}
"""

PLAIN = {
    "before": "", "made": "pass", "first": "pass", "last": "pass", "built": "pass", "turn": "pass", "call": "block(x)",
    "use": "net(torch.randn(2, 5, 8))\nnet(torch.randn(2, 5, 8))",
}  # fmt: skip

CHECKED = "def checked(x):\n    x.repeat(1, len({}), 1).view(-1)\n    return x"
OPERATOR = "def f(x):\n    return x\ndef g(x):\n    return x[:, :4]\ntorch.library.custom_op('my::op', f, mutates_args=())"

ROWS = "self.rows = nn.ModuleList([nn.Sequential(b, nn.Linear(n, n)) for b in self.blocks])"
# Networks of networks: what is done again inside of what is watched counts for both.
STAGE = """
class Stage(nn.Module):
    def __init__(self, first, second):
        super().__init__()
        self.inner = nn.ModuleList([first, second])

    def forward(self, x):
        for block in self.inner:
            x = block(x)
        return x
"""
STAGES = "self.stages = nn.ModuleList([Stage(b, Block(n, 0)) for b in self.blocks])"
PROBE = """
class Probe(nn.Module):
    def __init__(self):
        super().__init__()
        self.stage = Stage(Block(8, 0), Block(8, 0))
        self.stage(torch.randn(2, 5, 8))
"""
COUNTER = """
def make():
    k = 1
    def get():
        return k
    def put(v):
        nonlocal k
        k = v
    return get, put
get, put = make()
"""

DEEP = """
def go(x, k, block):
    if k == 0:
        return block(x)
    return go(x, k - 1, block)
def deep(x, k, block):
    if k == 0:
        return block(x)
    return deep(x, k - 1, block)
"""
NEARLY = "def nearly(base):\n    return torch.pow(torch.tensor(base), torch.arange(4) / 3.0)"

# What is put into the program, and whether blocks are still done again.
TRAPS: dict[str, tuple[dict[str, str], bool]] = {
    "nothing": ({}, True),
    "a counter in a global": (
        {"before": "N = 0", "first": "global N", "last": "N += 1; z = torch.cat([z] * N, 1)[:, :5]"}, False,
    ),
    "a counter in a list": ({"before": "SEEN = []", "last": "SEEN.append(z)"}, False),
    "a list that grows elsewhere": (
        {"before": "SEEN = []", "turn": "SEEN.append(i)", "last": "z = z.repeat(1, len(SEEN), 1)[:, :5]"}, False,
    ),
    "a list that others change": (
        {"before": "SEEN = [1]", "turn": "SEEN[0] += i > 4", "last": "z = z.repeat(1, SEEN[0], 1)[:, :5]"}, True,
    ),
    "a counter in the class": ({"last": "Block.N = getattr(Block, 'N', 0) + 1; z = z.repeat(1, Block.N, 1)[:, :5]"}, False),
    "a counter in the block": ({"last": "self.seen += 1"}, False),
    "what it gave is kept in the block": ({"last": "self.kept = z"}, False),
    "its input is changed in place": ({"first": "x.unsqueeze_(0); x.squeeze_(0); x.resize_(2, 5, 8)"}, False),
    "its input is given back": ({"last": "z = x"}, True),
    "an input twice, or two that are equal": (
        {"call": "block(x, x if i % 2 else x.clone())", "first": "r = rest[0]", "last": "z = z if r is x else z + r"}, True,
    ),
    "a parameter that two share": ({"built": "self.blocks[5].a.weight = self.blocks[4].a.weight"}, True),
    "two weights of a block tied": ({"built": "self.blocks[5].b.weight = self.blocks[5].a.weight"}, True),
    "a bias that is frozen": ({"built": "self.blocks[5].a.bias.requires_grad = False; self.blocks[6].requires_grad_(False)"}, True),
    "one in eval": ({"built": "self.blocks[5].eval(); self.blocks[6].drop.eval()"}, True),
    "a layer that is replaced": ({"built": "self.blocks[5].drop = nn.Identity()"}, True),
    "an attribute that is changed": ({"built": "self.blocks[5].seen = 1", "last": "z = z if self.seen < 1 else z[:, :3]"}, True),
    "a hook": ({"built": "self.blocks[5].register_forward_hook(lambda m, i, o: o[:, :4])"}, True),
    "a hook of a layer within": ({"built": "self.blocks[5].b.register_forward_hook(lambda m, i, o: o * 2)"}, True),
    "without gradients": (
        {"call": "one(block, x, i)", "before": "def one(b, x, i):\n    with torch.set_grad_enabled(i % 3 > 0):\n        return b(x)"}, True,
    ),
    "under different stacks": (
        {"call": "one(block, x) if i % 2 else block(x)", "before": "def one(b, x):\n    return b(x)"}, True,
    ),
    "a method called for its class": ({"before": "class Own(nn.Module):\n    pass", "first": "Block.scale = 1"}, False),
    "another function under its name": (
        {"before": "def f(x):\n    return x\ndef g(x):\n    return x[:, :4]", "first": "x = f(x)", "turn": "change(i)",
         "use": "def change(i):\n    global f\n    f = g if i == 5 else f\nnet(torch.randn(2, 5, 8))\nnet(torch.randn(2, 5, 8))"},
        False,
    ),
    "what a name is by default": ({"before": "def f(x, to=[]):\n    to.append(1)\n    return x.repeat(1, len(to), 1)[:, :5]", "first": "x = f(x)"}, False),
    "the number of an object": ({"last": "z = z if id(self.a) % 128 else z[:, :4]"}, False),
    "a size that is not known": ({"last": "z = z[z > 0][:40].view(-1, 1, 8) + x"}, False),
    "a condition that is not known": ({"last": "z = z if z.sum() > 0 else z * 2"}, True),
    "a statement that a condition decides over": (
        {"last": "if z.sum() > 0:\n            z = torch.relu(z).view(x.shape)\n            k = 1\n        else:\n            z = self.norm(z)"},
        True,
    ),
    "a layer that only one side calls": ({"last": "if z.sum() > 0:\n            z = self.norm(z)"}, True),
    "a side that leaves": ({"last": "if z.sum() > 0:\n            return torch.relu(z)\n        z = self.norm(z).view(x.shape)"}, True),
    "a side that raises": ({"last": "if z.sum() > 0:\n            raise ValueError(3)"}, True),
    "a side that raises, and a handler around the call": (
        {"last": "if z.sum() > 0:\n            raise ValueError(3)", "call": "go(block, x)",
         "before": "def go(block, x):\n    try:\n        x = block(x)\n    except ValueError:\n        x = torch.relu(x)\n    return x"},
        False,
    ),
    "a side that fails": ({"last": "if z.sum() > 0:\n            z @ z"}, False),
    "a loop of unknown length within": ({"last": "for _ in range(int(z.sum())):\n            z = torch.relu(z)"}, False),
    "a size that a condition decides": ({"last": "z = z[:, : 3 if z.sum() > 0 else 4]"}, False),
    "sizes that conditions decide, of two blocks": (
        {"before": "HELD = []", "last": "z = z, (3 if z.sum() > 0 else 4)", "call": "go(block(x))",
         "use": "def go(r):\n    HELD.append(torch.zeros(r[1], 2))\n    if len(HELD) > 1:\n        HELD[-1] + HELD[-2]\n    return r[0]\n"
         "net(torch.randn(2, 5, 8))"},
        True,
    ),
    "sizes that one condition decides": (
        {"last": "k = 3 if z.sum() > 0 else 4\n        z = z, k, 2 * k // 3, slice(k % x.shape[1], None)", "call": "go(block(x))",
         "use": "def go(r):\n    torch.zeros(r[1], 2) + torch.zeros(r[2] + 2, 2)[r[3]]\n    return r[0]\nnet(torch.randn(2, 5, 8))"},
        True,
    ),
    "a condition that is given back": (
        {"last": "c = bool(z.sum() > 0)\n        z = z, (3 if c else 4), c", "call": "go(block(x))",
         "use": "def go(r):\n    torch.zeros(r[1], 2) + torch.zeros(3 if r[2] else 4, 2)\n    return r[0]\nnet(torch.randn(2, 5, 8))"},
        False,
    ),
    "sizes that a condition around the network decides": (
        {"last": "z = z, rest[0] * 2", "call": "go(block(x, k))", "turn": "k = self.k",
         "built": "self.k = 3 if torch.rand(1).item() > 0.5 else 4",
         "use": "def go(r):\n    torch.zeros(r[1] // 2, 2) + torch.zeros(net.k, 2)\n    return r[0]\nnet(torch.randn(2, 5, 8))"},
        True,
    ),
    "a layer that a condition decides": ({"last": "z = (self.a if z.sum() > 0 else self.b)(z)"}, True),
    "a number of the block that one side changes": ({"last": "if z.sum() > 0:\n            self.seen += 1"}, False),
    "a list of the block that a condition decides": (
        {"made": "self.one, self.two = [8], [8]", "last": "k = self.one if z.sum() > 0 else self.two\n        z = z.view(-1, *k)",
         "call": "go(block, x, i)", "before": "def go(block, x, i):\n    if i == 6:\n        block.one.append(1)\n    return block(x).view(x.shape)"},
        False,
    ),
    "what is made and lacks something on one side": (
        {"before": "class Out:\n    pass", "call": "go(block(x))",
         "last": "out = Out()\n        out.z = z\n        if z.sum() > 0:\n            out.more = z\n        z = out",
         "use": "def go(out):\n    return out.z if hasattr(out, 'more') else torch.relu(out.z)\nnet(torch.randn(2, 5, 8))\nnet(torch.randn(2, 5, 8))"},
        False,
    ),
    "what is called again where a condition decides": (
        {"before": DEEP, "last": "if z.sum() > 0:\n            z = go(z, 0, torch.relu)",
         "call": "go(x, 4, block) if i == 6 else deep(x, 8, block)"},
        True,
    ),
    "what was in progress, and is called where a condition decides": (
        {"before": DEEP, "last": "if z.sum() > 0:\n            k = go(z, 0, torch.relu)",
         "call": "go(x, 5, block) if i < 4 else block(x)"},
        False,
    ),
    "a network of networks, and what is called again where a condition decides": (
        {"before": STAGE + DEEP, "built": STAGES, "last": "if z.sum() > 0:\n            z = go(z, 0, torch.relu)",
         "call": "go(x, 4, self.stages[i]) if i == 6 else deep(x, 8, self.stages[i])"},
        True,
    ),
    "what it takes hangs on a condition": (
        {"last": "k = 3 if z.sum() > 0 else 4\n        k = self.a(z[:, :k])"}, True,
    ),
    "unknown conditions that are given": (
        {"before": "import nowhere\nU = [nowhere.f() for i in range(9)]", "call": "block(x, U[i])", "last": "z = torch.relu(z) if rest[0] else z"}, True,
    ),
    "an unknown that is given decides over sizes": (
        {"before": "import nowhere\nU = [nowhere.f() for i in range(8)]", "call": "go(block(x, U[i]), U[i])",
         "last": "z = z, (3 if rest[0] else 4)",
         "use": "def go(r, u):\n    torch.zeros(r[1], 2) + torch.zeros(3 if u else 4, 2)\n    return r[0]\nnet(torch.randn(2, 5, 8))"},
        False,
    ),
    "it raises sometimes": ({"first": "assert x.shape[1] > 4", "turn": "x = x[:, :-1] if i > 3 else x"}, True),
    "it fails": ({"last": "z = z @ z"}, False),
    "a dropped result": ({"last": "z.relu()"}, False),
    "its parameters are walked": ({"first": "x = x.to(next(self.parameters()).dtype)"}, True),
    "detached": ({"first": "x = x.detach()", "last": "z = z.detach() + self.a.weight.detach().sum()"}, True),
    "a layer made in forward": ({"first": "x = nn.Linear(8, 8)(x)"}, False),
    "folded rows": ({"last": "z = z.view(-1, 4).view(x.shape[0], -1, 8)"}, True),
    "a list of what it makes": ({"last": "outs = [z]; outs.append(x); z = torch.stack(outs).sum(0)"}, True),
    "a loop of unknown length": ({"call": "sum([block(x) for _ in range(int(x.sum()))], x)"}, False),
    "in a branch": ({"call": "block(x) if x.sum() > i else x"}, False),
    "in a branch after it was in none": ({"call": "block(x) if i < 4 or x.sum() > 0 else x"}, True),
    "in a loop of unknown length after it was in none": (
        {"turn": "for _ in range(int(x.sum()) if i > 3 else 1): block(x)"}, True,
    ),
    "weights that are frozen and nothing else to learn": (
        {"built": "self.blocks[5].requires_grad_(False)", "last": "z = z.detach() + self.a.weight.sum()"}, True,
    ),
    "an input twice, or two that are made alike": (
        {"turn": "x, y = torch.relu(x), torch.relu(x)", "call": "block(x, x if i % 2 else y)", "first": "r = rest[0]",
         "last": "z = z if r is x else z + r"},
        True,
    ),
    "a size that is its own": (
        {"before": "HELD = []", "last": "z = z, torch.zeros(z.nonzero().shape[0])", "call": "go(block(x), i)",
         "use": "def go(r, i):\n    HELD.append(r[1])\n    if i > 2:\n        r[1] + HELD[-2]\n    return r[0]\n"
         "net(torch.randn(2, 5, 8))\nnet(torch.randn(2, 5, 8))"},
        False,
    ),
    "the data of its input": (
        {"first": "c = x.data", "last": "z = z + c", "turn": "x = torch.sin(x) if i % 2 else torch.cos(x)"}, True,
    ),
    "a leaf that it makes": (
        {"before": "def leaf(z, w):\n    with torch.no_grad():\n        z = z @ w\n    return z.requires_grad_()",
         "last": "z = leaf(z, self.a.weight)", "use": "out = net(torch.randn(2, 5, 8))\ntorch.optim.SGD([out], lr=1.0)"},
        False,
    ),
    "a failure that nobody is told of": (
        {"before": "class Probe(nn.Module):\n    def __init__(self, b, x):\n        super().__init__()\n"
         "        self.l = nn.Linear(3, 3)\n        b(x)\n    def forward(self, x):\n        return self.l(x)\nKEPT = []",
         "built": "self.bad = nn.Conv2d(3, 4, 3, groups=2)", "turn": "KEPT.append(Probe(block, x))", "last": "z @ z",
         "use": "net(torch.randn(2, 5, 8))\nKEPT[3](torch.randn(7, 7))"},
        False,
    ),
    "gradients are turned off and stay so": (
        {"made": "self.off = i > 3", "turn": "torch.set_grad_enabled(True)",
         "last": "torch.set_grad_enabled(False) if self.off else None"},
        True,
    ),
    "a parameter that others may be": (
        {"made": "self.w = self.a.weight if i == 5 and torch.rand(1).item() > 0.5 else nn.Parameter(torch.ones(n, n)) "
         "if torch.rand(1).item() > 0.5 else nn.Parameter(torch.zeros(n, n))",
         "last": "z = z.repeat(1, len(list(self.parameters())), 1)[:, :5]"},
        False,
    ),
    "a list that unknown code may change": (
        {"before": "SEEN = [1]\n" + CHECKED.format("SEEN"), "turn": "SEEN.clear(); SEEN.append(1)", "last": "x.grad.map(SEEN)",
         "call": "checked(block(x))"},
        False,
    ),
    "a list that an unknown key chooses": (
        {"before": "SEEN = {'a': [1]}\n" + CHECKED.format("SEEN['a']"), "turn": "SEEN['a'] = [1]",
         "last": "SEEN[x.grad].append(1)", "call": "checked(block(x))"},
        False,
    ),
    "a list that unknown code changes by a function": (
        {"before": "def make():\n    seen = [1]\n    def fill():\n        seen.append(1)\n    def held():\n        return seen\n"
         "    return fill, held\nfill, held = make()\n" + CHECKED.format("held()"), "turn": "held().clear(); held().append(1)",
         "last": "x.grad.map(fill)", "call": "checked(block(x))"},
        False,
    ),
    "an operator that it enters": (
        {"before": OPERATOR, "turn": "torch.library.custom_op('my::op', g, mutates_args=())",
         "last": "torch.library.custom_op('my::op', f, mutates_args=())", "call": "torch.ops.my.op(block(x))"},
        False,
    ),
    "an operator that others enter": (
        {"before": OPERATOR, "turn": "torch.library.custom_op('my::op', g if i > 4 else f, mutates_args=())",
         "last": "z = torch.ops.my.op(z)"},
        False,
    ),
    "what an operator does to shapes": (
        {"before": OPERATOR, "turn": "torch.library.register_fake('my::op', g)",
         "last": "torch.library.register_fake('my::op', f)", "call": "torch.ops.my.op(block(x))"},
        False,
    ),
    "a row of layers": ({"built": ROWS, "call": "self.rows[i](x)"}, True),
    "a row of layers called at two places": ({"built": ROWS, "call": "self.rows[i](x) if i % 2 else self.rows[i](x)"}, True),
    "a row of layers called from two places": (
        {"built": ROWS, "call": "go(self.rows[i], x) if i % 2 else go(self.rows[i], x)", "before": "def go(row, x):\n    return row(x)"},
        True,
    ),
    "a row that is longer": ({"built": ROWS + "; self.rows[5].append(nn.ReLU())", "call": "self.rows[i](x)"}, True),
    "a row that may be longer": (
        {"built": ROWS + "\n        if torch.rand(1).item() > 0.5: self.rows[5].append(nn.ReLU())", "call": "self.rows[i](x)"}, True,
    ),
    "a row with a hook": ({"built": ROWS + "; self.rows[5].register_forward_hook(lambda m, i, o: o[:, :4])", "call": "self.rows[i](x)"}, True),
    "a layer of a row that others wrote to": (
        {"built": ROWS + "; self.rows[5][1].weight = nn.Parameter(torch.zeros(16, 8)); self.rows[5][1].out_features = 16",
         "call": "self.rows[i](x)[..., :8]"},
        True,
    ),
    "a layer of another dtype": ({"built": ROWS + "; self.rows[5][1].double()", "call": "self.rows[i](x)"}, True),
    "a layer without a bias": ({"built": ROWS + "; self.rows[5][1].bias = None", "call": "self.rows[i](x)"}, True),
    "a layer whose weights are frozen": ({"built": ROWS + "; self.rows[5][1].requires_grad_(False)", "call": "self.rows[i](x.detach())"}, True),
    "a layer with a weight of a name of its own": (
        {"built": ROWS + "; self.rows[5][1].extra = nn.Parameter(torch.ones(n))", "call": "self.rows[i](x)"}, True,
    ),
    "a layer in a row that is no longer trained": ({"built": ROWS + "; self.rows[5][1].eval()", "call": "self.rows[i](x)"}, True),
    "a network of networks": ({"before": STAGE, "built": STAGES, "call": "self.stages[i](x)"}, True),
    "a network of networks, and a list that others change": (
        {"before": STAGE + "SEEN = [1]", "built": STAGES, "call": "self.stages[i](x)", "turn": "SEEN[0] += i > 4",
         "last": "z = z.repeat(1, SEEN[0], 1)[:, :5]"},
        True,
    ),
    "a network of networks, and a name that others change": (
        {"before": STAGE + COUNTER, "built": STAGES, "call": "self.stages[i](x)", "turn": "put(1 + (i > 4))",
         "last": "z = z.repeat(1, get(), 1)[:, :5]"},
        True,
    ),
    "a network of networks, and a block of nobody's": (
        {"before": STAGE.replace("x = block(x)", "x = OWN[0](block(x))"), "built": STAGES + "\n        OWN.append(Block(n, 9))",
         "call": "self.stages[i](x)", "last": "pass\n        return z\nOWN = []\nclass Rest(nn.Module):\n    def forward(self, z):"},
        True,
    ),
    "a number of a layer that is changed": (
        {"built": ROWS.replace("nn.Linear(n, n)", "nn.Conv1d(5, 5, 1)") + "; self.rows[5][1].padding = (1,)",
         "call": "self.rows[i](x)[..., :8]"},
        True,
    ),
    "a layer that holds more": (
        {"built": "self.blocks[5].a.more = nn.Parameter(torch.ones(n))",
         "last": "z = z.repeat(1, len(list(self.parameters())), 1)[:, :5]"},
        True,
    ),
    "the mode of a layer is asked": ({"built": "self.blocks[5].a.eval()", "last": "z = z if self.a.training else z[:, :4]"}, True),
    "whether two weights are one is asked": (
        {"built": "self.blocks[5].b.weight = self.blocks[5].a.weight", "last": "z = z[:, :4] if self.a.weight is self.b.weight else z"}, True,
    ),
    "a network of networks that is called while it is built": (
        {"before": STAGE + PROBE, "use": "net(torch.randn(2, 5, 8))\nPROBES = [Probe() for _ in range(5)]"}, True,
    ),
    "a stand-in, and one like it": (
        {"before": "import copy", "first": "rest[0].scale if rest else 0",
         "use": "net(torch.randn(2, 5, 8))\nBLOCKS = [Block(8, i) for i in range(8)]\nclass Top(nn.Module):\n"
         "    def forward(self, x):\n        twin = copy.deepcopy(self)\n        for i in range(8):\n"
         "            BLOCKS[i](torch.zeros(2, 5, 8), self if i < 4 else twin)\n        return x"},
        True,
    ),
    "numbers that are not known to the last bit": (
        {"before": NEARLY, "call": "block(x, nearly(2.0))", "last": "z = z + rest[0].sum()"}, True,
    ),
    "numbers that are not known to the last bit, and others": (
        {"before": NEARLY, "last": "z = z, rest[0] * 1.5", "call": "go(block(x, nearly(2.0 if i < 5 else 4.0)))",
         "use": "def go(r):\n    torch.zeros(2, 3) @ torch.zeros(round(r[1][2].item()), 2)\n    return r[0]\nnet(torch.randn(2, 5, 8))"},
        True,
    ),
    "named arguments that an operation takes as they come": ({"first": "x = x.to(dtype=torch.float32, copy=True)"}, True),
    "an unknown that nobody asked anything": (
        {"call": "block(x, x.device)", "first": "r = torch.zeros(8, device=rest[0])", "last": "z = z + r"}, True,
    ),
    "an unknown twice, or two of them": (
        {"call": "block(x, x.device, u, u if i % 2 else x.device)", "turn": "u = x.device", "first": "r = rest",
         "last": "z = z if r[1] is r[2] else z[:, :4]"},
        True,
    ),
    "an unknown that the block asks": (
        {"before": "HELD = [torch.zeros(1).grad for i in range(8)]", "call": "block(x, HELD[i])",
         "last": "rest[0].width", "use": "net(torch.randn(2, 5, 8))\nnn.Linear(HELD[7].width, 2)(torch.zeros(1, HELD[7].width))"},
        False,
    ),
    "an unknown that is known to be a size": (
        {"before": "HELD = [torch.zeros(1).grad for i in range(8)]", "call": "block(x, HELD[i])",
         "turn": "torch.zeros(HELD[i])", "last": "z = z + torch.zeros(rest[0], 8)[:1]"},
        False,
    ),
    "a logger that others set up": (
        {"before": "import logging", "turn": "logging.getLogger('a').disabled = i > 5",
         "last": "z = z[:, :4] if logging.getLogger('a').disabled else z"},
        False,
    ),
}  # fmt: skip


def _program(changes: dict[str, str]) -> str:
    return PROGRAM.format(**{**PLAIN, **changes})


def _told(text: str, monkeypatch: pytest.MonkeyPatch, once: bool) -> tuple[list[str], int]:
    """Everything there is to know of a run in words, and how many calls were done again."""
    monkeypatch.setattr(World, "once", once)
    again: list[int] = []
    real = equal_calls._again
    with monkeypatch.context() as patched:
        patched.setattr(equal_calls, "_again", lambda *given: again.append(1) or real(*given))
        world = make_world(None)
        world.listen = frozenset(("torch.nn.Linear", "torch.nn.Dropout", "torch.Tensor.view", "torch.relu"))
        file = from_text("net.py", text)
        world.checked = lambda path: path == file.path
        with world.visit():
            evaluate_file(world, file, lower(file))
            modules: dict[int, str] = {}
            for fact in world.facts:
                if isinstance(fact, facts.ModuleBuilt):
                    modules.setdefault(id(fact.module), f"{fact.module.cls.name}{len(modules)}")
                    for name, part in fact.module.attrs.items():
                        if not isinstance(part, (Module, Tensor)):
                            continue
                        modules.setdefault(id(part), f"{modules[id(fact.module)]}.{name}")
            words = [_fact(fact, modules) for fact in world.facts]
            for fact in world.facts:
                if isinstance(fact, facts.ModuleBuilt):
                    words += [
                        _history(m)
                        for m in (fact.module, *fact.module.attrs.values())
                        if isinstance(m, Module)
                    ]
            words.append(f"clock {world.clock}, steps {world.left}, reached {len(world.reached)}")
            words += [str(d.to_json()) for d in judge(world.facts, sources_of(file))]
    return words, len(again)


def _history(module: Module) -> str:
    h = module.history
    return f"{module.cls.name}: {list(h.called)} {h.held} {h.walked} {h.moved} {h.assigned}"


def _fact(fact: facts.Fact, modules: dict[int, str]) -> str:
    seen: dict[int, int] = {}

    def word(value: Any, deep: int = 6) -> str:
        if isinstance(value, Module):
            return modules.get(id(value), value.cls.name)
        if isinstance(value, Tensor):
            if id(value) in seen:
                return f"#{seen[id(value)]}"
            seen[id(value)] = len(seen)
            text = f"{modules.get(id(value), '')}{value} {value.requires_grad} {sorted(value.marks)} {value.layout}"
            made = value.made
            if made is None or not deep:
                return text
            parents = [word(p, deep - 1) for p in made.parents]
            given = {k: word(v, 0) for k, v in (made.given or {}).items()}
            return f"{text} = {made.op}{made.site}{given}{word(made.layer)}({parents})"
        if isinstance(value, (tuple, List)):
            return str([word(v, deep) for v in (value.items if isinstance(value, List) else value)])
        if isinstance(value, (dict, Dict)):
            items = value.items if isinstance(value, Dict) else value
            return str({k: word(v, deep) for k, v in items.items()})
        return str(value) if isinstance(value, (int, str, float)) else type(value).__name__

    own = {
        name: word(getattr(fact, name))
        for name in (
            "module",
            "op",
            "arguments",
            "result",
            "layer",
            "inputs",
            "output",
            "left",
            "right",
            "message",
        )
        if hasattr(fact, name)
    }
    call = fact.model_call.module.cls.name if fact.model_call is not None else None
    macs = (fact.model_call.macs, fact.model_call.uncertain) if fact.model_call is not None else None
    return f"{type(fact).__name__} {fact.site} {fact.stack} {fact.certain} {fact.order} {fact.repeats} {call} {macs} {own}"


@pytest.mark.parametrize("name", TRAPS)
def test_nobody_can_tell(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changes, spared = TRAPS[name]
    each_time, none = _told(_program(changes), monkeypatch, False)
    once, again = _told(_program(changes), monkeypatch, True)
    assert none == 0
    assert (again > 0) == spared, again
    assert each_time == once


def test_blocks_alike_are_evaluated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _told(_program({}), monkeypatch, True)[1] >= 12


def test_each_call_asks_for_the_ranks_that_it_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = {
        "last": "torch.linalg.lstsq(torch.zeros(8, 8), torch.zeros(8, 8)).residuals.T",
        "use": "net(torch.randn(2, 5, 8))\ndef go(x: torch.Tensor):\n    net(torch.zeros(2, 5, 8))\n    return x.T",
    }
    asked: list[int] = []
    real = World.bind_shape
    monkeypatch.setattr(
        World, "bind_shape", lambda self, *given, **how: asked.append(1) or real(self, *given, **how)
    )
    each_time, _ = _told(_program(changes), monkeypatch, False)
    of_all = len(asked)
    once, again = _told(_program(changes), monkeypatch, True)
    assert each_time == once
    assert again > 0
    assert len(asked) == 2 * of_all


@pytest.mark.parametrize("twice", [False, True])
def test_a_layer_that_holds_one_tensor_twice_is_not_as_it_was_made(twice: bool) -> None:
    box = (8,)
    patterns = [Tensor(box, kind="parameter", requires_grad=True) for _ in range(2)]
    weight, bias = (Tensor(box, kind="parameter", requires_grad=True) for _ in range(2))
    layer = Module(Class("LayerNorm", "torch.nn.LayerNorm"))
    layer.initialised = True
    layer.attrs.update(weight=weight, bias=weight if twice else bias)
    layer.template = equal_layers.Template(
        (("weight", patterns[0], True), ("bias", patterns[1], True)), {}, {}
    )
    assert equal_layers.unchanged(layer) == (None if twice else [weight, bias])
