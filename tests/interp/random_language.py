"""Random programs of the language proper, everything known, and what Python and the interpreter print of them.

What is not followed is said to be unknown; what is said must be what Python prints.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from typing import Any

from shapelint import facts
from shapelint.interp.control import OutOfBudget, ProgramRaises
from shapelint.interp.run import evaluate_text, nothing_else
from shapelint.interp.world import World


class Maker:
    """Writes one program. Each `_name` writes a piece about one thing."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.lines = []
        self.n = 0
        self.names = ["a", "b", "c"]
        self.lists = ["xs"]
        self.strs = ["s"]
        self.dicts = ["d"]
        self.objs = []
        self.gens = []
        self.funcs = []
        self.lines = [
            "from dataclasses import dataclass, field, replace, asdict",
            "from enum import Enum, IntEnum, Flag, auto",
            "from typing import NamedTuple, Any",
            "from collections import OrderedDict, defaultdict, Counter, deque, namedtuple",
            "import functools, itertools, operator, math, copy",
            "from contextlib import contextmanager, suppress, ExitStack",
        ]
        self.lines += ["a, b, c = 1, 2, 3", "xs = [3, 1, 2]", "s = 'hello'", "d = {'x': 1, 'y': 2}"]

    def fresh(self, p):
        self.n += 1
        return f"{p}{self.n}"

    def program(self):
        r = self.rng
        for _ in range(r.randint(3, 8)):
            getattr(
                self,
                "_"
                + r.choice(
                    [
                        "klass",
                        "klass",
                        "data",
                        "ntuple",
                        "enum",
                        "gen",
                        "closure",
                        "tryfin",
                        "match",
                        "comp",
                        "star",
                        "fmt",
                        "slices",
                        "ctx",
                        "prop",
                        "mro",
                        "loops",
                        "strm",
                        "dicts_",
                        "sets",
                        "decor",
                        "iterproto",
                        "nonloc",
                        "meta",
                        "listm",
                        "ops",
                        "flag",
                        "unpack",
                        "lam",
                        "genexp",
                        "del_",
                        "walrus",
                        "chain",
                        "glob",
                        "clsattr",
                        "excs",
                        "itert",
                        "func",
                        "copy_",
                        "sorts",
                    ]
                ),
            )()
        self.lines.append(f"print({', '.join(self.names)}, {', '.join(self.lists)}, s, d)")
        return "\n".join(self.lines) + "\n"

    def num(self):
        r = self.rng
        k = r.randint(0, 9)
        if k < 3:
            return str(r.randint(-3, 9))
        if k < 6:
            return r.choice(self.names)
        if k == 6:
            return f"({r.choice(self.names)} {r.choice(['+', '-', '*'])} {r.randint(1, 4)})"
        if k == 7:
            return f"len({r.choice(self.lists)})"
        if k == 8:
            return f"sum({r.choice(self.lists)})"
        return f"({r.choice(self.names)} // {r.randint(1, 3)} % 5)"

    def cond(self):
        r = self.rng
        return r.choice(
            [
                f"{self.num()} {r.choice(['<', '>', '==', '!=', '<=', '>='])} {self.num()}",
                f"{self.num()} in {r.choice(self.lists)}",
                f"not {self.num()}",
                f"({self.num()} > 1 and {self.num()} < 5)",
                f"{self.num()} < {self.num()} < {self.num()}",
                f"'{r.choice('helo')}' in s",
                f"isinstance({self.num()}, int)",
            ]
        )

    def p(self, *e):
        self.lines.append(f"print({', '.join(e)})")

    def _klass(self):
        r = self.rng
        A = self.fresh("A")
        B = self.fresh("B")
        L = [
            f"class {A}:",
            f"    tag = {self.num()}",
            "    items = []",
            f"    def __init__(self, x, y={self.num()}):",
            "        self.x = x",
            "        self.y = y",
            "        self.items.append(x)",
            "    def add(self, k=1):",
            "        self.x += k",
            "        return self",
            "    @classmethod",
            f"    def make(cls, v): return cls(v, {r.randint(0, 5)})",
            "    @staticmethod",
            "    def st(q): return q * 2",
            f"    def __{r.choice(['repr', 'str'])}__(self): return f'{A}({{self.x}}, {{self.y}})'",
        ]
        if r.random() < 0.5:
            L += [
                f"    def __eq__(self, o): return isinstance(o, {A}) and self.x == o.x",
                "    def __hash__(self): return hash(self.x)",
            ]
        if r.random() < 0.5:
            L += ["    def __lt__(self, o): return self.x < o.x"]
        if r.random() < 0.5:
            L += [
                f"    def __add__(self, o): return type(self)(self.x + (o.x if isinstance(o, {A}) else o))",
                "    __radd__ = __add__",
            ]
        if r.random() < 0.4:
            L += [
                "    def __getattr__(self, n):",
                "        if n.startswith('dyn'): return n[3:]",
                "        raise AttributeError(n)",
            ]
        if r.random() < 0.4:
            L += ["    def __len__(self): return abs(self.x) % 4"]
        if r.random() < 0.4:
            L += [
                "    def __getitem__(self, i):",
                "        if i > 3: raise IndexError(i)",
                "        return self.x * i",
            ]
        if r.random() < 0.4:
            L += ["    def __call__(self, *a, **k): return (self.x, a, sorted(k.items()))"]
        if r.random() < 0.4:
            L += ["    def __bool__(self): return self.x > 2"]
        if r.random() < 0.4:
            L += ["    def __contains__(self, v): return v == self.x"]
        if r.random() < 0.3:
            L += ["    def __iter__(self):", "        yield self.x", "        yield self.y"]
        L += [
            f"class {B}({A}):",
            f"    tag = {A}.tag + 1",
            f"    def __init__(self, *args, z={self.num()}, **kw):",
            "        super().__init__(*args, **kw)",
            "        self.z = z",
            "    def add(self, k=2):",
            "        super().add(k * 2)",
            "        return self",
        ]
        self.lines += L
        t = f"o{self.n}"
        u = f"q{self.n}"
        self.lines += [
            f"{t} = {r.choice([A, B])}({self.num()})",
            f"{u} = {B}.make({self.num()})",
            f"{t}.add().add({self.num()})",
        ]
        for e in r.sample(
            [
                f"{t}.x",
                f"{t}.tag",
                f"{u}.z",
                f"{A}.st({self.num()})",
                f"isinstance({t}, {B})",
                f"type({u}).__name__",
                f"{A}.items",
                f"hasattr({t}, 'z')",
                f"getattr({t}, 'nope', {self.num()})",
                f"issubclass({B}, {A})",
                f"{t}.__dict__",
                f"[k.__name__ for k in {B}.__mro__]",
                f"bool({t})",
                f"vars({u})",
                f"{t} is {t}",
                f"{t} == {u}",
                f"callable({t})",
            ],
            r.randint(2, 6),
        ):
            self.p(e)
        self.lines += [
            "try:",
            f"    print({r.choice([f'{t} + {u}', f'{t} + 1', f'1 + {t}', f'{t} < {u}', f'len({t})', f'list({t})', f'{t}(1, k=2)', f'{t}.dynfoo', f'{t}[2]', f'3 in {t}', f'sorted([{t}, {u}])', f'sum([{t}, {u}])', f'{t}.missing', f'str({t})', f'[*{t}]', f'{t}[9]', f'{{{t}: 1}}[{u}]', f'{t} != {u}'])})",
            "except Exception as e:",
            "    print(type(e).__name__)",
        ]

    def _data(self):
        r = self.rng
        A = self.fresh("D")
        opts = r.choice(
            [
                "",
                "(frozen=True)",
                "(order=True)",
                "(eq=False)",
                "(frozen=True, order=True)",
                "(kw_only=True)",
                "(repr=False)",
            ]
        )
        L = [
            f"@dataclass{opts}",
            f"class {A}:",
            "    x: int",
            f"    y: int = {self.num()}",
            "    zs: list = field(default_factory=list)",
        ]
        if r.random() < 0.4:
            L += [f"    w: int = field(default={r.randint(0, 3)}, repr=False, compare=False)"]
        if r.random() < 0.3:
            L += [
                "    def __post_init__(self):",
                f"        {'object.__setattr__(self, ' + repr('y') + ', self.y + 1)' if 'frozen' in opts else 'self.y += 1'}",
            ]
        if r.random() < 0.3:
            L += ["    k: Any = None", "    @property", "    def double(self): return self.x * 2"]
        sub = r.random() < 0.4
        if sub:
            L += [f"@dataclass{opts}", f"class {A}S({A}):", f"    extra: int = {self.num()}"]
        self.lines += L
        C = A + ("S" if sub else "")
        kw = "x=" if "kw_only" in opts else ""
        self.lines += [
            f"p{self.n} = {C}({kw}{self.num()})",
            f"q{self.n} = {C}({kw}{self.num()}, y={self.num()})",
        ]
        P, Q = f"p{self.n}", f"q{self.n}"
        for e in r.sample(
            [
                f"{P}.x",
                f"{P}.y",
                f"{P} == {Q}",
                f"replace({P}, x={self.num()}).x",
                f"asdict({Q})",
                f"{P} == {C}({kw}{P}.x)",
                f"{Q}.zs is {P}.zs",
                f"type({P}).__name__",
            ],
            4,
        ):
            self.p(e)
        self.lines += [
            "try:",
            f"    {r.choice([f'{P}.x = 5', f'print({P} < {Q})', f'print(repr({P}))', f'print(hash({P}) == hash({P}))', f'{C}()', f'print({P}.double)', f'{C}(1, 2, 3, 4, 5, 6, 7)', f'{C}(x=1, q=2)'])}",
            "except Exception as e:",
            "    print(type(e).__name__)",
            f"print({P}.x)",
        ]

    def _ntuple(self):
        r = self.rng
        A = self.fresh("N")
        if r.random() < 0.5:
            self.lines += [
                f"class {A}(NamedTuple):",
                "    x: int",
                f"    y: int = {self.num()}",
                "    def total(self): return self.x + self.y",
            ]
            tot = [f"n{self.n}.total()"]
        else:
            self.lines += [f"{A} = namedtuple('{A}', 'x y', defaults=[{self.num()}])"]
            tot = []
        self.lines += [f"n{self.n} = {A}({self.num()})"]
        N = f"n{self.n}"
        for e in r.sample(
            [
                N,
                f"{N}.x + {N}[1]",
                f"{N}._replace(x={self.num()})",
                f"{N}._asdict()",
                f"{A}._fields",
                f"{N} == ({N}.x, {N}.y)",
                f"{N} + (1,)",
                f"max({N})",
                f"isinstance({N}, tuple)",
                f"len({N})",
                f"{A}(*{N})",
                f"{N}[::-1]",
                f"list({N})",
                f"{N} < {A}({self.num()}, 1)",
                f"{A}._make([1, 2])",
                f"{N}.index({N}.y)",
                f"{{{N}: 2}}[{N}.x, {N}.y]",
                *tot,
            ],
            5,
        ):
            self.p(e)
        self.lines += [f"ux{self.n}, uy{self.n} = {N}"]
        self.p(f"ux{self.n}", f"uy{self.n}")

    def _enum(self):
        r = self.rng
        A = self.fresh("E")
        base = r.choice(["Enum", "IntEnum", "str, Enum"])
        vals = (
            ["'p'", "'q'", "'r'"]
            if "str" in base
            else r.choice([["1", "2", "3"], ["auto()", "auto()", "auto()"], ["1", "2", "1"]])
        )
        self.lines += [
            f"class {A}({base}):",
            f"    P = {vals[0]}",
            f"    Q = {vals[1]}",
            f"    R = {vals[2]}",
            "    def low(self): return self.name.lower()",
            "    @classmethod",
            "    def first(cls): return list(cls)[0]",
            "    @property",
            "    def twice(self): return self.value * 2",
        ]
        v = {"1": "1", "auto()": "2", "'p'": "'q'"}[vals[0]]
        for e in r.sample(
            [
                f"{A}.P.value",
                f"{A}['Q'].name",
                f"[m.name for m in {A}]",
                f"{A}({v}).name",
                f"{A}.P is {A}({A}.P.value)",
                f"{A}.Q.low()",
                f"{A}.first().name",
                f"len({A})",
                f"{A}.P == {A}.Q",
                f"{A}.P in {A}",
                f"{A}.R.twice",
                f"list({A}.__members__)",
                f"isinstance({A}.P, {A})",
                f"{{{A}.P: 1}}[{A}.P]",
                f"{A}.P == {A}.P.value",
                f"str({A}.P.value)",
                f"{A}.P.name + 'x'",
                f"repr({A}.Q)",
                f"sorted([m.value for m in {A}])",
                f"f'{{{A}.P}}'",
                f"str({A}.Q)",
            ],
            6,
        ):
            self.p(e)
        self.lines += [
            "try:",
            f"    print({r.choice([f'{A}(99)', f'{A}[0]', f'{A}.Z', f'{A}.P < {A}.Q', f'{A}.P + 1'])})",
            "except Exception as e:",
            "    print(type(e).__name__)",
        ]

    def _flag(self):
        A = self.fresh("F")
        self.lines += [
            f"class {A}(Flag):",
            "    R = auto()",
            "    W = auto()",
            "    X = auto()",
            f"fl{self.n} = {A}.R | {A}.X",
        ]
        for e in self.rng.sample(
            [
                f"fl{self.n}.value",
                f"bool(fl{self.n} & {A}.W)",
                f"{A}.R in fl{self.n}",
                f"(fl{self.n} ^ {A}.R).value",
                f"{A}.X.value",
                f"[m.name for m in {A}]",
            ],
            3,
        ):
            self.p(e)

    def _gen(self):
        r = self.rng
        g = self.fresh("g")
        body = r.choice(
            [
                [
                    "    for i in range(n):",
                    f"        got = yield i * {r.randint(1, 3)}",
                    "        if got: n += 0; print('got', got)",
                    "    return n",
                ],
                [
                    "    while n:",
                    "        n -= 1",
                    "        try:",
                    "            yield n",
                    "        finally:",
                    "            n += 0",
                ],
                [
                    "    yield from range(n)",
                    "    x = yield from inner(n)",
                    "    print('x', x)",
                    "    yield x",
                ],
                [
                    "    i = 0",
                    "    while True:",
                    "        yield i",
                    "        i += 1",
                    "        if i > 50: return",
                ],
                [
                    "    if n > 2:",
                    "        yield 'big'",
                    "        return 'done'",
                    "    yield 'small'",
                    f"    for q in {g}_rec(n): yield q",
                ],
            ]
        )
        self.lines += [
            "def inner(n):",
            "    yield n",
            "    return n * 2",
            f"def {g}_rec(n):",
            "    if n <= 0: return",
            "    yield n",
            f"    yield from {g}_rec(n - 1)",
        ]
        self.lines += [f"def {g}(n):", *body]
        k = r.randint(0, 4)
        h = f"h{self.n}"
        for e in r.sample(
            [
                f"list(itertools.islice({g}({k}), 6))",
                f"list({g}_rec({k}))",
                f"[v for v, _ in zip({g}({k}), 'abc')]",
                f"next({g}({r.randint(1, 4)}))",
                f"dict(enumerate(itertools.islice({g}({k}), 3)))",
                f"sum(1 for _ in itertools.islice({g}({k}), 9))",
            ],
            3,
        ):
            self.p(e)
        self.lines += [
            f"{h} = {g}({r.randint(1, 4)})",
            "try:",
            f"    print(next({h}))",
            f"    print({h}.{r.choice(['send(7)', 'send(None)', 'close()', 'throw(ValueError)', '__next__()'])})",
            f"    print(list(itertools.islice({h}, 4)))",
            "except BaseException as e:",
            "    print(type(e).__name__, e.args)",
        ]

    def _genexp(self):
        r = self.rng
        x = r.choice(self.lists)
        self.p(
            f"sum(v * {self.num()} for v in {x})",
            f"any(v > {self.num()} for v in {x})",
            f"list((v, w) for v in {x} for w in range(v % 3) if w != {self.num()})",
            f"max((v for v in {x}), default=0)",
            f"' '.join(str(v) for v in {x})",
        )

    def _closure(self):
        r = self.rng
        f = self.fresh("f")
        self.lines += [
            f"def {f}(n={self.num()}):",
            "    total = n",
            "    log = []",
            f"    def inc(k=1, *, by={r.randint(1, 3)}):",
            "        nonlocal total",
            "        total += k * by",
            "        log.append(total)",
            "        return total",
            "    def get(): return total, log",
            "    return inc, get",
            f"i{self.n}, j{self.n} = {f}()",
            f"i{self.n}(); i{self.n}({self.num()}, by=2)",
        ]
        self.p(
            f"j{self.n}()",
            f"[h() for h in [lambda: v for v in {r.choice(self.lists)}]]",
            f"[h() for h in [lambda v=v: v + 1 for v in {r.choice(self.lists)}]]",
        )

    def _nonloc(self):
        f = self.fresh("nl")
        self.lines += [
            f"def {f}():",
            f"    v = {self.num()}",
            "    def g():",
            "        def h():",
            "            nonlocal v",
            "            v *= 2",
            "            return v",
            "        return h",
            "    k = g()",
            "    return k() + k() + v",
        ]
        self.p(f"{f}()")

    def _tryfin(self):
        r = self.rng
        f = self.fresh("t")
        self.lines += [
            f"def {f}(n):",
            "    log = []",
            "    for i in range(4):",
            "        try:",
            "            log.append(i)",
            f"            if i == n: raise {r.choice(['ValueError', 'KeyError', 'IndexError'])}(i)",
            f"            if i == {r.randint(0, 4)}: {r.choice(['continue', 'break', 'return log', 'pass'])}",
            f"        except {r.choice(['ValueError', '(KeyError, IndexError)', 'LookupError', 'Exception'])} as e:",
            "            log.append(('c', e.args))",
            f"            {r.choice(['pass', 'raise', 'return log', 'raise RuntimeError(1) from e', 'continue', 'break'])}",
            "        else:",
            "            log.append('else')",
            "        finally:",
            "            log.append('f')",
            f"            {r.choice(['pass', 'pass', 'pass', 'if n == 9: return 1'])}",
            "    else:",
            "        log.append('loopelse')",
            "    return log",
        ]
        for k in r.sample(range(5), 2):
            self.lines += [
                "try:",
                f"    print({f}({k}))",
                "except Exception as e:",
                "    print(type(e).__name__, e.args, type(e.__cause__).__name__ if False else '')",
            ]

    def _excs(self):
        r = self.rng
        E = self.fresh("X")
        self.lines += [
            f"class {E}({r.choice(['Exception', 'ValueError', 'KeyError', 'RuntimeError'])}):",
            "    def __init__(self, code, *rest):",
            "        super().__init__(code, *rest)",
            "        self.code = code",
            f"class {E}S({E}): pass",
            "try:",
            f"    raise {E}{r.choice(['', 'S'])}({self.num()}{r.choice(['', ', 2'])})",
            f"except {r.choice([E, E + 'S', f'(TypeError, {E})'])} as e:",
            f"    print('one', e.code, e.args, str(e), isinstance(e, {E}S))",
            "except Exception as e:",
            "    print('two', type(e).__name__, e)",
            "finally:",
            "    print('fin')",
        ]
        e = r.choice(
            [
                "1 / 0",
                "[][1]",
                "{}['k']",
                "int('x')",
                "None.x",
                "'a' + 1",
                "[1].index(5)",
                "undefined",
                "(1).foo",
                "f()",
                "next(iter([]))",
                "{}.popitem()",
                "[].pop()",
                "int(None)",
                "len(3)",
                "'abc'.index('z')",
                "assert_()",
                "a.b",
                "xs['q']",
                "dict([1])",
                "range(3)[5]",
                "(1, 2)[7]",
                "sum('ab')",
                "max([])",
                "chr(-1)",
                "'%d' % 'x'",
                "{[]: 1}",
                "d['nope']",
                "raise_",
            ]
        )
        self.lines += ["try:", f"    {e}", "except Exception as e:", "    print(type(e).__name__)"]

    def _match(self):
        r = self.rng
        f = self.fresh("m")
        K = self.fresh("M")
        self.lines += [
            f"class {K}:",
            "    __match_args__ = ('x', 'y')",
            "    def __init__(self, x, y): self.x, self.y = x, y",
            f"def {f}(v):",
            "    match v:",
            "        case 0: return 'zero'",
            "        case 1 | 2: return 'small'",
            "        case int() if v > 5: return 'int' + str(v)",
            "        case str(t): return t.upper()",
            "        case [q]: return ('one', q)",
            "        case [1, *rest]: return ('rest', rest)",
            "        case (q, w): return ('two', q, w)",
            "        case {'k': k, **kw}: return ('map', k, kw)",
            f"        case {K}(1, y): return ('k1', y)",
            f"        case {K}(x=x, y=[_, z]): return ('k', x, z)",
            "        case None | True: return 'none'",
            "        case [[u, w], *_] as whole: return (u, w, len(whole))",
            "        case _: return 'other'",
        ]
        self.p(
            *[
                f"{f}({x})"
                for x in r.sample(
                    [
                        "0",
                        "1",
                        "7",
                        "3",
                        "'ab'",
                        "[4]",
                        "[1, 2, 3]",
                        "(5, 6)",
                        "{'k': 1, 'z': 2}",
                        "{'j': 1}",
                        f"{K}(1, 2)",
                        f"{K}(3, [4, 5])",
                        f"{K}(3, 4)",
                        "None",
                        "True",
                        "[[1, 2], 3, 4]",
                        "2.5",
                        "[]",
                        "-1",
                        self.num(),
                    ],
                    6,
                )
            ]
        )

    def _comp(self):
        r = self.rng
        x = r.choice(self.lists)
        y = self.fresh("l")
        self.lines += [
            f"{y} = [{r.choice(['v', 'v + 1', 'v * v', 'v % 3'])} for v in {x} if {r.choice(['v', 'v > 1', 'v % 2', 'True'])}]"
        ]
        self.lists.append(y)
        self.p(
            f"{{v: i for i, v in enumerate({x})}}",
            f"sorted({{v % 3 for v in {x}}})",
            f"[[w for w in range(v % 3)] for v in {x}]",
            f"[(v, w) for v in {x}[:2] for w in {x}[-2:]]",
        )

    def _star(self):
        r = self.rng
        f = self.fresh("sf")
        self.lines += [
            f"def {f}(p, q=2, /, m=3, *args, k={self.num()}, **kw): return (p, q, m, args, k, sorted(kw.items()))"
        ]
        for c in r.sample(
            [
                "1",
                "1, 2, 3, 4, 5",
                "*xs",
                "1, k=5",
                "1, m=4, z=1",
                "*[1, 2], *(3,), **{'k': 9}",
                "1, 2, **d",
                "*'ab'",
                "",
                "1, p=3",
                "1, 2, 3, m=4",
                "**{'m': 1}",
                "k=1",
                "1, *range(3), k=0, w=2",
            ],
            4,
        ):
            self.lines += ["try:", f"    print({f}({c}))", "except TypeError:", "    print('TypeError')"]
        self.p("[*xs, *range(2)]", "{**d, 'z': 0}", "(*s, 1)")

    def _fmt(self):
        r = self.rng
        n = self.num()
        self.p(
            *r.sample(
                [
                    f"f'{{{n}:>{r.randint(1, 6)}}}'",
                    f"f'{{{n}:0{r.randint(1, 6)}d}}'",
                    f"f'{{{n} / 3:.{r.randint(0, 4)}f}}'",
                    "f'{s!r:<8}|'",
                    "'{:^9}'.format(s)",
                    f"'%s-%03d' % (s, {n})",
                    f"f'{{{n}:+}}'",
                    f"f'{{1234567 * {r.randint(1, 9)}:,}}'",
                    f"f'{{255:{r.choice('xXob')}}}'",
                    f"f'{{{n}=}}'",
                    f"'{{0}}{{1}}{{0}}'.format({n}, s)",
                    f"'{{x[0]}} {{y}}'.format(x=xs, y={n})",
                    "f'{xs} {d}'",
                    "f'{0.5:.1%}'",
                    f"f'{{3.14159:{r.randint(4, 9)}.2e}}'",
                    f"f'{{{n}:{{{r.randint(3, 6)}}}}}'",
                    f"str({n}).zfill(4)",
                    f"format({n}, '>5')",
                    "f'{None} {True}'",
                    f"'%5.1f|%-5s|%x' % ({n}, s, 255)",
                    f"f'{{s:*^{r.randint(6, 12)}}}'",
                    f"repr({n} / 7)",
                    "str([1.5, 'a', None])",
                    "f\"{'q' + s}\"",
                    f"round({n} / 7, 2)",
                ],
                7,
            )
        )

    def _slices(self):
        r = self.rng

        def sl():
            def q():
                return r.choice(["", str(r.randint(-5, 5))])

            t = r.choice(["", ":-1", ":2", ":-2", ":"])
            return f"[{q()}:{q()}{t}]"

        x = r.choice(self.lists)
        self.p(*[f"{v}{sl()}" for v in (x, "s", "range(9)", x, "(1, 2, 3, 4)")])
        y = self.fresh("sl")
        self.lines += [
            f"{y} = list({x})",
            "try:",
            f"    {y}{sl()} = {r.choice(['[9]', '[7, 8]', '[]', 'xs', 'range(2)'])}",
            f"    del {y}{sl()}",
            "except ValueError as e:",
            "    print('ve')",
        ]
        self.lists.append(y)
        self.p(y)

    def _ctx(self):
        r = self.rng
        C = self.fresh("C")
        g = self.fresh("cm")
        self.lines += [
            f"class {C}:",
            "    def __init__(self, n, sw=False): self.n, self.sw = n, sw",
            "    def __enter__(self): print('in', self.n); return self.n",
            "    def __exit__(self, t, v, tb): print('out', self.n, t and t.__name__); return self.sw",
            "@contextmanager",
            f"def {g}(n):",
            "    print('gi', n)",
            "    try:",
            "        yield n + 1",
            f"    {r.choice(['except KeyError: print(1)', 'except ValueError as e: print(e.args); raise', 'finally: print(2)'])}",
            "    print('go', n)",
        ]

        def m():
            return r.choice(
                [
                    f"{C}({r.randint(0, 9)}, {r.random() < 0.5})",
                    f"{g}({r.randint(0, 9)})",
                    f"suppress({r.choice(['KeyError', 'ValueError', 'Exception'])})",
                ]
            )

        f = self.fresh("w")
        self.lines += [
            f"def {f}():",
            "    for i in range(2):",
            f"        with {m()} as u, {m()} as v:",
            "            print(u, v)",
            f"            {r.choice(['pass', 'raise KeyError(1)', 'raise ValueError(2)', 'return 5', 'break', 'continue', '1 / 0'])}",
            "        print('after')",
            "    return 'end'",
            "try:",
            f"    print({f}())",
            "except Exception as e:",
            "    print(type(e).__name__)",
        ]

    def _prop(self):
        A = self.fresh("P")
        self.lines += [
            f"class {A}:",
            f"    def __init__(self): self._v = {self.num()}; self.hits = 0",
            "    @property",
            "    def v(self): self.hits += 1; return self._v",
            "    @v.setter",
            "    def v(self, x): self._v = x * 2",
            "    @v.deleter",
            "    def v(self): self._v = 0",
            "    @functools.cached_property",
            "    def big(self): self.hits += 10; return self._v + 100",
            f"pp = {A}()",
            f"pp.v = {self.num()}",
            "pp.v += 1",
        ]
        self.p("pp.v", "pp.big", "pp.big", "pp.hits")
        self.lines += ["del pp.v"]
        self.p("pp.v", "pp.__dict__")

    def _mro(self):
        r = self.rng
        A = self.fresh("R")
        L = [f"class {A}0:", "    def f(self): return ['0']", f"    n = {self.num()}"]
        k = r.randint(2, 4)
        for i in range(1, k + 1):
            bases = r.sample(range(i), r.randint(1, min(2, i)))
            bases.sort(reverse=True)
            L += (
                [f"class {A}{i}({', '.join(f'{A}{b}' for b in bases)}):"]
                + ([f"    def f(self): return ['{i}'] + super().f()"] if r.random() < 0.8 else ["    pass"])
                + ([f"    n = {self.num()}"] if r.random() < 0.3 else [])
            )
        self.lines += (
            ["try:"]
            + ["    " + line for line in L]
            + [
                f"    print({A}{k}().f(), {A}{k}.n, [q.__name__ for q in {A}{k}.__mro__])",
                "except TypeError:",
                "    print('mro')",
            ]
        )

    def _loops(self):
        r = self.rng
        x = r.choice(self.lists)
        v = r.choice(self.names)
        self.lines += [
            f"for i, w in enumerate({x}):",
            f"    if {r.choice(['w > 2', 'i == 1', 'w == i', self.cond()])}: {r.choice(['continue', 'break', 'pass'])}",
            f"    {v} {r.choice(['+=', '-=', '='])} {r.choice(['w', 'i', 'w - i'])}",
            "else:",
            f"    {v} += 100",
            f"while {v} > 10:",
            f"    {v} //= 2",
            f"    if {v} == {r.randint(5, 20)}: break",
            "else:",
            "    pass",
        ]
        self.p(v)

    def _strm(self):
        r = self.rng
        self.p(
            *r.sample(
                [
                    "s.upper()",
                    "s.replace('l', 'L', 1)",
                    "s.split('l')",
                    "'-'.join(s)",
                    "s.find('l')",
                    "s.title()",
                    "s.startswith(('he', 'x'))",
                    "s.center(9, '*')",
                    "s.count('l')",
                    "s.partition('l')",
                    "s.rsplit('l', 1)",
                    "'a,b,,c'.split(',')",
                    "'  x '.strip()",
                    "s[::-1]",
                    "s * 2",
                    "s.encode()",
                    "s.isalpha()",
                    "s.rjust(7, '.')",
                    "s.strip('ho')",
                    "'a b  c'.split()",
                    "s.removeprefix('he')",
                    "s > 'hb'",
                    "s.translate(str.maketrans('el', 'ip'))",
                    "'x'.join(['1', '2'])",
                    "s.splitlines()",
                    "'%s' % (s,)",
                    "s.swapcase()",
                    "ord(s[0])",
                    "s.rfind('l')",
                    "s.expandtabs()",
                    "s.casefold() == s",
                    "'l' in s",
                    "sorted(s)",
                    "s.zfill(8)",
                    "'A-b'.lower().split('-')",
                ],
                6,
            )
        )
        if r.random() < 0.3:
            self.lines.append(f"s = {r.choice(['s + str(a)', 's[1:]', 's.upper()', repr('hello')])}")

    def _dicts_(self):
        r = self.rng
        k = r.choice(["'x'", "'y'", "'new'", self.num()])
        self.lines += [
            r.choice(
                [
                    f"d[{k}] = {self.num()}",
                    f"d.pop({k}, None)",
                    f"d.setdefault({k}, {self.num()})",
                    f"d.update({{{k}: 1}})",
                    f"d |= {{{k}: 2}}",
                    "d = dict(sorted(d.items(), key=lambda t: str(t[0])))",
                    f"d = {{**d, {k}: 3}}",
                ]
            )
        ]
        self.p(
            *r.sample(
                [
                    "list(d.items())",
                    "d.get('x', 0)",
                    "'x' in d",
                    "len(d)",
                    "sorted(map(str, d))",
                    "{v: k for k, v in d.items()}",
                    "d == {'x': 1, 'y': 2}",
                    "list(reversed(d))",
                    "d.keys() & {'x', 'z'} == {'x'}",
                    "dict(zip('ab', xs))",
                    "Counter(s).most_common(2)",
                    "Counter(xs)[1]",
                    "dict.fromkeys('ab', 0)",
                    "max(d, key=str)",
                    "list(d.values())",
                    "sum(v for v in d.values())",
                    "defaultdict(list, {1: [2]})[1]",
                    "OrderedDict(d).popitem()",
                    "any(d.values())",
                ],
                5,
            )
        )
        dd = self.fresh("dd")
        self.lines += [
            f"{dd} = defaultdict({r.choice(['int', 'list', 'lambda: 5'])})",
            f"for w in {r.choice(self.lists)}: {dd}[w % 2] {'+= 1' if 'int' in self.lines[-1] or 'lambda' in self.lines[-1] else '+= [w]'}",
        ]
        self.p(f"sorted({dd}.items())", f"len({dd})", f"{dd}.get(7)", f"{dd}[7]", f"len({dd})")

    def _sets(self):
        r = self.rng
        self.p(
            *[
                f"sorted({e})"
                for e in r.sample(
                    [
                        f"set(xs) | {{{self.num()}}}",
                        "set(xs) & {1, 2}",
                        "set(xs) - {1}",
                        "set(xs) ^ {1, 9}",
                        "frozenset(xs)",
                        "{*xs, 4}",
                    ],
                    3,
                )
            ],
            "{1, 2} <= set(xs)",
            "len({1, 1, 2})",
            "{1} == frozenset([1])",
            "set(xs).isdisjoint({8})",
        )

    def _decor(self):
        r = self.rng
        f = self.fresh("dc")
        self.lines += [
            f"def {f}(times=2):",
            "    def deco(fn):",
            "        @functools.wraps(fn)",
            "        def wrapper(*args, **kw):",
            "            wrapper.calls += 1",
            "            return [fn(*args, **kw) for _ in range(times)]",
            "        wrapper.calls = 0",
            "        return wrapper",
            "    return deco",
            f"@{f}({r.randint(1, 3)})",
            f"def {f}_g(x, y=1):",
            "    'doc'",
            "    return x * y",
            "@functools.lru_cache(maxsize=None)",
            f"def {f}_fib(n): return n if n < 2 else {f}_fib(n - 1) + {f}_fib(n - 2)",
        ]
        self.p(
            f"{f}_g(2)",
            f"{f}_g(2, y=3)",
            f"{f}_g.calls",
            f"{f}_g.__name__",
            f"{f}_g.__doc__",
            f"{f}_fib({r.randint(3, 12)})",
            f"functools.partial({f}_g, 3)(y=2)",
            "functools.reduce(operator.add, xs, 1)",
        )

    def _iterproto(self):
        r = self.rng
        A = self.fresh("I")
        self.lines += [
            f"class {A}:",
            "    def __init__(self, n): self.n = n",
            "    def __iter__(self): return self",
            "    def __next__(self):",
            "        if self.n <= 0: raise StopIteration",
            "        self.n -= 1",
            "        return self.n",
            f"it = {A}({r.randint(0, 5)})",
        ]
        self.p(
            "next(it, 'e')",
            "list(it)",
            "list(it)",
            f"sum({A}(4))",
            f"2 in {A}(5)",
            f"dict(enumerate({A}(2)))",
            f"list(zip({A}(3), 'ab'))",
            f"max({A}(3), default=None)",
            f"tuple(map(str, {A}(2)))",
            f"sorted({A}(3))",
        )
        self.lines += [f"p, *q = {A}({r.randint(1, 4)})"]
        self.p("p", "q")

    def _meta(self):
        A = self.fresh("T")
        self.lines += [
            f"class {A}M(type):",
            "    reg = {}",
            "    def __new__(m, n, b, ns, **kw):",
            "        c = super().__new__(m, n, b, ns)",
            "        m.reg[n] = kw.get('key', len(m.reg))",
            "        return c",
            "    def __call__(cls, *a):",
            "        o = super().__call__(*a)",
            "        o.made = cls.__name__",
            "        return o",
            "    def __len__(cls): return 42",
            f"class {A}(metaclass={A}M, key={self.num()}):",
            "    def __init__(self, v): self.v = v",
            f"class {A}B({A}): pass",
        ]
        self.p(
            f"{A}M.reg",
            f"{A}B(3).made",
            f"len({A})",
            f"{A}(1).v",
            f"type({A}B).__name__",
            f"isinstance({A}, {A}M)",
        )

    def _listm(self):
        r = self.rng
        x = self.fresh("lm")
        self.lines += [f"{x} = list({r.choice(self.lists)})"]
        for _ in range(r.randint(2, 5)):
            self.lines += [
                "try:",
                "    "
                + r.choice(
                    [
                        f"{x}.append({self.num()})",
                        f"{x}.insert({r.randint(-3, 3)}, {self.num()})",
                        f"{x}.extend({r.choice(self.lists)}[:3])",
                        f"print({x}.pop({r.choice(['', '0', '-1', '9'])}))",
                        f"{x}.remove({self.num()})",
                        f"{x}.sort({r.choice(['', 'reverse=True', 'key=lambda v: -v'])})",
                        f"{x}.reverse()",
                        f"{x} *= 2",
                        f"{x} += ({self.num()},)",
                        f"print({x}.index({self.num()}))",
                        f"print({x}.count({self.num()}))",
                        f"{x}[{r.randint(-4, 4)}] = {self.num()}",
                        f"del {x}[{r.randint(-4, 4)}]",
                        f"{x} = {x} + [1]",
                        f"{x} = {x}.copy()",
                        f"print({x} == {x}[:], {x} < [2])",
                        f"{x}[1:2] = [0, 0]",
                    ]
                ),
                "except (IndexError, ValueError) as e:",
                "    print(type(e).__name__)",
            ]
        self.p(x, f"len({x})")
        self.lists.append(x)
        self.lines += [f"if len({x}) > 12: {x} = {x}[:12]"]

    def _ops(self):
        r = self.rng
        m, n = self.num(), self.num()
        self.p(
            *r.sample(
                [
                    f"{m} % 3",
                    f"-{m} // 2",
                    f"{m} ** 2",
                    f"divmod({m}, 3)",
                    f"{m} & 6 | 1",
                    f"{m} << 2",
                    f"~{m}",
                    f"abs({m})",
                    f"{m} / 4",
                    f"int({m} / 3)",
                    f"round({m} / 3, 1)",
                    f"min({m}, {n})",
                    f"{m} if {self.cond()} else {n}",
                    f"{m} and {n}",
                    f"{m} or {n}",
                    f"not {m}",
                    f"bool({m}) + True",
                    f"pow(3, abs({m}) % 5, 7)",
                    f"math.gcd({m}, 6)",
                    f"{m} == {m} / 1",
                    "int('12', 5)",
                    f"hex(abs({m}))",
                    f"{m} is None",
                    f"float({m})",
                    "1e3 == 1000",
                    "0.1 + 0.2",
                    f"{m} ^ 5",
                    "sum([[1], [2]], [])",
                    "max(xs, key=lambda v: -v)",
                    "(1, 2) < (1, 3)",
                    "[1] + [2] * 2",
                    "'a' < 'b' < 'c'",
                    f"any([0, {m}])",
                    "all([])",
                    f"math.floor({m} / 2)",
                    "math.sqrt(16)",
                    "complex(1, 2) * 2",
                    "int(True)",
                    "2 ** -1",
                    "7 // -2",
                    "-7 % 3",
                    f"{m} != {n} != {m}",
                ],
                8,
            )
        )

    def _unpack(self):
        r = self.rng
        a, b = r.sample(self.names, 2)
        self.lines += [
            r.choice(
                [
                    f"{a}, {b} = {b}, {a}",
                    f"{a}, ({b}, *rest) = 1, [2, 3, 4]",
                    f"*init, {a} = [1, 2, {self.num()}]",
                    f"({a}, {b}), k = (5, 6), 7",
                    f"{a} = {b} = {self.num()}",
                    f"[{a}, {b}] = 'hi'; {a} = ord({a}); {b} = ord({b})",
                    f"for {a}, {b} in [(1, 2), (3, 4)]: pass",
                    f"{a}, {b} = divmod({self.num()}, 4)",
                ]
            )
        ]
        self.p(a, b)

    def _lam(self):
        self.p(
            f"(lambda x, *y, z={self.num()}: (x, y, z))(1, 2, 3)",
            "list(map(lambda v, w: v * w, xs, xs))",
            "list(filter(None, xs + [0]))",
            "sorted(xs, key=lambda v: (v % 2, -v))",
            "functools.reduce(lambda p, q: p * 2 + q, xs)",
        )

    def _del_(self):
        v = self.fresh("dv")
        self.lines += [f"{v} = 1", f"del {v}", "try:", f"    {v}", "except NameError:", "    print('gone')"]

    def _walrus(self):
        v = self.fresh("wv")
        self.lines += [f"if ({v} := {self.num()}) > 1: print({v})"]
        self.p("[y for x in xs if (y := x * 2) > 2]", v)

    def _chain(self):
        self.p(
            "list(itertools.chain(xs, [1]))",
            "list(itertools.product([1, 2], 'ab'))[:3]",
            "list(itertools.accumulate(xs))",
            "list(itertools.combinations([1, 2, 3], 2))",
            "[list(g) for k, g in itertools.groupby([1, 1, 2, 1])]",
            "list(itertools.zip_longest([1], [2, 3]))",
            "list(itertools.takewhile(lambda v: v > 1, xs))",
            "list(itertools.islice(itertools.count(3, 2), 3))",
            "list(itertools.islice(itertools.cycle('ab'), 3))",
            "list(itertools.starmap(pow, [(2, 3)]))",
        )

    def _itert(self):
        r = self.rng
        x = r.choice(self.lists)
        self.lines += [
            f"itr = iter({x})",
            "ys_ = [next(itr, None), next(itr, None)]",
            "for w in itr:",
            "    ys_.append(w)",
            "    if w > 1: break",
        ]
        self.p(
            "ys_",
            "list(itr)",
            f"list(zip(*[iter({x})] * 2))",
            f"list(reversed({x}))",
            f"list(enumerate({x}, 1))[:3]",
            f"dict(zip({x}, itertools.count()))",
        )

    def _glob(self):
        f = self.fresh("gl")
        v = self.rng.choice(self.names)
        self.lines += [
            f"def {f}():",
            f"    global {v}, new{self.n}",
            f"    {v} = {self.num()}",
            f"    new{self.n} = {v} + 1",
            f"{f}()",
        ]
        self.p(v, f"new{self.n}")

    def _clsattr(self):
        A = self.fresh("K")
        self.lines += [
            f"class {A}:",
            "    n = 0",
            "    m = [n + i for i in range(2)] if False else [n]",
            f"    def up(self): {A}.n += 1; self.n += 10; return self.n",
            "    class In:",
            f"        q = {self.num()}",
            "        def r(self): return self.q",
            f"z1, z2 = {A}(), {A}()",
            "z1.up()",
            f"setattr(z2, 'dyn', {self.num()})",
            f"{A}.late = lambda self: self.n * 2",
        ]
        self.p(
            "z1.n",
            "z2.n",
            f"{A}.n",
            "z2.up()",
            "z2.dyn",
            "z1.late()",
            f"{A}.In().r()",
            f"{A}.m",
            "hasattr(z1, 'dyn')",
        )
        self.lines += ["del z1.n"]
        self.p("z1.n")

    def _func(self):
        f = self.fresh("fn")
        r = self.rng
        self.lines += [
            f"def {f}(n, acc=[]):",
            "    acc.append(n)",
            "    if n <= 0: return acc[:]",
            f"    return {f}(n - {r.randint(1, 2)}, {r.choice(['acc', '[]', 'list(acc)'])})",
        ]
        self.p(f"{f}({r.randint(0, 5)})", f"{f}(2)", f"{f}.__name__")

    def _copy_(self):
        self.lines += [
            "cp = [xs, {'k': xs}]",
            "cq = copy.deepcopy(cp)",
            "cr = copy.copy(cp)",
            "cq[0].append(77)",
            "cr.append(1)",
        ]
        self.p("cp", "cq", "cr", "cr[0] is xs", "cq[0] is cq[1]['k']")

    def _sorts(self):
        r = self.rng
        self.p(
            "sorted(['b', 'A', 'c'], key=str.lower)",
            f"sorted([(2, 'a'), (1, 'b'), (2, 'A')], reverse={r.random() < 0.5})",
            "min(['aa', 'b'], key=len)",
            "sorted(d.items(), key=lambda t: str(t[1]))",
            "list(map(operator.itemgetter(1), [(1, 2), (3, 4)]))",
            "sorted([3, 1, 2], key=functools.cmp_to_key(lambda p, q: q - p))",
            "deque([1, 2, 3], maxlen=2)",
            "sorted(xs)[-1:]",
        )


# ---- comparing


def printed(text):
    """What Python prints: (line of the call in the program, text), and the exception that ends it."""
    rows: list[tuple[int, str]] = []

    def told(*values: Any, sep: str = " ", end: str = "\n") -> None:
        frame = sys._getframe(1)
        while frame.f_code.co_filename != "program.py":
            assert frame.f_back is not None
            frame = frame.f_back
        rows.append((frame.f_lineno, sep.join(map(str, values)) + end))

    try:
        exec(compile(text, "program.py", "exec", dont_inherit=True), {"__name__": "__main__", "print": told})
    except Exception as problem:
        return rows, type(problem).__name__
    return rows, None


def difference(text):
    """The first thing that is said of a program and is not so; None when there is none."""
    rows, ended = printed(text)
    world = World(load=nothing_else)
    raised = None
    try:
        evaluate_text(text, world=world)
    except ProgramRaises as problem:
        raised = str(problem)
    except OutOfBudget:
        return None
    told = [f for f in world.facts if isinstance(f, facts.Printed) and f.site is not None]
    unsure = any(not f.certain or f.text is None for f in told)
    real, said = defaultdict(list), defaultdict(list)
    for line, row in rows:
        real[line].append(row)
    for fact in told:
        said[fact.site.line].append(fact.text)
    for line in sorted({*real, *said} - {f.site.line for f in told if not f.certain}):
        mine, theirs = said[line], real[line]
        if len(mine) == len(theirs):
            if any(x is not None and x != y for x, y in zip(mine, theirs, strict=True)):
                return f"line {line}: said {mine}, Python prints {theirs}"
        elif ended is None and any(x is not None for x in mine) and (not unsure or len(mine) > len(theirs)):
            return f"line {line}: said {mine}, Python prints {theirs}"
    if raised is not None and ended is None:
        return f"said to raise {raised}; it does not"
    return None
