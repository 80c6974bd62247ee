"""Generators and other iterators: what they do is done when they are asked. Each program is run by Python and read."""

from __future__ import annotations

import pytest

from shapelint.values import List, Unknown
from tests.interp.programs import check
from tests.interp.random_programs import mistakes, read

PROGRAMS = {
    "a body runs when it is asked": """
log=[]
def g():
    log.append('a'); yield 1
    log.append('b'); yield 2
    log.append('c')
it=g(); log.append('x')
log.append(next(it)); log.append('y')
for v in it: log.append(v)
print(log)
""",
    "send": """
def acc():
    t=0
    while True:
        v=yield t
        if v is None: return
        t+=v
g=acc(); next(g); print(g.send(3),g.send(4)); g.close()
def avg():
    a=[]
    while len(a)<3:
        a.append((yield len(a)))
    return sum(a)
g=avg(); next(g)
try:
    g.send(1); g.send(2); g.send(3)
except StopIteration as e: print('ret',e.value)
""",
    "generators without an end": """
from itertools import islice
def nat():
    n=0
    while True:
        yield n; n+=1
print(list(islice(nat(),5)))
g=nat(); print(next(g),next(g))
for x in nat():
    if x>3: break
print(x)
print([a for a,b in zip(nat(),'abc')])
""",
    "@contextmanager": """
from contextlib import contextmanager
log=[]
@contextmanager
def c(n):
    log.append('in'+n)
    try:
        yield n*2
    except KeyError as e:
        log.append('caught')
    finally:
        log.append('out'+n)
with c('a') as v: log.append(v)
with c('b'): raise KeyError(1)
try:
    with c('d'): raise ValueError
except ValueError: log.append('ve')
with c('x'), c('y') as q: log.append(q)
print(log)
@c('z')
def f(): log.append('f')
f(); print(log[-3:])
""",
    "close and throw": """
def g():
    try:
        yield 1; yield 2
    finally: print('fin')
a=g(); print(next(a)); a.close(); print('end', list(a))
def h():
    try: yield 1
    except ValueError: yield 'v'
a=h(); next(a); print(a.throw(ValueError))
""",
    "yield from": """
def a():
    x=yield 1
    print('got',x)
    return 'r'
def b():
    r=yield from a()
    print('r',r)
    yield from [5,6]
g=b(); print(next(g)); print(g.send('s')); print(list(g))
""",
    "map, filter and generator expressions are lazy": """
def f(x): print('f',x); return x
m=map(f,[1,2]); print('made'); print(next(m)); print(list(m))
g=(f(x) for x in [3,4]); print('gen'); print(next(g)); print(list(g))
f2=filter(f,[0,1]); print('fil'); print(list(f2))
print(any(f(x) for x in [0,1,2]))
for i,x in enumerate(map(f,[7,8])): print(i,x)
""",
    "objects that are iterators": """
class It:
    def __init__(self,n): self.i,self.n=0,n
    def __iter__(self): return self
    def __next__(self):
        if self.i>=self.n: raise StopIteration
        self.i+=1; return self.i
print(list(It(3)), sum(It(4)), 2 in It(3))
a,*b=It(3); print(a,b)
class Seq:
    def __getitem__(self,i):
        if i>2: raise IndexError
        return i*10
print(list(Seq()), 20 in Seq())
""",
    "yields in all kinds of statements": """
def g(n):
    x = [(yield 1)]
    x += [(yield 2)]
    if (yield 3):
        x.append((yield 4))
    while n:
        n -= 1
        for i in range(2):
            if i == n: continue
            try:
                y = yield i, n
                x.append(y)
                if y == 'stop': return x
            except KeyError as e:
                x.append('key')
            else:
                x.append('else')
            finally:
                x.append((yield 'fin'))
    return (yield 'last'), x
def run(n, sends):
    it = g(n)
    log = [next(it)]
    try:
        for s in sends:
            log.append(it.throw(KeyError) if s == 'throw' else it.send(s))
    except StopIteration as e:
        log.append(('done', e.value))
    except KeyError:
        log.append('raised')
    return log
print(run(2, ['a', 'b', True, 'd', 'e', 'f', 'g', 'h', 'i', 'j']))
print(run(2, ['a', 'b', False, 'stop', 'x', 'y']))
print(run(3, ['a', 'b', 0, 'throw', 'f', 'throw', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r']))
print(run(1, ['throw']))
""",
    "managers inside of a generator": """
log = []
class C:
    def __init__(self, n): self.n = n
    def __enter__(self): log.append('in' + self.n); return self.n
    def __exit__(self, *a): log.append('out' + self.n); return a[0] is KeyError
def g():
    with C('a') as x, C('b') as y:
        yield x + y
        with C('c'):
            yield 1
            raise KeyError
        yield 2
    yield 3
for v in g(): log.append(v)
print(log)
""",
    "ExitStack": """
from contextlib import ExitStack, contextmanager
log = []
@contextmanager
def c(n):
    log.append(n)
    yield n
    log.append(-n)
with ExitStack() as stack:
    for i in (1, 2, 3): stack.enter_context(c(i))
    stack.callback(log.append, 9)
    log.append('body')
print(log)
""",
    "zip takes no more than it needs": """
log = []
def g(n):
    for i in range(n):
        log.append((n, i))
        yield i
print(list(zip(g(2), g(4))), log)
it = iter([1, 2, 3, 4])
print(list(zip(it, it)), [x for x in it])
a, b = (x for x in (5, 6))
print(a, b, 5 in (x for x in [4, 5, 6]))
""",
    "a stored iterator goes on": """
it = iter(range(6))
for x in it:
    if x == 2: break
print(next(it), list(it), next(it, 'none'))
def g():
    yield from [1, 2, 3, 4]
h = g()
for x in h:
    if x == 2: break
print(list(h))
e = enumerate('abc', 1)
print(next(e), list(e))
""",
    "late binding in a generator expression": """
n = 1
g = (x * n for x in [1, 2])
n = 10
print(list(g))
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
""",
    "StopIteration does not leave a generator": """
def g():
    yield 1
    raise StopIteration
try:
    list(g())
except RuntimeError as e:
    print('runtime')
def h():
    yield next(iter([]))
try:
    list(h())
except RuntimeError:
    print('again')
""",
    "a manager as a decorator of a method": """
from contextlib import contextmanager
log = []
@contextmanager
def c():
    log.append('in')
    yield
    log.append('out')
class A:
    n = 4
    @c()
    def f(self, k): return self.n + k
print(A().f(1), A().f(2), log)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program(name: str) -> None:
    check(PROGRAMS[name])


# `f0`, `f1` are flags and `n0` a count that the interpreter is not told.
UNDECIDED = {
    "an undecided yield": "def g():\n    yield 1\n    if f0: yield 2\n    yield 3\na = len(list(g()))\nb = next(g())\n",
    "taken on one side": "it = iter([1, 2, 3])\nif f0: next(it)\na = next(it)\nb = len(list(it))\n",
    "a generator taken on one side": (
        "def g():\n    n = 1\n    while n < 5:\n        yield n\n        n += 1\n"
        "it = g()\nif f0: next(it)\na = next(it)\nb = len(list(it))\n"
    ),
    "taken by an unknown loop": (
        "def g():\n    n = 0\n    while True:\n        yield n\n        n += 1\n"
        "it = g()\nfor i in range(n0): next(it)\na = next(it)\n"
    ),
    "counted by an unknown loop": "import itertools\nit = itertools.count()\nfor i in range(n0): next(it)\na = next(it)\n",
    "enumerated by an unknown loop": "it = enumerate(iter('abcdef'))\nfor i in range(n0): next(it)\na, b = next(it)\n",
    "what an undecided generator does when": (
        "xs = []\ndef g():\n    for i in range(n0):\n        yield i\n        xs.append(i)\n"
        "it = g()\nnext(it, 0)\na = len(xs)\nys = list(it)\nb = len(xs)\n"
    ),
    "an early return": "def g():\n    yield 1\n    if f0: return\n    yield 2\na = sum(g())\nb = next(g())\n",
    "an undecided break": "def g():\n    for i in range(4):\n        if f0: break\n        yield i\na = len(list(g()))\n",
    "one left in a later turn for certain": (
        "def g():\n    for i in range(3):\n        if f0: yield i\n        if i or f1: return 4\n    yield 7\n"
        "a = len(list(g()))\n"
        "def h():\n    b = yield from g()\n    yield b\nc = list(h())[-1]\n"
    ),
    "one whose loop breaks in a later turn for certain": (
        "def g():\n    for i in range(3):\n        if f0: yield i\n        if i or f1: break\n    else: yield 9\n    yield 7\n"
        "a = len(list(g()))\nb = list(g())[-1]\n"
    ),
    "a manager with an undecided body": (
        "from contextlib import contextmanager\nxs = []\n@contextmanager\ndef man():\n    if f0: xs.append(1)\n"
        "    yield 3\n    xs.append(2)\nwith man() as a:\n    b = len(xs)\nd = xs[-1]\n"
    ),
    "a manager left by an undecided return": (
        "from contextlib import contextmanager\nxs = []\n@contextmanager\ndef man():\n    xs.append(1)\n"
        "    try:\n        yield 3\n    finally:\n        xs.append(2)\n"
        "def f():\n    with man():\n        if f0: return 1\n        if f1: raise KeyError\n    return 2\n"
        "try: a = f()\nexcept KeyError: a = 3\nb = len(xs)\n"
    ),
    "an iterator that may end": (
        "class It:\n    def __init__(self): self.n = 0\n    def __iter__(self): return self\n"
        "    def __next__(self):\n        self.n += 1\n        if self.n > n0: raise StopIteration\n        return self.n\n"
        "a = len(list(It()))\nb = 0\nfor x in It(): b += 1\n"
    ),
    "filtered by something unknown": "a = len(list(filter(lambda x: x > n0, [1, 2, 3])))\nb = len([x for x in (1, 2) if f0])\n",
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_is_said_of_an_undecided_iterator_holds(name: str) -> None:
    assert mistakes(UNDECIDED[name]) == []


def test_a_generator_keeps_what_is_known() -> None:
    text = "def g(x):\n    y = x + 1\n    yield y\n    if f0: y += 1\n    yield y\nit = g(1)\na = next(it)\nb = next(it)\n"
    space = read(text)[1]
    assert space.vars["a"] == 2
    assert not isinstance(space.vars["b"], Unknown)


@pytest.mark.parametrize(
    "text",
    [
        "def g():\n    n = 0\n    while True:\n        yield n\n        n += 1\nx = list(g())\ny = 1\n",
        "def g():\n    while True: yield from g()\nx = [v for v in g()] if 0 else 0\ny = 1\n",
        "def g():\n    n = 0\n    while True:\n        yield n\n        n += 1\nx = 0\nfor v in g(): x += v\ny = 1\n",
        "import itertools\nx = list(map(str, itertools.count()))\ny = 1\n",
        "class It:\n    def __iter__(self): return self\n    def __next__(self): return 1\nx = list(It())\ny = 1\n",
        "class S:\n    def __getitem__(self, i): return i\nx = sorted(S())\ny = 1\n",
        "def g(xs):\n    for x in xs:\n        yield x\nit = iter([1, 2])\nfor i in range(300): it = g(it)\nx = list(it)\ny = 1\n",
    ],
)
def test_iterators_without_an_end_are_bounded(text: str) -> None:
    _, space, raised = read(text)
    assert raised is None or "OutOfBudget" in type(raised).__name__ or "Raises" not in type(raised).__name__
    if raised is None:
        assert space.vars["y"] == 1
        assert isinstance(space.vars["x"], (Unknown, List, int)) or space.vars["x"] is not None
