"""Models of the standard library: the same as Python's own, program by program."""

from __future__ import annotations

from typing import Any

import pytest

from shapelint import dims
from shapelint.interp import calls
from shapelint.interp.run import nothing_else
from shapelint.interp.world import World
from shapelint.values import Either, External, List, Stream, Unknown
from tests.interp.programs import check, read

SAME = {
    "math": """
import math
a = (
    math.sqrt(16), math.ceil(2.1), math.floor(-2.1), math.log2(8), math.pi, math.prod([2, 3, 4]),
    math.gcd(12, 18), math.pow(2, 3),
)
b = (
    math.isqrt(17), math.inf, math.exp(0), math.log(8, 2), math.factorial(5), math.comb(5, 2),
    math.isclose(0.1 + 0.2, 0.3),
)
c = (
    math.trunc(-2.7), math.hypot(3, 4), math.radians(180), math.fsum([0.1] * 10), math.lcm(4, 6),
    math.isnan(math.nan), math.copysign(1, -0.0),
)
d = int(math.log2(32)), math.modf(1.5), math.frexp(8)
""",
    "operator": """
import operator
from operator import itemgetter, attrgetter, methodcaller, mul, add
a = (
    add(1, 2), mul(3, 4), operator.lt(1, 2), operator.neg(3), operator.contains([1], 1),
    operator.getitem({"a": 1}, "a"), operator.not_(0),
)
b = (
    itemgetter(1)([5, 6]), itemgetter(0, 2)("abc"), methodcaller("upper")("a"), operator.truth([]),
    operator.floordiv(7, 2), operator.and_(6, 3),
)
class A:
    pass
x = A(); x.y = A(); x.y.z = 3
c = attrgetter("y.z")(x), operator.index(3), operator.is_(None, None)
d = operator.iadd([1], [2])
""",
    "functools": """
import functools
from functools import partial, reduce, wraps, lru_cache, cached_property, total_ordering
def f(a, b=2, *, c=3): return (a, b, c)
p = partial(f, 1, c=5)
a = p(), p(9), p.func is f, p.args, p.keywords, partial(p, 7)(), partial(int, base=2)("101")
b = reduce(lambda x, y: x * y, [1, 2, 3, 4]), reduce(lambda x, y: x + y, [], 10)
def deco(fn):
    @wraps(fn)
    def inner(*args): return fn(*args) + 1
    return inner
@deco
def g(x):
    "Doc."
    return x
c = g(1), g.__name__, g.__doc__, g.__wrapped__(1)
@lru_cache(maxsize=None)
def h(n): return n if n < 2 else h(n - 1) + h(n - 2)
@functools.cache
def k(n): return n
@lru_cache
def m(n): return n
d = h(10), k(2), m(3)
class A:
    calls = 0
    @cached_property
    def v(self):
        A.calls += 1
        return 5
o = A()
e = o.v + o.v, A.calls
@total_ordering
class T:
    def __init__(self, n): self.n = n
    def __eq__(self, other): return self.n == other.n
    def __lt__(self, other): return self.n < other.n
q = T(1) <= T(2), T(1) > T(2), T(2) >= T(2), sorted([T(3), T(1)])[0].n
r = sorted([3, 1, 2], key=functools.cmp_to_key(lambda x, y: y - x))
class PM:
    def base(self, x, y): return (x, y)
    one = functools.partialmethod(base, 1)
s = PM().one(2)
""",
    "itertools": """
import itertools
from itertools import chain, product, repeat, count, cycle, accumulate, islice
from itertools import zip_longest, combinations, permutations, groupby
a = (
    list(chain([1], (2, 3), "a")), list(chain.from_iterable([[1], [2]])),
    list(product("ab", [1, 2])), list(product([0, 1], repeat=2)),
)
b = (
    list(repeat(7, 3)), list(islice(count(5, 2), 3)), list(zip("ab", count())),
    list(zip(cycle([1, 2]), range(5))),
)
c = (
    list(accumulate([1, 2, 3])), list(accumulate([1, 2, 3], lambda x, y: x * y)),
    list(accumulate([1], initial=10)),
)
d = (
    list(zip_longest([1], [2, 3], fillvalue=0)), list(combinations([1, 2, 3], 2)),
    list(permutations([1, 2])), list(itertools.pairwise([1, 2, 3])),
)
e = (
    [(k, list(g)) for k, g in groupby("aabbc")], list(itertools.starmap(pow, [(2, 3), (3, 2)])),
    list(islice("abcdef", 1, 5, 2)),
)
f = (
    list(itertools.takewhile(lambda x: x < 3, count())),
    list(itertools.dropwhile(lambda x: x < 2, [1, 2, 1])),
    list(itertools.filterfalse(None, [0, 1])),
)
g = (
    list(itertools.compress("abc", [1, 0, 1])), [list(t) for t in itertools.tee([1, 2])],
    list(map(lambda x, i: x + i, [10, 20], count(1))),
)
it = iter(range(10))
h = list(islice(it, 3)), next(it), list(islice(it, 2, 4)), list(it)
i = (
    list(combinations("abcd", 3))[-1], next(count(3)), list(zip(repeat("x"), [1, 2])),
    list(itertools.combinations_with_replacement("ab", 2)),
)
c2 = count()
j = next(c2), next(c2), list(zip(c2, "ab")), next(c2)
""",
    "copy": """
import copy
x = [[1], {"a": [2]}, {3}]
a, b = copy.copy(x), copy.deepcopy(x)
x[0].append(9); x[2].add(4)
class P:
    def __init__(self): self.v = [1]
p = P(); q, r = copy.copy(p), copy.deepcopy(p)
p.v.append(2)
c = q.v, r.v, q is p, copy.copy((1, 2))
""",
    "re": r"""
import re
m = re.match(r"(\w+)\.(?P<n>\d+)", "layer.12.x")
a = m.group(), m.group(1), m.group("n"), m.groups(), m.groupdict(), m.start(), m.end(), m.span(1), m[2]
b = (
    re.sub(r"\d", "#", "a1b2"), re.sub(r"(\d)", lambda m: m.group(1) * 2, "a1"),
    re.split(r"[,;]", "a,b;c"), re.findall(r"\d+", "1 22"), re.search("z", "a"),
)
p = re.compile(r"b(\d)", re.IGNORECASE)
c = (
    p.search("aB3").group(1), p.sub("x", "b1B2"), bool(p.match("a")),
    [m.start() for m in re.finditer("a", "aba")], p.pattern, re.escape("a.b"),
    p.fullmatch("b1") is None,
)
""",
    "contextvars": """
from contextvars import ContextVar, Token
v, w = ContextVar("v", default=None), ContextVar("w")
a = v.get(), v.name
seen = []
t = v.set(seen)
v.get().append(3)
b = seen, v.get() is seen, v.get(7) is seen, t.old_value is Token.MISSING, w.get(5)
u = v.set(4)
c = v.get(), u.old_value is seen
v.reset(u)
d = v.get() is seen
v.reset(t)
e = v.get()
bad = []
for act in (lambda: w.get(), lambda: v.reset(t), lambda: w.reset(v.set(1))):
    try:
        act()
    except (LookupError, RuntimeError, ValueError) as problem:
        bad.append(type(problem).__name__)
del v, w, t, u, act
""",
    "dataclass_setattr": """
from collections import OrderedDict
from dataclasses import dataclass
class Both(OrderedDict):
    def __setattr__(self, name, value):
        if value is not None:
            super().__setitem__(name, value)
        super().__setattr__(name, value)
    def __post_init__(self):
        self.seen = list(self)
        super().__delitem__("x")
@dataclass
class Out(Both):
    x: object = None
    y: object = None
a, b = Out(x=1), Out(1, y=2)
a, b = (list(a), a.seen, a.x), list(b.items())
@dataclass(frozen=True)
class Kept:
    x: int = 3
    def __post_init__(self):
        object.__setattr__(self, "y", self.x + 1)
c = Kept(5).x, Kept().y
try:
    Kept().x = 4
except AttributeError:
    d = True
del Both, Out, Kept
""",
    "dataclasses": """
from dataclasses import dataclass, field, replace, asdict, astuple, fields, is_dataclass, InitVar
from typing import ClassVar, List
@dataclass
class A:
    x: int
    y: float = 1.5
    z: list = field(default_factory=list)
    K: ClassVar[int] = 3
    w: int = field(default=4, init=False)
@dataclass(order=True)
class B(A):
    x: int = 7
    v: InitVar[int] = 2
    u: int = field(default=0, repr=False, compare=False)
    def __post_init__(self, v):
        self.u = v * 10
a = A(1); b = B(v=3); c = A(1) == A(1), A(1) == A(2), repr(a), repr(b), B(1) < B(2), b.u, A.y, a.K
a.z.append(1)
d = (
    A(2).z, replace(a, x=5), asdict(a), astuple(a), [f.name for f in fields(B)], is_dataclass(A),
    is_dataclass(3), fields(a)[1].default,
)
@dataclass(kw_only=True)
class C:
    p: int
    q: int = 2
@dataclass(frozen=True)
class D:
    p: int
    r: C = field(default_factory=lambda: C(p=1))
e = C(p=3), D(4), asdict(D(5)), D.__match_args__
class E(A):
    def __init__(self, n):
        super().__init__(n, z=[n])
f = E(3)
""",
    "enum": """
from enum import Enum, IntEnum, auto, unique
@unique
class C(Enum):
    RED = 1
    BLUE = "b"
class N(IntEnum):
    A = auto()
    B = auto()
a = (
    C.RED.value, C("b").name, C["RED"].name, [c.name for c in C], C.RED is C.RED, C.RED == C.BLUE,
    N.A + 1, N.B.value, N(2).name, len(C), N.A < N.B,
)
b = {C.RED: 5}[C.RED], isinstance(C.RED, C), C.BLUE in (C.BLUE,), str(C.RED), C.RED in C
""",
    "typing": """
from typing import cast, TYPE_CHECKING, NamedTuple, Optional, List, NewType, overload, TypeVar, Generic
T = TypeVar("T")
class P(NamedTuple):
    x: int
    y: int = 2
Q = NamedTuple("Q", [("a", int), ("b", str)])
class G(Generic[T]):
    def f(self) -> Optional[T]: return 1
I = NewType("I", int)
if TYPE_CHECKING:
    import nothing_of_the_sort
a = cast(int, "x"), TYPE_CHECKING, P(1), P(1).y, Q(1, "b").b, G[int]().f(), I(5), tuple(P(3, 4)), P._fields
""",
    "contextlib": """
from contextlib import contextmanager, nullcontext, suppress, ExitStack
@contextmanager
def m(x):
    yield x + 1
with m(1) as a: pass
with nullcontext(5) as b: pass
with suppress(ValueError):
    raise ValueError("x")
with ExitStack() as s:
    c = s.enter_context(m(2))
""",
    "inspect": """
import inspect
def f(a, b=2, *args, c, d=4, **kw): pass
sig = inspect.signature(f)
a = (
    list(sig.parameters), sig.parameters["b"].default,
    sig.parameters["a"].default is inspect.Parameter.empty,
)
b = [p.kind == inspect.Parameter.KEYWORD_ONLY for p in sig.parameters.values()], "c" in sig.parameters
class A:
    def __init__(self, x, y=1): pass
    def m(self): pass
c = (
    list(inspect.signature(A).parameters), inspect.isclass(A), inspect.isfunction(f),
    inspect.ismethod(A(1).m), inspect.isclass(3), list(inspect.signature(A(1).m).parameters),
)
""",
    "types": """
import types
from types import SimpleNamespace
n = SimpleNamespace(a=1, b=2)
n.c = 3
class A: pass
o = A()
o.m = types.MethodType(lambda self, x: (self is o, x), o)
a = n.a + n.c, o.m(4), vars(n), isinstance(lambda: 0, types.FunctionType), isinstance(None, types.NoneType)
""",
    "functions of functions": """
import functools, types
def f(a, b=2, /, *args, c=3, d, **kw):
    x = 1
    for y in args: z = y
    import os.path
    return (a, b, c)
code = f.__code__
a = code.co_varnames, code.co_argcount, code.co_kwonlyargcount, code.co_posonlyargcount, code.co_name, code.co_flags & 12
b = f.__defaults__, f.__kwdefaults__, (lambda p: p).__code__.co_varnames, (lambda: 0).__defaults__
g = types.FunctionType(f.__code__, f.__globals__, name="g", argdefs=f.__defaults__, closure=f.__closure__)
g = functools.update_wrapper(g, f)
g.__kwdefaults__ = f.__kwdefaults__
c = g(1, d=0), g.__name__, g is f
f.__defaults__ = (7,)
d = f(1, d=0), g(1, d=0)
del code
""",
    "views and ordered dicts": """
from collections import Counter, OrderedDict
a = sorted({"a": 1}.keys() | {"b": "c"}.values()), sorted({"a": 1}.items() & [("a", 1)]), {"a", "b"} - {"a": 0}.keys()
o = OrderedDict([("a", 1)])
o.extra = 4
b = o.extra, hasattr({}, "extra"), hasattr(OrderedDict(), "extra")
class Lazy(OrderedDict[str, int]):
    def __init__(self, held):
        self.held = held
        self.held.back = self
    def keys(self): return list(self.held)
    def __getitem__(self, key): return self.held[key] + 1
l = Lazy(o)
c = l["a"], l.keys(), o.back is l, len(l)
try:
    {}.extra = 1
except AttributeError:
    d = "no"
""",
    "enum classes": """
import enum
class Text(str, enum.Enum):
    CAT = "cat"
class Flag(enum.IntFlag):
    A = 1
a = isinstance(Text, enum.EnumMeta), isinstance(Flag, type), isinstance(int, enum.EnumMeta), isinstance(Text.CAT, enum.EnumMeta)
b = type(Text) is enum.EnumMeta, issubclass(Text, enum.Enum), issubclass(enum.EnumMeta, type)
""",
    "logging": """
import logging
log = logging.getLogger("net")
log.setLevel(logging.ERROR)
handler = logging.StreamHandler()
handler.setFormatter(logging.Formatter("%(message)s"))
log.addHandler(handler)
def quietly(self, *args): self.debug(*args)
logging.Logger.quietly = quietly
log.quietly("x")
del handler
def raises(x):
    try:
        log.debug("asked for %s", x)
        return x
    except ValueError:
        return None
a = log is logging.getLogger("net"), log.name, raises(3), logging.INFO
del log
""",
    "collections.abc": """
from collections.abc import Mapping, MutableMapping, MutableSequence, Sequence
class Registry(MutableMapping):
    shared = {"a": 1, "b": 2}
    def __init__(self): self.own = {}
    def __getitem__(self, key): return self.own[key] if key in self.own else self.shared[key]
    def __setitem__(self, key, value): self.own[key] = value
    def __delitem__(self, key): del self.own[key]
    def __iter__(self): return iter({**self.shared, **self.own})
    def __len__(self): return len(self.shared.keys() | self.own.keys())
r = Registry()
class Frozen(Mapping[str, int]):
    def __init__(self, held): self.held = held
    def __getitem__(self, key): return self.held[key]
    def __iter__(self): return iter(self.held)
    def __len__(self): return len(self.held)
f = Frozen({"p": 1})
r.update(f, t=4); r["z"] = 3
def keywords(**given): return given
a = list(r.keys()), list(r.items()), sorted(r.values()), "a" in r, "c" in r, r.get("c", 5), len(r), bool(r)
b = r.pop("p"), r.pop("none", 7), r.setdefault("q", 9), r.setdefault("a", 9), {**f}, dict(r), keywords(**f)
c = isinstance({}, Mapping), isinstance([], Sequence), isinstance(f, Mapping), isinstance(f, MutableMapping)
d = isinstance("s", Sequence), isinstance(1, Mapping), issubclass(Registry, Mapping), Frozen({"p": 1}) == f, f == {"p": 1}
class Evens(Sequence):
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
    def __getitem__(self, i):
        if not 0 <= i < self.n: raise IndexError
        return i * 2
e = list(Evens(3)), 4 in Evens(3), 5 in Evens(3), Evens(3).index(2), list(reversed(Evens(3))), Evens(2).count(2)
class Held(MutableSequence):
    def __init__(self): self.held = []
    def __len__(self): return len(self.held)
    def __getitem__(self, i): return self.held[i]
    def __setitem__(self, i, v): self.held[i] = v
    def __delitem__(self, i): del self.held[i]
    def insert(self, i, v): self.held.insert(i, v)
h = Held()
h.append(1); h.extend([2, 3])
g = h.pop(), list(h)
""",
    "os.path": """
import os, os.path as osp
from os.path import join
a = (
    os.path.join("a", "b"), os.path.basename("/x/y.py"), os.path.dirname("/x/y.py"),
    os.path.splitext("a.tar.gz"), join("a", "/b"), osp.split("a/b"), os.sep,
    os.path.normpath("a/../b"),
)
""",
    "pathlib": """
from pathlib import Path, PurePosixPath
p = Path("a") / "b" / "c.tar.gz"
a = (
    str(p), p.name, p.suffix, p.stem, str(p.parent), p.parts, str(p.with_suffix(".x")),
    p.as_posix(), f"{p}", str(Path("x", "y")), str(p.parents[1]), Path("a") == Path("a"),
)
""",
    "properties of a program's own kind": """
class classproperty(property):
    def __get__(self, owner_self, owner_cls):
        return self.fget(owner_cls)
class cached(property):
    pass
class A:
    n = 3
    @classproperty
    def twice(cls): return cls.n * 2
    @cached
    def thrice(self): return self.n * 3
    @property
    def plain(self): return 1
class B(A):
    n = 5
a = A.twice, B.twice, B().twice, B().thrice
b = isinstance(A.__dict__["plain"], property), isinstance(A.__dict__["twice"], property), isinstance(3, property), isinstance(A.thrice, cached)
try:
    B().thrice = 3
except AttributeError:
    c = 1
""",
    "bound arguments": """
import inspect
def f(a, b=1, *rest, c=2, **others): pass
s = inspect.signature(f)
a = list(s.bind(1, 2, 3, 4, c=5, d=6).arguments), s.bind(1, 2, 3).arguments["rest"], s.bind(a=3).arguments["a"]
b = s.bind(1, d=6).arguments["others"]["d"], "b" in s.bind_partial().arguments, list(s.bind(1, c=3).arguments)
one, two, three = s.bind(1, c=3), s.bind(1, 2, 3, d=4), s.bind_partial(b=1)
before = three.arguments
for bound in one, two, three:
    bound.apply_defaults()
c = list(one.arguments.items()), list(two.arguments.items()), list(three.arguments), list(before)
del s, one, two, three, bound
""",
    "annotations of classes": """
import inspect
class A: pass
class B:
    x: A
    y: int = 3
class C(B):
    x: B
class D(B): pass
a = inspect.get_annotations(B).get("x") is A, inspect.get_annotations(C)["x"] is B, inspect.get_annotations(D)
b = inspect.get_annotations(B).get("q"), list(inspect.get_annotations(B))
class K:
    def __init_subclass__(cls, **keywords):
        found = inspect.get_annotations(cls).get("config", None)
        cls.config_class = found if found is not None else None
class L(K):
    config: A
class M(K): pass
c = L.config_class is A, M.config_class
""",
    "imports by name": """
a = __import__("math").sqrt(4.0), __import__("collections.abc").OrderedDict(x=1)["x"]
b = __import__("os.path", fromlist=["join"]).join("a", "b"), __import__("os.path", None, None, [], 0).sep
""",
    "sys": """
import sys
a = (
    sys.version_info[:2], sys.version_info.major, sys.version_info >= (3, 8), sys.maxsize,
    sys.version_info.minor,
)
""",
    "json": """
import json
a = json.loads('{"a": [1, 2.5, null, true]}'), json.dumps({"a": [1, None]}), json.dumps([1], indent=2)
""",
    "argparse": """
import argparse
parser = argparse.ArgumentParser(description="x")
parser.add_argument("--width", type=int, default=64)
parser.add_argument("--lr", "-l", type=float, default="0.1")
parser.add_argument("--no-aug", action="store_true")
parser.add_argument("--keep", action="store_false", dest="drop")
parser.add_argument("--sizes", nargs="+", type=int, default=[1, 2])
parser.add_argument("--name", default=None)
parser.add_argument("-v", "--verbose", action="count", default=0)
parser.add_argument("--arch", choices=["a", "b"], default="a")
g = parser.add_argument_group("more")
g.add_argument("--depth", default=3, type=int, help="d")
x = parser.add_mutually_exclusive_group()
x.add_argument("--const", action="store_const", const=1)
parser.set_defaults(extra=9)
args = parser.parse_args([])
a = (
    args.width, args.lr, args.no_aug, args.drop, args.sizes, args.name, args.verbose, args.arch,
    args.depth, args.const, args.extra,
)
b = vars(args)["width"], hasattr(args, "nope"), getattr(args, "nope", 4)
known, rest = parser.parse_known_args([])
c = known.width
ns = argparse.Namespace(q=1)
d = ns.q, "q" in vars(ns)
del parser, g, x, rest, known
""",
    "text": """
import string, textwrap
a = (
    string.ascii_lowercase, textwrap.dedent("  a\\n  b"), string.capwords("a b"), string.digits,
    textwrap.wrap("a b c", 3),
)
""",
    "heapq": """
import heapq, bisect
h = [5, 1, 3]
heapq.heapify(h); heapq.heappush(h, 0); a = heapq.heappop(h), heapq.nlargest(2, [1, 5, 3]), heapq.nsmallest(1, [4, 2])
s = [1, 3]; bisect.insort(s, 2); b = bisect.bisect_left([1, 2, 2, 3], 2), bisect.bisect([1, 2, 2, 3], 2)
""",
    "numbers and abc": """
import numbers
from abc import ABC, abstractmethod, ABCMeta
from collections.abc import Iterable, Sequence, Mapping, Callable
class A(ABC):
    @abstractmethod
    def f(self): ...
    @property
    @abstractmethod
    def p(self): ...
class B(A, metaclass=ABCMeta):
    def f(self): return 1
    @property
    def p(self): return 2
a = (
    B().f(), B().p, isinstance(1, numbers.Number), isinstance(1.5, numbers.Integral),
    isinstance([], Iterable), isinstance({}, Mapping), isinstance("a", Sequence),
    isinstance(len, Callable), isinstance(3, Iterable),
)
""",
    "weakref": """
import weakref
class A: pass
o = A()
a = weakref.ref(o)() is o
""",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_same_as_python(text: str) -> None:
    check(text)


def test_command_line_options_without_a_default_are_unknowns_of_that_name() -> None:
    found = read(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--hidden-size', type=int, required=True)\n"
        "p.add_argument('data')\nargs = p.parse_args()\na, b = args.hidden_size, args.data\n"
    )
    assert isinstance(found["a"], Unknown) and found["a"].name == "hidden_size"
    assert isinstance(found["b"], Unknown) and found["b"].name == "data"


def test_the_same_question_about_the_machine_has_the_same_answer() -> None:
    found = read("import os\na, b = os.environ['X'], os.environ['X']\nc = os.environ['Y']\nd = int(a)\n")
    assert found["a"] is found["b"] and found["a"] is not found["c"]
    assert found["a"].plain and found["d"].plain


def test_what_is_drawn_at_random_is_one_of_what_it_is_drawn_from() -> None:
    found = read("import random\na = random.choice(['x', 'y'])\nb = random.random()\nrandom.seed(0)\n")
    assert isinstance(found["a"], Either) and found["a"].options == ("x", "y")
    assert isinstance(found["b"], Unknown) and found["b"].plain


def test_what_is_drawn_from_one_number_is_that_number() -> None:
    found = read(
        "import random\na = random.randrange(1), random.randrange(7, 8), random.randrange(3, 9, 6), random.randint(4, 4)\n"
        "b = random.randrange(2)\nc = random.randint(0, 1)\n"
        "try:\n    random.randrange(0)\nexcept ValueError:\n    d = 1\n"
    )
    assert found["a"] == (0, 7, 3, 4) and found["d"] == 1
    assert isinstance(found["b"], Unknown) and found["b"].plain
    assert isinstance(found["c"], Unknown) and found["c"].plain


def test_endless_iterators_are_streams_to_a_loop() -> None:
    found = read("from itertools import count\na = count()\nfor i in count():\n    if i > 3: break\n")
    assert isinstance(found["a"], Stream)


def test_catastrophic_patterns_are_not_run() -> None:
    found = read("import re\na = re.match('(a+)+$', 'a' * 40 + 'b')\n")
    assert isinstance(found["a"], Unknown)


def test_bars_are_walked_like_what_they_show() -> None:
    found = read(
        "from tqdm import tqdm, trange\nbar = tqdm([1, 2], desc='x')\na = [x for x in bar]\nbar.set_postfix(loss=1)\n"
        "b = len(bar), list(trange(3)), list(enumerate(tqdm('ab')))\n"
    )
    assert found["a"].items == [1, 2]
    assert found["b"][0] == 2 and found["b"][1].items == [0, 1, 2]


def test_versions_are_compared_as_numbers() -> None:
    found = read(
        "from packaging import version\n"
        "a = version.parse('1.10.0') > version.parse('1.9'), version.Version('2.0') == version.parse('2')\n"
    )
    assert found["a"] == (True, True)


def test_a_module_imported_by_name_is_that_module() -> None:
    found = read(
        "import importlib\na = importlib.import_module('math').sqrt(4)\nb = importlib.import_module('torch.nn')\n"
    )
    assert found["a"] == 2.0 and isinstance(found["b"], External)


def test_sizes_stay_exact_under_math() -> None:
    found = read(
        "import math\ndef f(h):\n    return math.ceil(h / 2), math.floor(h / 2), max(h, 1), abs(h)\na = f\n"
    )
    assert found["a"] is not None


def test_halves_of_sizes_are_rounded_exactly() -> None:
    found = read(
        "import math\nimport torch.nn as nn\n"
        "class Net(nn.Module):\n    def __init__(self, h):\n        super().__init__()\n"
        "        self.sizes = (math.ceil(h / 2), math.floor(h / 2), int(math.floor(5 - h / 2)), max(h, 1), min(4, h, 8))\n"
        "def build(h): return Net(h).sizes\n"
    )
    world = World(load=nothing_else)
    sizes = calls.call(world, found["build"], (dims.symbol("h", low=1),), {})
    assert [str(s) for s in sizes] == ["(h + 1)//2", "h//2", "5 - (h + 1)//2", "h", "min(4, h)"]


def test_fields_that_check_what_they_are_given() -> None:
    found = read(
        "from dataclasses import dataclass\n"
        "from huggingface_hub.dataclasses import as_validated_field, strict, validated_field\n"
        "@as_validated_field\ndef positive(value=None):\n    assert value > 0\n"
        "@strict\n@dataclass\nclass Config:\n    width: int = positive(default=4)\n"
        "    depth: int = validated_field(lambda v: None, default=2)\n    names: list = positive(default_factory=list)\n"
        "a = Config().width, Config(depth=5).depth, Config().names\n"
    )
    assert found["a"][:2] == (4, 5)
    assert found["a"][2].items == []


def test_a_tensor_meets_a_number_that_numpy_counted() -> None:
    text = (
        "import numpy as np, torch\n"
        "t = torch.zeros(2, 3)\n"
        "made = [t / np.log2(8), t * np.prod((2, 2)), t - np.float64(1), t // np.int64(2), t % np.int64(2), t ** np.int64(2)]\n"
        "made += [np.float32(2) * t, np.sqrt(2.0) - t, np.log(3.0) / t, np.int64(2) ** t, np.float64(2) + torch.zeros(3).long()]\n"
        "w = torch.zeros(2, requires_grad=True)\n"
        "made += [w * np.log(3.0), np.log(3.0) * w, np.float64(2) * w.detach()]\n"
    )
    expected: dict[str, Any] = {}
    exec(compile(text, "program.py", "exec"), expected)
    for want, got in zip(expected["made"], read(text)["made"].items, strict=True):
        assert tuple(want.shape) == got.shape
        assert got.dtype in (None, str(want.dtype).removeprefix("torch."))
        assert got.requires_grad in (None, want.requires_grad)
    for other in ("torch.zeros(2, 3) + np.zeros(3)", "np.zeros(3) * torch.zeros(())"):
        assert isinstance(read(f"import numpy as np, torch\nx = {other}")["x"], Unknown)


def test_numbers_in_small_arrays() -> None:
    text = (
        "import numpy as np\n"
        "k = np.atleast_1d((3, 3, 3)); one = np.atleast_1d(3)\n"
        "a = bool(np.any((k - 1) * 1 % 2 == 1)), tuple(int(p) for p in (k - 1) / 2 * 1), tuple(int(p) for p in (one - 1) / 2)\n"
        "s = np.asarray([64, 32], dtype=int)\n"
        "b = int(np.prod(s)), int(np.max(s)), tuple(int(x) for x in (s - np.atleast_1d(2) + 1) // 2), bool((s > 10).all())\n"
        "z = np.array([1, 2, 3]); y = z; z += 1\n"
        "c = int(y[0]), int(z.sum()), [int(i) for i in 10 - z], 1 if np.prod(2) != 1 else 0, bool(np.prod((1, 1)) == 1)\n"
    )
    text += (
        "t = tuple(map(np.prod, zip((1, 1, 1), (1, 2, 2)))); n = np.int64(5)\n"
        "d = bool(np.prod(t) != 1), int(np.array([n, np.int64(2.7)]).sum()), float(np.float64(2)), int(np.int64(n)), float(np.prod([]))\n"
    )
    expected: dict[str, Any] = {}
    exec(compile(text, "program.py", "exec"), expected)
    found = read(text)
    for name in "abcd":
        want = [list(v) if isinstance(v, tuple) else v for v in expected[name]]
        got = [
            v.items if isinstance(v, List) else list(v) if isinstance(v, tuple) else v for v in found[name]
        ]
        assert want == got, name


def test_written_arrays_are_not_known() -> None:
    found = read(
        "import numpy as np\nz = np.array([1, 2, 3])\nz[0] = 9\na = int(z[0])\nb = int(np.array([1, 2]).sum() // 0)\n"
    )
    assert isinstance(found["a"], Unknown)
    assert isinstance(found["b"], Unknown)


def test_dimensions_of_an_image_without_channels() -> None:
    found = read(
        "import torch\nfrom torchvision.transforms import functional as F\nx = F.get_dimensions(torch.zeros(4, 5))\n"
    )
    assert found["x"].items == [1, 4, 5]


@pytest.mark.parametrize("given", ["1", "1, 3, 5, d=6, z=7", "1, d=5", "a=1, b=3"])
def test_arguments_that_are_bound_to_a_signature(given: str) -> None:
    text = f"""
import inspect
def f(a, b=2, *c, d=4, **e): pass
x = inspect.signature(f).bind({given})
before = sorted(x.arguments)
x.apply_defaults()
after, c, e = list(x.arguments), x.arguments["c"], sorted(x.arguments["e"].items())
plain = [x.arguments[n] for n in ("a", "b", "d")]
"""
    found = read(text)
    said: dict[str, object] = {}
    exec(text, said)
    for name in ("before", "after", "c", "e", "plain"):
        held = found[name]
        assert (held.items if isinstance(held, List) else held) == said[name], name


def test_pairs_that_are_none_are_refused_as_mappings_refuse_them() -> None:
    check("""
from collections.abc import MutableMapping
class M(MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
m, said = M(), []
for given in ([(1, 2, 3)], [(1,)], ["ab"], [(5, 6)]):
    try:
        m.update(given)
    except ValueError:
        said.append("refused")
held = m.d
""")
