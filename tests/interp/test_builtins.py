"""Built-in names and the methods of plain values: the same as in Python."""

from __future__ import annotations

import builtins

import pytest

from shapelint.interp.host import builtins as modelled
from shapelint.values import Unknown
from tests.interp.programs import check, raises, read

SAME = {
    "len": "a = len([1, 2]); b = len('abc'); c = len({}); d = len((1,)); e = len(range(5, 50, 7)); f = len({1, 2, 2})",
    "numbers": """
a = abs(-3), abs(2.5), abs(-2j)
b = round(2.5), round(3.14159, 2), round(1234, -2)
c = divmod(17, 5), divmod(-17, 5), pow(2, 10), pow(3, 4, 5)
d = (
    min(3, 1, 2), max([1, 5, 2]), min("b", "a"), max((1, 2), (1, 3)), max([], default=9),
    min([3, 1], key=lambda x: -x),
)
e = sum([1, 2, 3]), sum([[1], [2]], []), sum((0.5, 1)), sum([True, True])
f = (
    bin(10), hex(255), oct(8), chr(97), ord("a"), complex(1, 2), int("ff", 16), float("1e3"),
    bool([]), int(3.9), int(-3.9),
)
""",
    "walking": """
a = list(enumerate("ab", 1)), list(zip([1, 2, 3], "ab")), list(map(lambda x, y: x + y, [1, 2], [3, 4]))
b = list(filter(None, [0, 1, "", "x"])), list(filter(lambda x: x > 1, range(4)))
c = (
    sorted([3, 1, 2]), sorted("hello", reverse=True), sorted([(1, "b"), (1, "a")]),
    sorted(["bb", "a"], key=len),
)
d = (
    list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed(range(4))),
    list(reversed({"a": 1, "b": 2})),
)
e = any([0, 1]), all([0, 1]), any([]), all([]), any(x > 2 for x in range(4))
it = iter([1, 2, 3])
f = next(it), next(it), list(it), next(it, "done")
g = [*zip(*[(1, 2), (3, 4)])]
""",
    "a shared iterator": """
it = iter(range(7))
a = list(zip(it, it))
it = iter(range(7))
b = list(zip(*[it] * 3))
it = iter(range(5))
c = list(zip([1, 2], it))
rest = list(it)
""",
    "classes": """
class A:
    x = 1
    def __len__(self): return 4
    def __repr__(self): return "A!"
class B(A):
    def __init__(self): self.y = 2
b = B()
a = (
    isinstance(b, A), issubclass(B, A), isinstance(1, (str, int)), isinstance(True, int),
    isinstance([], dict),
)
c = (
    hasattr(b, "x"), hasattr(b, "z"), getattr(b, "y"), getattr(b, "z", 5), callable(b), callable(A),
    callable(len), callable(3),
)
setattr(b, "w", 7)
d = b.w, vars(b), len(b), repr(b), str(b), f"{b}", type(b) is B, type(b).__name__, type(3) is int
delattr(b, "w")
e = hasattr(b, "w"), sorted(b.__dict__)
""",
    "super": """
class A:
    def f(self): return ["A"]
    @classmethod
    def make(cls): return cls()
    @property
    def p(self): return 1
    def __new__(cls, *args):
        made = super().__new__(cls)
        made.fresh = True
        return made
class B(A):
    def f(self): return super().f() + ["B"]
    @classmethod
    def make(cls):
        made = super().make()
        made.made = True
        return made
    @property
    def p(self): return super().p + 1
class M(A):
    def f(self): return super().f() + ["M"]
class C(B, M):
    def f(self): return super(C, self).f() + ["C"]
    def g(self): return (lambda: [super(C, self).f() for _ in range(1)])()
c = C.make()
order = c.f()
more = c.g(), c.p, c.fresh
""",
    "property": """
class A:
    def __init__(self): self._x = 1
    @property
    def x(self): return self._x
    @x.setter
    def x(self, value): self._x = value * 2
    @staticmethod
    def s(a): return a + 1
    def g(self): return self._x
    y = property(g)
a = A()
a.x = 5
b = a.x, A.s(1), a.s(2), a.y
""",
    "text": """
a = (
    repr("x'y"), str(1.0), repr([1, "a", (2,)]), str({"a": None}), format(3.14159, ".2f"),
    format(5, "03d"), ascii("é"),
)
print("a", 1, [2], sep="-", end="!")
print()
print(None, True, 1.5, ())
""",
    "scopes": """
def f(a, b=2):
    c = 3
    return locals()
a = f(1)
x = 5
b = globals()["x"]
class N: pass
n = N()
n.q = 1
c = vars(n)
""",
    "strings": """
a = (
    "a,b,,c".split(","), " x ".strip(), "Ab".lower(), "ab".upper(), "a-b".replace("-", "_"),
    "-".join(["a", "b"]),
)
b = (
    "abc".startswith(("x", "ab")), "abc".endswith("c"), "abc".find("c"), "a b c".split(None, 1),
    "abc".index("b"),
)
c = (
    "{0} {x} {0!r} {y:.2f}".format(1, x="y", y=2), "%s-%d" % ("a", 3), "a\\nb".splitlines(),
    "abc".partition("b"), "x=1".rpartition("="),
)
d = (
    "7".isdigit(), "ab".isalpha(), "ab".title(), "ab".center(6, "*"), "7".zfill(3),
    "aXbX".count("X"), "pre_x".removeprefix("pre_"),
)
e = (
    b"ab".decode(), "ab".encode(), "abc"[::-1], "ab" * 2, "a" in "abc",
    "{:>5}|{:<5}|".format("a", "b"), "a.b".rsplit(".", 1),
)
f = (
    "{a} {b}".format_map({"a": 1, "b": 2}), "abc".translate(str.maketrans("ab", "xy")),
    str.join(", ", ["a", "b"]),
)
""",
    "lists": """
a = [3, 1, 2]
a.append(5); a.extend((7, 8)); a.insert(0, 9); a.remove(1); p = a.pop(); q = a.pop(0)
a.sort(); b = a[:]; a.reverse(); c = a.index(5), a.count(2), a.copy()
b.clear()
d = [1, 2, 3, 4]; d[1:3] = [9]; del d[0]
e = ["bb", "a", "ccc"]; e.sort(key=len, reverse=True)
f = (1, 2, 2).count(2), (1, 2).index(2), [1] * 3, [1] + [2], 2 in [1, 2]
g = range(10)[2:5], range(10).index(4), slice(1, 5, 2).indices(4), slice(None, 3).stop, slice(1, None).stop
""",
    "dicts": """
d = {"a": 1, "b": 2}
a = (
    d.get("a"), d.get("z"), d.get("z", 0), d.pop("a"), d.pop("zz", None), d.setdefault("c", 3),
    d.setdefault("c", 4),
)
d.update({"x": 1}); d.update([("y", 2)]); d.update(z=3)
k, v, i = d.keys(), d.values(), d.items()
b = list(k), list(v), list(i), "x" in k, len(v), 3 in v, list(k)
d["late"] = 1
c = (
    list(k), dict.fromkeys("ab", 0), {**d, "q": 1}, d | {"w": 1}, dict(d, e=5), dict([("a", 1)]),
    dict(zip("ab", [1, 2])),
)
e = d.copy(); e.clear(); l = d.popitem()
f = k & {"x", "nope"}, {1: 2} == {1: 2}, list(reversed(d)), sorted(d.items(), key=lambda kv: kv[1])
for key in list(d): d[key] = d[key] + 1
""",
    "sets": """
a = {1, 2, 3}; a.add(4); a.discard(9); a.remove(1)
b = (
    a | {7}, a & {2, 3}, a - {2}, a ^ {2, 9}, a.union([8], (9,)), a.intersection({2}),
    a.difference([2]), a.symmetric_difference({2}),
)
c = (
    a.issubset({2, 3, 4, 5}), a.issuperset({2}), a.isdisjoint({1}), {1} < {1, 2}, frozenset([1, 2]),
    2 in a, len(a),
)
d = a.copy(); d.update([10], [11]); d.intersection_update({10, 11}); e = set(); e.clear(); f = {5}.pop()
""",
    "collections": """
from collections import OrderedDict, defaultdict, Counter, deque, namedtuple
o = OrderedDict([("a", 1), ("b", 2)]); o.move_to_end("a"); first = o.popitem(last=False)
d = defaultdict(list); d["x"].append(1); d["y"]
less, more = Counter("aab") - Counter("abb"), Counter(a=1) + Counter(a=-1, b=2, c=-3)
c = Counter("abca"); top = c.most_common(1); c.update("a"); total = sum(c.values()); el = sorted(c.elements())
q = deque([1, 2, 3], maxlen=3); q.append(4); q.appendleft(0); left = q.popleft(); q.rotate(1); n = q.maxlen
P = namedtuple("P", "x y", defaults=[5])
p = P(1)
r = p.x, p.y, p[0], p._replace(x=9), p._asdict(), P._fields, len(p), list(p), P._make([7, 8]), repr(p), p == (1, 5)
x, y = p
s = isinstance(p, tuple)
""",
    "numbers have methods": """
a = (5).bit_length(), 2.0.is_integer(), (3).real, 1.5.as_integer_ratio(), (1 + 2j).conjugate()
b = (255).to_bytes(2, "big"), int.from_bytes(b"a", "big")
""",
    "special methods": """
class D(dict):
    def __getitem__(self, key): return super().__getitem__(key) * 2
    def __setitem__(self, key, value): super().__setitem__(key, value + 1)
d = D()
d["a"] = 1
a = d["a"], (3).__add__(4), [1, 2].__len__(), "a".__eq__("a"), (1).__class__ is int, len(d)
class L(list):
    def append(self, x): super().append(x * 10)
l = L(); l.append(1); l.extend([2]); b = list(l), l[0], len(l)
""",
    "generators": """
def g(n):
    for i in range(n):
        yield i * i
a = list(g(4)), sum(g(4)), max(g(3)), [*g(2)]
it = g(3)
b = next(it), next(it), list(it)
def h():
    yield 1
    yield from g(3)
c = tuple(h())
""",
    "constants": "a = __debug__, Ellipsis, NotImplemented, ...",
    "exceptions": """
try:
    raise ValueError("bad", 3)
except (TypeError, ValueError) as e:
    a = e.args, str(e), type(e).__name__, isinstance(e, Exception)
try:
    {}["k"]
except KeyError as e:
    b = isinstance(e, LookupError)
try:
    [].pop()
except IndexError as e:
    c = str(e)
class Own(RuntimeError): pass
try:
    raise Own("x")
except RuntimeError as e:
    d = str(e), e.args
""",
}

RAISES = [
    "next(iter([]))",
    "len(3)",
    "[].pop()",
    "{}['a']",
    "[].remove(1)",
    "(1).foo",
    "'a'.foo",
    "[].appendleft(1)",
    "{}.append(1)",
    "None.x",
    "min([])",
    "max()",
    "sorted([1, 'a'])",
    "sum(['a'])",
    "int('x')",
    "' '.join([1])",
    "list(zip([1], [1, 2], strict=True))",
    "'abc'.index('z')",
    "{1}.remove(2)",
    "raise StopIteration",
    "[1, 2].index(3)",
    "reversed({1})",
    "iter(3)",
    "next([])",
    "frozenset().add(1)",
    "object().x",
    "ord('ab')",
    "1 / 0",
    "round('a')",
    "vars(3)",
    "hash([])",
    "{[]: 1}",
    "getattr(3, 'x')",
    "chr(-1)",
]


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_the_same_as_python(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", RAISES)
def test_raises_as_python_does(text: str) -> None:
    raises(text)()


def test_every_builtin_name_is_there() -> None:
    site = {"copyright", "credits", "license", "True", "False", "None", "_"}
    names = {n for n in dir(builtins) if not (n.startswith("__") and n not in ("__debug__", "__import__"))}
    assert names - site <= set(modelled.NAMES) | {"anext", "aiter", "PythonFinalizationError"}


def test_identities_are_the_same_in_every_run() -> None:
    text = "a, b = [1], [1]\nsame = id(a) == id(a) != id(b)\nnumber = id(a)\nseen = {id(a): 1}\nknown = id(b) in seen\n"
    first, second = read(text), read(text)
    assert (first["same"], first["known"]) == (True, False)
    assert first["number"] == second["number"]


def test_what_becomes_of_an_ordered_dict_is_one() -> None:
    check(
        "import copy\nfrom collections import OrderedDict, defaultdict\na = OrderedDict([('a', 1)])\n"
        "d = defaultdict(list, {'a': [1]})\n"
        "class Mine(dict): pass\n"
        "b = [copy.copy(a), copy.deepcopy(a), a.copy(), a | {'b': 2}, {'b': 2} | a, OrderedDict(a), type(a)(a), dict(a),\n"
        "     OrderedDict.fromkeys('ab', 2), OrderedDict.fromkeys(['c']), Mine.fromkeys('ab'), dict.fromkeys('ab', 3)]\n"
        "x = [type(v).__name__ for v in b]\n"
        "y = [({} | d)['b'], (d | {})['b'], type(d | {}).__name__]\n"
        "a |= {'c': 3}\na |= [('d', 4)]\nz = [type(a).__name__, list(a)]\n"
    )


def test_a_dict_united_with_one_that_is_not_fully_known_is_not_either() -> None:
    found = read("import library\nd = {'a': 1}\nd |= {**library.settings()}\nx = d['b']\n")
    assert isinstance(found["x"], Unknown)
