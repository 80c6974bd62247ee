"""Undecided branches, loops of unknown length and exceptions: what is claimed holds in every run, and enough is claimed.

`f0`, `f1`, `f2` are flags and `n0`, `n1` counts that the interpreter is not told (see random_programs).
"""

from __future__ import annotations

import pytest

from shapelint.dims import Sym
from shapelint.values import Dict, Either, List, Tensor, Unknown
from tests.interp.random_programs import Maker, mistakes, read

CHUNK = 10


@pytest.mark.parametrize("first", range(0, 400, CHUNK))
def test_what_is_said_of_a_random_program_holds_in_every_run(first: int) -> None:
    for seed in range(first, first + CHUNK):
        text = Maker(seed).program()
        assert mistakes(text) == [], f"seed {seed}\n{text}"


def said(text: str, name: str) -> str:
    """What is known of a name behind a program."""
    value = read(text)[1].vars[name]
    if isinstance(value, (Sym, int, str, bool)) or value is None:
        return str(value)
    if isinstance(value, Tensor):
        return f"tensor[{', '.join(map(str, value.shape))}]" if value.known else "tensor"
    if isinstance(value, List):
        return "list" if value.open is not None else str([str(v) for v in value.items])
    if isinstance(value, Dict):
        return f"{'open ' if value.open is not None else ''}{sorted(value.items)}"
    if isinstance(value, Either):
        return "either"
    return "unknown" if isinstance(value, Unknown) else type(value).__name__


# program -> {name: what is said of it}
PROGRAMS = {
    "both sides write": ("if f0: a = 1\nelse: a = 2\n", {"a": "either(1, 2)"}),
    "both sides write the same": ("if f0: a = 3\nelse: a = 3\n", {"a": "3"}),
    "one side writes": ("a = 1\nif f0: a = 5\n", {"a": "either(5, 1)"}),
    "one condition asked twice": ("if f0: a = 1\nelse: a = 2\nif f0: b = a\nelse: b = a\nc = a - b\n", {"c": "0"}),
    "nested": (
        "a = 0\nif f0:\n    if f1: a = 1\n    else: a = 1\nelse:\n    if f2: a = 1\n    else: a = 1\n",
        {"a": "1"},
    ),
    "one side raises": ("a = 1\nif f0:\n    a = 2\n    raise ValueError\nb = a\n", {"b": "1"}),
    "both sides raise": ("a = 1\ntry:\n    if f0: raise ValueError\n    else: raise KeyError\nexcept Exception: a = 2\n", {"a": "2"}),
    "early return": ("def g():\n    if f0: return 1\n    return 2\na = g()\n", {"a": "either(1, 2)"}),
    "early return of the same": ("def g():\n    if f0: return 1\n    if f1: return 1\n    return 1\na = g()\n", {"a": "1"}),
    "an early return leaves what came before": (
        "xs = []\ndef g():\n    xs.append(1)\n    if f0: return\n    xs.append(2)\ng()\nb = xs[0]\n",
        {"xs": "list", "b": "?"},
    ),
    "a ternary": ("a = 2 if f0 else 3\nb = 2 if f0 else 3\nc = a == b\n", {"a": "either(2, 3)", "c": "True"}),
    "and, or": ("a = f0 and 3\nb = f0 or 3\n", {"a": "unknown"}),
    "break in an undecided branch": (
        "for i in range(3):\n    if f0: break\nelse:\n    i = 7\n",
        {"i": "either(either(0, either(1, 2)), 7)"},
    ),
    "continue in an undecided branch": (
        "a = 0\nfor i in range(2):\n    if f0: continue\n    a += 1\n",
        {"a": "either(either(0, 1), either(0, 1) + 1)"},
    ),
    "a raise in a loop": ("a = 0\nfor i in range(3):\n    if f0: raise KeyError\n    a += 1\n", {"a": "3"}),
    "a list grows on one side": ("xs = [1]\nif f0: xs.append(2)\nb = xs[0]\n", {"xs": "list"}),
    "lists of one length": ("if f0: xs = [1, 2]\nelse: xs = [1, 3]\n", {"xs": "['1', 'either(2, 3)']"}),
    "lists made on the sides": (
        "if f0:\n    xs = []\n    xs.append(1)\nelse:\n    xs = []\n    xs.append(2)\na = len(xs)\n",
        {"xs": "['either(1, 2)']", "a": "1"},
    ),
    "a list under two names": ("xs, ys = [1], [2]\nzs = xs if f0 else ys\nzs.append(3)\na = len(xs)\n", {"xs": "list", "a": "unknown"}),
    "a key on one side": ("k = {'x': 1}\nif f0: k['y'] = 2\na = k['x']\nb = 'y' in k\n", {"k": "open ['x']", "a": "1", "b": "unknown"}),
    "an attribute on one side": (
        "class T:\n    extra = 0\n    def __init__(self): self.size = 1\n"
        "o = T()\nif f0: o.extra, o.more = 2, 3\na, b = o.extra, hasattr(o, 'more')\n",
        {"a": "either(2, 0)", "b": "unknown"},
    ),
    "either of two objects": (
        "class T:\n    def __init__(self, n): self.n = n\nx, y = T(1), T(2)\nz = x if f0 else y\nz.n = 5\na, b = x.n, z.n\n",
        {"a": "either(5, 1)"},
    ),
    "an unknown loop changes a number": ("a = 0\nfor i in range(n0): a = a + 1\n", {"a": "unknown"}),
    "an unknown loop leaves the rest": ("a, b = 0, 5\nfor i in range(n0): a = a + 1\n", {"b": "5"}),
    "an unknown loop that may not turn": ("a = 1\nfor i in range(n0): a = 2\n", {"a": "either(1, 2)"}),
    "an unknown loop binds a name": ("for i in range(n0): a = 2\n", {"a": "2"}),
    "a chain of names through a loop": (
        "a = b = c = d = e = f = g = h = 0\nfor i in range(n0):\n    h = g; g = f; f = e; e = d; d = c; c = b; b = a; a = 1\n",
        {"h": "unknown", "b": "unknown"},
    ),
    "a shape keeps through a loop": (
        "import torch\nt = torch.zeros(2, 3)\nfor i in range(n0): t = t + 1\n",
        {"t": "tensor[2, 3]"},
    ),
    "one axis changes in a loop": (
        "import torch\nt = torch.zeros(2, 3)\nfor i in range(n0): t = torch.cat([t, t], 1)\na = t.shape[0]\n",
        {"a": "2"},
    ),
    "a while of unknown length": ("a, w = 1, n0\nwhile w > 0:\n    w -= 1\n    a = 3\n", {"a": "either(1, 3)"}),
    "a while that is known": ("a, w = 0, 3\nwhile w:\n    w -= 1\n    a += 2\n", {"a": "6"}),
    "break out of while True": ("a = 0\nwhile True:\n    a += 1\n    if a == 4: break\n", {"a": "4"}),
    "a long loop": ("a = 0\nfor i in range(5000): a = i\n", {"a": "?"}),
    "caught": ("try:\n    a = 1\n    raise KeyError\nexcept KeyError: b = 2\nelse: b = 3\nfinally: c = 4\n", {"a": "1", "b": "2", "c": "4"}),
    "may be caught": (
        "a = 1\ntry:\n    a = 2\n    if f0: raise KeyError\n    a = 3\nexcept KeyError: b = a\nelse: b = 9\n",
        {"a": "either(3, 2)", "b": "either(9, 2)"},
    ),
    "torch refuses, the program catches": (
        "import torch\ntry: a = torch.zeros(2, 3).view(5)\nexcept RuntimeError: a = 7\n",
        {"a": "7"},
    ),
    "a handler for something else": (
        "import torch\ntry:\n    try: a = torch.zeros(2, 3) @ torch.zeros(2, 3)\n    except KeyError: a = 1\nexcept RuntimeError: a = 2\n",
        {"a": "2"},
    ),
    "finally on every way out": (
        "log = []\ndef g():\n    try:\n        if f0: return 1\n        return 2\n    finally: log.append(3)\na = g()\n",
        {"a": "either(1, 2)", "log": "['3']"},
    ),
    "something unknown may raise": (
        "import nothing\na = 1\ntry:\n    nothing.known()\n    a = 2\nexcept Exception: b = a\nelse: b = a\n",
        {"b": "either(2, 1)"},
    ),
    "what an import decides": (
        "try: import nothing\nexcept ImportError: a = 1\nelse: a = 2\n",
        {"a": "1"},
    ),
    "a generator that yields on one side": ("def g():\n    yield 1\n    if f0: yield 2\na = len(list(g()))\n", {"a": "unknown"}),
    "a generator": ("def g():\n    for i in range(3): yield i * 2\na = list(g())\n", {"a": "['0', '2', '4']"}),
    "match": ("match n0:\n    case 1: a = 1\n    case _: a = 2\n", {"a": "either(1, 2)"}),
    "what is passed by star": (
        "def g(*a, **k): return len(a) + len(k)\nxs = [1]\nif f0: xs.append(2)\na = g(*[1, 2], x=1)\nb = g(*xs)\n",
        {"a": "3", "b": "unknown"},
    ),
    "del on one side": ("xs = [1, 2]\nif f0: del xs[0]\na = 1\n", {"xs": "list", "a": "1"}),
    "an assert decides nothing": ("a = n0\nassert n0 > 1\nb = 1\n", {"b": "1"}),
    "a name that one turn leaves to the next": (
        "a = 0\nfor i in range(n0):\n    if i > 0: a = w\n    w = 5\n",
        {"a": "unknown"},
    ),
    "a name that each turn binds first": (
        "a = 0\nfor i in range(n0):\n    w = 5\n    if i > 0: a = w\n",
        {"w": "5"},
    ),
    "an attribute that one turn leaves to the next": (
        "class Box: pass\no, a, b = Box(), 0, 0\nfor i in range(n0):\n    if hasattr(o, 'q'): a = 1\n    b = getattr(o, 'q', 7)\n"
        "    o.q = 3\n",
        {"a": "unknown"},
    ),
    "a layer that one turn leaves to the next": (
        "from torch import nn\nm, a = nn.Sequential(nn.Linear(2, 3)), 0\nfor i in range(n0):\n"
        "    a = len(m)\n    b = sum(p.numel() for p in m.parameters())\n    m.add_module('p', nn.Linear(1, 1))\n",
        {"a": "unknown", "b": "unknown"},
    ),
    "a function that calls itself in a loop of unknown length": (
        "def g(x):\n    for i in range(x): g(i)\n    return 3\na = g(n0)\n",
        {"a": "3"},
    ),
    "a generator that raises behind what it perhaps yields": (
        "def g():\n    if f0: yield 1\n    raise KeyError\na = 1\ntry:\n    for i in g(): a = 2\nexcept KeyError: b = a\n",
        {},
    ),
    "a generator that raises after any number of items": (
        "def g():\n    for i in range(n0): yield 2\n    if f1: raise KeyError\na, c = 1, 1\ntry:\n    for i in g(): a = 5\n"
        "except KeyError: c = a\n",
        {},
    ),
    "a return in the first turn over a generator that would raise": (
        "def g():\n    yield 1\n    raise KeyError\ndef h():\n    for i in g(): return i\na = h()\n",
        {"a": "1"},
    ),
    "a dict that may be a copy is written": (
        "k = {'x': 1}\ndef g(d):\n    if f2: d = dict(d)\n    d['x'] = 3\ng(k)\na = k['x']\nb = len(k)\n",
        {"a": "unknown", "b": "unknown"},
    ),
    "a dict that may be a copy loses a key": (
        "k = {'x': 1}\ndef g(d):\n    if f2: d = dict(d)\n    d.pop('x' if f0 else 'y', None)\ng(k)\na = len(k)\n",
        {"a": "unknown"},
    ),
    "a list that may be a copy is written": (
        "xs = [1, 2]\ndef g(d):\n    if f2: d = list(d)\n    d[0] = 3\ng(xs)\na = xs[0]\n",
        {"a": "unknown"},
    ),
    "a key that is one of two may not be there": (
        "k, a = {'x': 1}, 1\nq = 'x' if f0 else 'y'\ntry:\n    b = k[q]\n    a = 5\nexcept KeyError: a = 2\n",
        {},
    ),
    "how many there are to unpack is not known": (
        "xs, a = [1], 1\nif f0: xs.append(2)\ntry:\n    b, c = xs\n    a = 5\nexcept ValueError: a = 2\n",
        {},
    ),
    "a method of one of two objects writes to it": (
        "class Box:\n    def __init__(self, n): self.n = n\n    def grow(self, by): self.n += by\no, p = Box(2), Box(3)\nb = p if f0 else o\n"
        "b.grow(4)\na, c = o.n, p.n\n",
        {"a": "either(2, 6)", "c": "either(7, 3)"},
    ),
    "finally behind something unknown": (
        "k, a, c = {'x': 1}, 1, 3\ntry:\n    try:\n        b = k['x' if f0 else 'y']\n        c = 2\n    finally: a = c\n"
        "except Exception: b = 3\n",
        {"a": "either(2, 3)"},
    ),
    "a view that memory may not allow": (
        "import torch\na, t = 1, torch.zeros(2, 3)\nif f0: t = t.t()\ntry:\n    t.view(-1)\n    a = 5\nexcept RuntimeError: a = 2\n",
        {"a": "either(5, 2)"},
    ),
    "raise again, perhaps": (
        "try:\n    try: raise KeyError\n    except KeyError:\n        if f0: raise\n        a = 2\n"
        "except ValueError: a = 3\nexcept KeyError: a = 4\n",
        {"a": "either(2, 4)"},
    ),
    "next with a default, where none may be left": (
        "def g():\n    if f0: yield 5\na = next(g(), 7)\nb = next(iter([5]), 7)\nc = next(iter([]), 7)\n",
        {"a": "either(5, 7)", "b": "5", "c": "7"},
    ),
    "next, where none may be left": (
        "def g():\n    if f0: yield 5\na = 1\ntry:\n    b = next(g())\n    a = 2\nexcept StopIteration: b = 0\n",
        {"a": "either(2, 1)"},
    ),
    "what is first written between two places that may raise": (
        "import nothing\na = None\ntry:\n    nothing.one()\n    a = '5'\n    nothing.two()\n    raise KeyError\n"
        "except Exception: b = a\n",
        {"b": "either"},
    ),
    "an object without attributes": (
        "class O: pass\no = O()\nif f0: o.m = 1\na = getattr(o, 'm', 5)\nb = hasattr(o, 'm')\n",
        {"a": "either(1, 5)"},
    ),
    "objects that the sides make": (
        "class O:\n    def __init__(self): self.m = 1\no = O() if f0 else O()\na = hasattr(o, 'm')\nb = o.m\n",
        {"a": "True", "b": "1"},
    ),
    "an attribute that a constructor may set": (
        "class O:\n    def __init__(self):\n        if f0: self.m = 1\na = getattr(O(), 'm', 5)\n",
        {"a": "either(1, 5)"},
    ),
    "one of two functions fills it": (
        "class O: pass\ndef p(x): x.y = 3\ndef q(x): x.z = 4\no = O()\n(p if f0 else q)(o)\n"
        "a = getattr(o, 'y', 5)\nb = getattr(o, 'z', 6)\n",
        {"a": "either(3, 5)", "b": "either(4, 6)"},
    ),
    "a constructor that is perhaps another": (
        "class O:\n    def __init__(self, n): self.n = n\ndef other(self, n):\n    self.n = n\n    self.m = 2\n"
        "if f0: O.__init__ = other\na = getattr(O(3), 'm', 5)\nb = O(4).n\n",
        {"a": "either(2, 5)", "b": "4"},
    ),
    "a method that is perhaps another": (
        "class O:\n    def go(self): return 1\n    def __call__(self): return 1\n    def __len__(self): return 1\n"
        "    def __add__(self, o): return 1\n    def __getitem__(self, i): return 1\n"
        "def other(self, *a): return 2\n"
        "if f0: O.go = O.__call__ = O.__len__ = O.__add__ = O.__getitem__ = other\n"
        "a = O().go()\nb = O()()\nc = len(O())\nd = O() + 1\ne = O()[0]\n",
        dict.fromkeys("abcde", "either(2, 1)"),
    ),
    "a shape that is unpacked": (
        "import torch\ndef g(x):\n    B, C, H, W = x.shape\n    return x.reshape(B, C, H * W).shape[2] - H * W\n",
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program(name: str) -> None:
    text, expected = PROGRAMS[name]
    assert {word: said(text, word) for word in expected} == expected
    if "import nothing" not in text:
        assert mistakes(text) == []
