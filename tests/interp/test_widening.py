"""What a loop of an unknown number of turns, or one side of a branch, changes is not claimed behind it: shapes, dtypes, elements,
gradients, attributes, and what stands in containers, however deep."""

from __future__ import annotations

import pytest

from tests.interp.random_programs import mistakes

PROGRAMS = {
    "dtype": "t = torch.zeros(2)\nfor i in range(n0): t = t.double()\nv = t.dtype\nr = str(v)\n",
    "data": "t = torch.tensor([1, 2])\nfor i in range(n0): t = t + 1\nr = t[0].item()\nz = t.tolist()\n",
    "inplace data": "t = torch.tensor([1, 2])\nfor i in range(n0): t += 1\nr = t[0].item()\n",
    "inplace setitem": "t = torch.tensor([1, 2])\nfor i in range(n0): t[0] = 5\nr = t[0].item()\nz = int(t.sum())\n",
    "fill_": "t = torch.tensor([1, 2])\nfor i in range(n0): t.fill_(7)\nr = t[0].item()\n",
    "grad": "t = torch.zeros(2)\nfor i in range(n0): t.requires_grad_(True)\nr = t.requires_grad\n",
    "param grad": "for i in range(n0):\n    for p in m.parameters(): p.requires_grad = False\nr = sum(p.numel() for p in m.parameters() if p.requires_grad)\n",
    "attr": "for i in range(n0): o.size = o.size + 1\nr = o.size\n",
    "tuple": "z = (1, t)\nfor i in range(n0): z = (z[0] + 1, torch.cat([z[1], z[1]]))\nr = z[0]\nt = z[1]\n",
    "tuple grows": "z = ()\nfor i in range(n0): z = z + (i,)\nr = len(z)\n",
    "dict": "for i in range(n0): k['x'] = k['x'] + 1\nr = k['x']\n",
    "nested": "xs = [{'a': [1]}]\nfor i in range(n0): xs[0]['a'].append(2)\nr = len(xs[0]['a'])\n",
    "nested tensor": "k = {'h': [torch.zeros(1)]}\nfor i in range(n0): k['h'][0] = torch.cat([k['h'][0], k['h'][0]])\nt = k['h'][0]\nr = t.shape[0]\n",
    "module attr": "for i in range(n0): m.add_module(str(i + 5), nn.Linear(1, 1))\nr = sum(p.numel() for p in m.parameters())\n",
    "module attr2": "for i in range(n0): m.count = i\nr = getattr(m, 'count', None)\n",
    "str": "s = ''\nfor i in range(n0): s += 'a'\nr = len(s)\nv = s\n",
    "set": "s = set()\nfor i in range(n0): s.add(i)\nr = len(s)\n",
    "while dtype": "w = n0\nt = torch.zeros(2)\nwhile w > 0:\n    w -= 1\n    t = t.long()\nr = t.dtype == torch.float32\n",
    "resize": "t = torch.zeros(2, 3)\nfor i in range(n0): t.resize_(3, 2)\nr = t.shape[0]\n",
    "unsqueeze_": "t = torch.zeros(2, 3)\nfor i in range(n0): t.unsqueeze_(0)\nr = t.dim()\n",
    "data attr": "t = torch.zeros(2, 3)\nfor i in range(n0): t.data = torch.zeros(5)\nr = t.shape[0]\n",
    "closure": "def f():\n    global d\n    d += 1\nfor i in range(n0): f()\nr = d\n",
    "nonlocal": "def f():\n    q = [0]\n    def g(): q[0] += 1\n    for i in range(n0): g()\n    return q[0]\nr = f()\n",
    "class attr": "for i in range(n0): Thing.size = Thing.size + 1\nr = Thing.size\n",
    "clear": "for i in range(n0): xs.clear()\nr = len(xs)\n",
    "swap": "for i in range(n0): t, u = u, t\nr = t.shape[0]\nz = u.shape[0]\n",
    "if data": "t = torch.tensor(1)\nif f0: t.add_(1)\nr = t.item()\n",
    "if dtype": "t = torch.zeros(2)\nif f0: t = t.double()\nr = t.dtype == torch.float64\n",
    "if fill": "t = torch.tensor([1, 2])\nif f0: t[0] = 9\nr = t.tolist()\n",
    "train": "for i in range(n0): m.eval()\nr = m.training\n",
    "del": "for i in range(n0):\n    if len(xs) > 1: del xs[0]\nr = len(xs)\nz = xs[0]\n",
    "set on tuple of list": "z = ([1], 2)\nfor i in range(n0): z[0].append(3)\nr = len(z[0])\n",
    "to": "m2 = nn.Linear(2, 2)\nfor i in range(n0): m2 = m2.double()\nr = m2.weight.dtype == torch.float32\n",
    "list of list tensors": "ys = [torch.zeros(2, 3) for _ in range(2)]\nfor i in range(n0): ys[1] = ys[1].t()\nr = ys[1].shape[0]\nz = ys[0].shape[0]\n",
    "view dict": "e = {'a': 1}\nv = e.keys()\nfor i in range(n0): e[i] = 1\nr = len(v)\n",
    "default dict": "import collections\ne = collections.defaultdict(int)\nfor i in range(n0): e['x'] += 1\nr = e['x']\n",
    "deque": "import collections\ne = collections.deque(maxlen=2)\nfor i in range(n0): e.append(i)\nr = len(e)\n",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_said_holds_in_every_run(name: str) -> None:
    assert mistakes(PROGRAMS[name]) == []
