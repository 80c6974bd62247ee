"""Programs that do one thing to values of every kind: statements, torch's operations and layers, methods, library functions.

Most are refused by Python or torch. However odd: an answer comes, or the program raises.
`python -m tests.interp.random_calls --count 100000 --seed 7` reads many, and prints those that end in anything else.
"""

from __future__ import annotations

import argparse
import random
import reprlib
import signal
import sys
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shapelint.engine.judge import judge
from shapelint.evidence.guarded import guarded
from shapelint.fixes.registry import with_fixes
from shapelint.interp import calls, imports, library
from shapelint.interp.run import evaluate_text, main_module, nothing_else
from shapelint.interp.world import Frame, World
from shapelint.lower import lower
from shapelint.rules.base import Context
from shapelint.rules.registry import wanted_ops
from shapelint.source.text import SourceProblem, from_text
from shapelint.specs import index, registry
from shapelint.values import Environment
from tests.interp.test_total import MAKERS, ask

_HEAD = "import torch, einops, torchvision\nfrom torch import nn\nimport torch.nn.functional as F\n"
# What holds itself, or the same so many times over that nobody can go through it.
_ENDLESS = (
    "(lambda t: [t.append(t), t][1])([])", "(lambda t: [t.update(k=t), t][1])({})", "__import__('functools').reduce(lambda t, _: (t, t), range(60), (1,))",
    "__import__('functools').reduce(lambda t, _: [t, t], range(60), [torch.ones(2)])", "__import__('functools').reduce(lambda t, _: {'a': t, 'b': t}, range(60), {})",
    "__import__('functools').reduce(lambda t, _: (t,), range(3000), ())",
)  # fmt: skip
# Further values, as a program makes them.
_MADE = (
    "nn.Sequential(nn.Linear(2, 3), nn.ReLU())", "nn.ModuleList([nn.Linear(2, 3)])", "nn.ModuleDict({\"ab\": nn.Linear(2, 3)})",
    "nn.ParameterList([torch.ones(2)])", "nn.ParameterDict({\"a\": torch.ones(2)})", "nn.Linear(2, 3)", "nn.Linear(2, 3).weight",
    "nn.Linear(2, 3)(torch.randn(4, 2))", "torch.randn(4, 2).shape", "lambda *a, **k: a", "frozenset({1, \"a\"})",
    "{1: 2, \"a\": {}, (1, 2): []}", "{\"a\": 1}.items()", "object()", "print", "list.append", "[1].append", "torch.randn",
    "nn.Linear", "nn", "int", "ValueError(\"a\")", "ValueError", "bytearray(b\"ab\")",
    "torch.nn.utils.rnn.pack_padded_sequence(torch.randn(3, 4, 5), torch.tensor([3, 2, 1]), batch_first=True, enforce_sorted=False)",
    "nn.LSTM(5, 3)(torch.randn(3, 4, 5))", "torch.device(\"cpu\")", "torch.float32", "torch.Generator()", "torch.no_grad()",
    "torch.optim.SGD(nn.Linear(2, 3).parameters(), 0.1)", "nn.Linear(2, 3).state_dict()", "iter([1, 2])",
    "(i for i in range(3))", "super", "type", "property(lambda s: 1)", "staticmethod(len)", "NotImplemented",
    "nn.Linear(2, 3).forward", "torch.tensor(3)", "torch.tensor(True)", "torch.tensor([True, False])",
    "torch.tensor([[1, 2], [3, 4]])", "torch.randn(2, 3).unbind()", "torch.randn(2, 3).max(1)", "torch.finfo(torch.float16)",
    "nn.Linear(2, 3).named_parameters()", "nn.Linear(2, 3)._modules", "nn.Linear(2, 3).__dict__", *_ENDLESS,
)  # fmt: skip

_OPERATORS = "+ - * / // % ** @ & | ^ << >>".split()
# What may be done to values a, b and c.
STATEMENTS = (
    *(f"r = a {o} b" for o in (*_OPERATORS, "<", "<=", "==", "!=", "in", "not in", "is", "is not", "and", "or")),
    *(f"a {o}= b" for o in _OPERATORS),
    *(f"a[b] {o}= c" for o in ("+", "@", "|")),
    "r = a[b]", "a[b] = c", "del a[b]", "a.x = b", "r = a.x", "del a.x", "r = a not in b", "r = a is not b", "a.x += b",
    "r = -a; r = +a; r = ~a", "r = not a", "r = [*a]", "r = {*a}", "r = {**a}", "r = {a: b}", "r = {a, b}", "r = (*a, *b)",
    "for i in a: r = i", "for i, j in a: r = i", "p, q = a", "p, *q = a", "[p, [q, r]] = a, b", "with a as r: pass",
    "with a, b: pass", "r = a if b else c", "r = a(b)", "r = a(*b)", "r = a(**b)", "r = a(b, c, x=b)", "r = isinstance(a, b)",
    "r = issubclass(a, b)", "class X(a): y = b", "class X(a, metaclass=b): pass", "@a\ndef f(x): return b\nr = f(c)",
    "@a\nclass X: y = b\nr = X()", "r = f'{a}{b!r:>5}{a:{b}}'", "r = '%s %d' % (a, b)", "r = '{} {x}'.format(a, x=b)",
    "r = 'a' + a", "raise a from b", "try:\n    raise ValueError\nexcept a: r = 1",
    "try:\n    raise a\nexcept b: r = 2\nexcept Exception as e: r = e",
    "match a:\n    case {'a': x, **k}: r = x\n    case [x, *k]: r = k\n    case int(): r = 1\n    case 'ab' | None: r = 2\n    case _: r = 3",
    "assert a, b", "r = [i for i in a if b]", "r = {i: j for i in a for j in b}", "r = sorted(a, key=b)", "r = max(a, b)",
    "r = dict(a, x=b)", "r = list(zip(a, b))", "r = getattr(a, 'x', b)", "setattr(a, 'forward', b)\nr = a(c)",
    "def f(x=a, *p, k=b, **q): return x\nr = f(*a, **b)", "r = (lambda *p, **q: p)(*a, **{'x': b})",
    "while a:\n    r = b\n    break", "global zz\nzz = a", "def g():\n    r = yield a\n    yield from b\nr = list(g())",
    "r = a[b:c]", "r = a[b, c]", "r = a[..., b]", "r = a[None, b]", "a[b:c] = a", "del a[b:c]", "r = a < b < c",
    "r = a == b == c", "print(a, b, sep=c)", "r = a if a else b", "if a and b: r = 1\nelse: r = 2", "if a == b: r = 1",
    "if a < b: r = 1\nelse: r = c", "import copy\nr = copy.deepcopy(a)\nr = copy.copy(b)",
    "import functools\nr = functools.partial(a, b)(c)", "r = [a] * b", "r = (a,) + b", "r = a.items()", "r = list(a.items())",
    "r = a.get(b, c)", "r = a.append(b)", "r = a.forward(b)",
    "async def f():\n    r = await a\n    async for i in b: pass\n    async with c: pass\nr = f()", "type(a)(b)",
    "type('X', (a,), {'y': b})", "r = hash(a), id(b), len(c), repr(a), bool(b)", "r = a.__class__(b)", "r = super(a, b).x",
    "r = a @ b.T", "r = int(a) + float(b)", "r = range(a, b)", "r = slice(a, b)", "r = round(a, b)", "r = pow(a, b, c)",
    "r = divmod(a, b)", "r = sum(a, b)", "r = any(a)", "r = tuple(a)[b]", "r = str(a)[b]", "r = vars(a)[b]", "a.data = b",
    "a.__dict__['x'] = b\nr = a.x", "a.__class__ = b", "r = next(a, b)", "a.grad = b", "a.requires_grad = b",
    "a.weight = b\nr = a(c)", "a.register_buffer(b, c)", "a.load_state_dict(b)", "r = __import__('torch').cat(a, b)",
    "r = __import__('torch').stack([a, b])", "r = __import__('torch').nn.functional.linear(a, b, c)",
)  # fmt: skip

# Arguments that operations and layers may well be given.
_LIKELY = (
    "torch.randn(2,3)", "torch.randn(4)", "torch.randn(2,3,4)", "torch.randn(2,3,8,8)", "torch.randn(1,2,3,4,5)",
    "torch.tensor(2)", "torch.tensor([1,0])", "torch.arange(6).view(2,3)", "torch.ones(2,3)>0", "1", "2", "0", "-1", "3",
    "(1,2)", "(0,)", "[2,3]", "-2", "True", "False", "None", "0.5", "'mean'", "'none'", "'same'", "torch.int64", "torch.bool",
    "()", "[]", "(-1, 1)", "torch.Size([2,3])", "'ab'", "torch.zeros(0)", "torch.zeros(2,0,3)", "torch.complex64",
    "'i j -> j i'", "'b c ... -> b (c ...)'", "[torch.ones(2), torch.ones(2)]", "(torch.ones(2,3),)*2", "nn.Linear(2,3)",
    "{'a':1}", "torch.randn(3,3,dtype=torch.complex64)", "x[0].item()", "n", "x", "x.shape[0]", "slice(1)", "float('inf')",
    "10**12", "-10**20", "torch.nn.Parameter(torch.ones(3))", "lambda t: t", "nn.ReLU()", "range(3)", "iter([1])", "c", "c", "a",
    "b", *_ENDLESS,
)  # fmt: skip

_INPUTS = _LIKELY[:9]
_OF_LAYERS = (
    "m.eval()\nr = m(r)\n", "m.weight = a\nr = m(b)\n", "r = m.state_dict()\n", "m.load_state_dict(a)\n", "print(m)\n",
    "r = [p.numel() for p in m.parameters()]\n", "m.in_features = b\nr = m(torch.randn(2,3))\n", "m.forward = a\nr = m(b)\n",
    "r = nn.Sequential(m, a)(b)\n", "m.to(a)\n", "m.half()(b)\n", "import copy\nr = copy.deepcopy(m)(b)\n",
    "m.register_forward_hook(a)\nr = m(b)\n", "m.requires_grad_(a)\n", "del m.weight\nr = m(b)\n", "m.bias = None\nr=m(b)\n",
    "for k, v in vars(m).items(): setattr(m, k, a)\nr = m(b)\n",
)  # fmt: skip

_AFTERWARDS = (
    "", "", "", "", "p, *q = r\n", "for i in r: pass\n", "r = r + a\n", "r = r[b]\n", "if r: pass\n", "print(r)\n",
    "r = r.view(-1)\n", "r.sum().backward()\n", "r = F.relu(r)\n", "r = r(a)\n", "r = len(r)\n",
)  # fmt: skip

_MODULES = (
    "nn.Sequential(nn.Linear(2, 3), nn.ReLU())", "nn.ModuleList([nn.Linear(2, 3)])", "nn.ModuleDict({'a': nn.ReLU()})",
    "nn.ParameterList([torch.ones(2)])", "nn.ParameterDict({'a': torch.ones(2)})", "nn.Linear(2, 3)", "nn.LSTM(2, 3)",
    "nn.Conv2d(2, 3, 1)", "nn.MultiheadAttention(4, 2)",
)  # fmt: skip

_METHODS = (
    "modules children named_children parameters named_parameters buffers named_buffers apply to cuda cpu float half double type "
    "train eval requires_grad_ zero_grad state_dict load_state_dict register_buffer register_parameter register_module add_module "
    "get_submodule set_submodule get_parameter get_buffer named_modules append extend insert pop items keys values update clear "
    "register_forward_hook register_forward_pre_hook extra_repr share_memory __getitem__ __setitem__ __delitem__ __iter__"
).split()


# Python's own values, and whatever any of them has: most have most of it not.
_PLAIN = (
    "'a b'", "b'ab'", "''", "3", "-2", "True", "2.5", "1j", "None", "(1, 2)", "()", "[3, 1, 2]", "[]", "{'k': 1}", "{}", "{1, 2}",
    "frozenset((1,))", "range(4)", "slice(1, 3)", "iter([1, 2])", "(i for i in [1, 2])", "ValueError('x')", "(lambda t: t)", "...",
    "__import__('collections').deque([1, 2])", "__import__('collections').OrderedDict(a=1)", "str", "int", "dict", "list", "bytes",
    "__import__('collections').Counter('ab')", "__import__('collections').defaultdict(list)", "type", "object", "print", "len",
    "__import__('collections').namedtuple('P', 'u v')(1, 2)", "__import__('pathlib').Path('a/b')", "torch.Size([2, 3])", "float",
    "torch.float32", "torch.device('cpu')", "F", "torch", "torch.randn(2, 3).shape", "torch.Generator()", "property(len)",
    "__import__('math')", "__import__('functools').partial(max, 1)", "set", "tuple", "bool", "range", "Exception", "nn.Module",
    "__import__('argparse').Namespace(a=1)", "__import__('enum').Enum('E', 'u v')", "zip([1], [2])", "enumerate([1])", "map(str, [1])",
)  # fmt: skip
_OF_PLAIN = sorted(
    {
        name
        for kind in (str, bytes, int, float, complex, tuple, list, dict, set, range, slice, type, Exception, deque, Counter, Path)
        for name in dir(kind)
    }
    | {"__code__", "__globals__", "__closure__", "gi_frame", "send", "throw", "close", "_asdict", "_replace", "_fields", "default_factory"}
)  # fmt: skip


def _names(table: dict[str, dict[str, str]]) -> list[str]:
    return sorted(
        {
            f"{before}.{word}"
            for rows in table.values()
            for before, words in rows.items()
            for word in words.split()
        }
    )


OPS, LAYERS = _names(index.OPS), _names(index.LAYERS)
_OF_TENSORS = [name for name in OPS if ".Tensor." in name]


class Writer:
    """Writes one program after the other."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.library = sorted(library.functions)

    def program(self) -> str:
        chance = self.chance
        if chance.random() < 0.25:
            return chance.choice(STATEMENTS) + "\n"
        kind = chance.choices(
            ("op", "method", "layer", "library", "module", "plain"), (30, 14, 26, 10, 10, 10)
        )[0]
        text = getattr(self, f"_{kind}")() + chance.choice(_AFTERWARDS)
        if chance.random() < 0.3:
            body = "".join(f"    {line}\n" for line in f"{text}return r\n".splitlines())
            call = chance.choice(("f(torch.randn(2, 3, 8, 8), 3)", "f(a, b)", "f(c)"))
            return f"{_HEAD}def f(x, n=None):\n{body}{call}\n"
        return f"{_HEAD}x = torch.randn(2, 3, 8, 8); n = 3\n{text}"

    def _op(self) -> str:
        return (
            self._method()
            if (name := self.chance.choice(OPS)) in _OF_TENSORS
            else f"r = {name}({self._arguments(name)})\n"
        )

    def _method(self) -> str:
        name = self.chance.choice(_OF_TENSORS)
        return f"r = {self.chance.choice(_INPUTS)}.{name.rpartition('.')[2]}({self._arguments(name)})\n"

    def _layer(self) -> str:
        name = self.chance.choice(LAYERS)
        text = f"m = {name}({self._arguments(name)})\nr = m({self._arguments('')})\n"
        return text + self.chance.choice(_OF_LAYERS) if self.chance.random() < 0.2 else text

    def _library(self) -> str:
        name = self.chance.choice(self.library)
        return f"import {name.partition('.')[0]}\nr = {name}({self._arguments(name)})\n"

    def _module(self) -> str:
        name = self.chance.choice((*_METHODS, *dir(object)))
        return f"r = {self.chance.choice(_MODULES)}.{name}({self._arguments('')})\n"

    def _plain(self) -> str:
        chance = self.chance
        text = f"{chance.choice(_PLAIN)}.{chance.choice(_OF_PLAIN)}"
        given = chance.choice((self._arguments(""), *(chance.choice(_PLAIN) for _ in range(3))))
        return f"r = {text}\n" if chance.random() < 0.2 else f"r = {text}({given})\n"

    def _arguments(self, name: str) -> str:
        chance = self.chance
        given = [chance.choice(_LIKELY) for _ in range(chance.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 5)))]
        if chance.random() < 0.03:
            given.insert(0, "*b")
        known = _keywords(name)
        words = {
            chance.choice(known) if chance.random() < 0.9 else "foo"
            for _ in range(chance.choice((0, 0, 1, 1, 2)))
        }
        given += [f"{word}={chance.choice(_LIKELY)}" for word in sorted(words)]
        if chance.random() < 0.03:
            given.append("**a")
        return ", ".join(given)


def _keywords(name: str) -> list[str]:
    entry = registry.ops.get(name) or registry.layers.get(name)
    taken = [p.name for p in entry.signature.parameters] if entry is not None else []
    return taken or ["dim", "keepdim", "out", "dtype", "bias"]


class OutOfTime(BaseException):
    """A program takes longer than it may."""


def _expire(*_: Any) -> None:
    raise OutOfTime("it takes too long")


class Reader:
    """Evaluates programs with a, b and c, judges what was seen, and says what ended in anything but an answer: also what took more
    than so many CPU `seconds`, where they are given."""

    def __init__(self, chance: random.Random, seconds: float | None = None) -> None:
        self.chance = chance
        self.seconds = seconds
        if seconds is not None:
            signal.signal(signal.SIGPROF, _expire)
        functions = "".join(f"def m{i}(): return {text}\n" for i, text in enumerate(_MADE))
        made = evaluate_text(_HEAD + functions).vars
        self.makers: list[Callable[[World], Any]] = [lambda world, make=make: make() for make in MAKERS]  # type: ignore[misc]
        self.makers += [
            lambda world, make=made[f"m{i}"]: ask(lambda: calls.call(world, make, (), {}))
            for i in range(len(_MADE))
        ]

    def trouble(self, text: str) -> str | None:
        """What went wrong, None where nothing did."""
        file = from_text("program.py", text)
        try:
            program = lower(file)
        except SourceProblem:
            return None
        world = World(load=nothing_else, listen=wanted_ops())
        space = main_module(world, file)
        values: list[Any] = []
        if self.seconds is not None:
            signal.setitimer(signal.ITIMER_PROF, self.seconds)
        try:
            with world.visit():
                world.frames.append(Frame(world, Environment(space.vars, None, space)))
                for name in "abc":
                    values.append(self.chance.choice(self.makers)(world))
                    space.vars[name] = values[-1]
                world.frames.clear()
                guarded(world, lambda: imports.run(world, space, program))
                with_fixes(judge(world.facts, lambda path: file), world.facts, Context(lambda path: file))
            assert not world.journal.layers, "a branch is left open"
        except (Exception, OutOfTime) as problem:
            where = [f for f in traceback.extract_tb(problem.__traceback__) if "shapelint" in f.filename][-1]
            given = "\n".join(
                f"{name} = {reprlib.repr(value):.200}" for name, value in zip("abc", values, strict=False)
            )
            return f"{type(problem).__name__}: {problem} ({where.filename}:{where.lineno})\n{text}{given}"
        finally:
            if self.seconds is not None:
                signal.setitimer(signal.ITIMER_PROF, 0)
        return None


def troubles(seed: int, count: int, seconds: float | None = None) -> Iterator[str]:
    chance = random.Random(seed)
    writer, reader = Writer(chance), Reader(chance, seconds)
    for _ in range(count):
        found = reader.trouble(writer.program())
        if found is not None:
            yield found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.interp.random_calls", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10.0, help="CPU seconds that a program may take")
    options = parser.parse_args()
    began, found = time.process_time(), 0
    for trouble in troubles(options.seed, options.count, options.seconds):
        found += 1
        print(trouble, end="\n\n", flush=True)
    print(f"{options.count:,} programs, {found} with trouble, {time.process_time() - began:.0f} CPU s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
