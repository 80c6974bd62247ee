"""Programs that would run for ever or fill the memory: huge counts, deep nesting, long chains, sizes that grow without bound."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.fuzz.program import Program

_HUGE = (
    "10**9",
    "2**31",
    "2**63",
    "10**18",
    "10**400",
    "-(10**9)",
    "1 << 40",
    "2**10**4",
    "sys.maxsize",
    "9" * 500,
    "float('inf')",
)

# `@` is a huge number.
_VALUES = (
    "list(range(@))", "[0] * @", "'a' * @", "(1,) * @", "b'a' * @", "2 ** @", "@ ** @", "1 << @", "range(@)[::2]", "sum(range(@))", "tuple(range(@))",
    "set(range(@))", "sorted(range(@))", "max(range(@))", "list(itertools.product(range(100), repeat=10))", "list(itertools.permutations(range(50)))",
    "list(itertools.combinations(range(60), 30))", "[i for i in range(@)]", "{i: i for i in range(@)}", "list(itertools.repeat(0, @))", "'{:>@}'.format(1)".replace("@", "1000000000"),
    "'%*d' % (@, 1)", "f'{1:{@}}'", "'a'.rjust(@)", "'a'.ljust(@)", "'a'.center(@)", "'a'.zfill(@)", "'\\t'.expandtabs(@)", "','.join(['a'] * @)", "bytes(@)", "bytearray(@)",
    "math.factorial(@)", "math.comb(@, @ // 2)", "int('9' * 10**6)", "str(10 ** 10**6)", "list(map(str, range(@)))", "list(zip(range(@), range(@)))", "list(enumerate(range(@)))",
    "list(reversed(range(@)))", "any(range(@))", "all(range(1, @))", "min(i for i in range(@))", "next(i for i in itertools.count() if i > @)", "list(itertools.islice(itertools.count(), @))",
    "list(itertools.accumulate(range(@)))", "functools.reduce(operator.mul, range(1, @))", "collections.Counter(range(@))", "collections.deque(range(@), 3)", "dict.fromkeys(range(@))",
    "random.sample(range(@), 10)", "random.choices(xs, k=@)", "pow(3, @, 7)", "round(@, -@)", "divmod(@, 3)", "@ % 7", "float(@)", "hash(@)", "hex(@)", "bin(1 << @)", "-@ // 7", "math.isqrt(@)",
    "torch.zeros(@)", "torch.zeros(@, @)", "torch.arange(@)", "torch.arange(@).tolist()", "torch.zeros(@).tolist()", "torch.zeros(3).repeat(@)", "torch.zeros(3).expand(@, 3)", "list(torch.zeros(@))",
    "torch.zeros(@).split(1)", "torch.zeros(@).chunk(@)", "torch.zeros(@, 2).unbind(0)", "torch.eye(@)", "torch.zeros(2, 3).view(@, -1)", "torch.zeros(*range(1, @))", "torch.zeros([2] * @)",
    "torch.stack([x] * @)", "torch.cat([x] * @)", "torch.tensor(range(@))", "torch.linspace(0, 1, @)", "torch.tril_indices(@, @)", "torch.combinations(torch.arange(@), 5)", "x[(None,) * @]",
    "x.unsqueeze(@)", "x.permute(*range(@))", "x.unfold(0, 1, @)", "F.pad(x, (@,) * 4)", "F.one_hot(torch.zeros(2).long(), @)", "F.interpolate(x[None, None], scale_factor=@)", "x.flatten(@)",
    "nn.Linear(@, @)", "nn.Linear(3, @)(x)", "nn.Conv2d(@, @, @)", "nn.Sequential(*[nn.Linear(3, 3) for _ in range(@)])", "nn.ModuleList([nn.Linear(3, 3)] * @)", "nn.LSTM(3, 3, @)",
    "nn.Embedding(@, @)", "nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2), @)", "nn.Conv2d(3, 3, 3, padding=@)(torch.zeros(1, 3, 8, 8))", "nn.PixelShuffle(@)", "nn.MaxPool2d(1, @)",
    "nn.AdaptiveAvgPool2d(@)(torch.zeros(1, 3, 8, 8))", "nn.Upsample(scale_factor=@)(torch.zeros(1, 3, 8, 8))", "nn.LayerNorm([2] * @)", "nn.ParameterList([x] * @)", "np.zeros(@)", "np.arange(@).tolist()",
    "re.match(r'(((a+)+)+)+$', 'a' * 40 + 'b')", "re.findall(r'(x+x+)+y', 'x' * 50)", "re.sub(r'(a|aa)+$', '', 'a' * 60 + 'b')", "re.compile('(' * 500 + ')' * 500)", "re.split(r'(.*)*,', 'a' * 40)",
    "re.match(r'^(\\d+)*$', '1' * 40 + 'x')", "re.match('a{0,10000}' * 20 + 'b', 'a' * 200)", "'a' * 10**5 in 'a' * 10**6", "('a' * 10**5).replace('a', 'b' * 10**5)", "('ab' * 10**5).split('a')",
    "einops.rearrange(x, '(a b) c -> a b c', a=@)", "einops.repeat(x, 'a b -> a b c', c=@)", "torch.einsum('ab,bc->ac' * 1000, x, x)", "torch.einsum(','.join(['ab'] * 1000), *[x] * 1000)",
    "copy.deepcopy([[[0] * 10] * 10] * 10**5)", "str([0] * @)", "repr('a' * @)", "[[0] * 1000] * 1000", "[list(range(1000)) for _ in range(1000)]", "sorted([3, 1] * 10**6)", "list('a' * 10**7)",
    "torch.Size([2] * @)", "slice(@).indices(@)", "list(range(0, @, @ // 7 or 1))", "xs[:@]", "xs * 10**5 + xs", "operator.mul(xs, @)", "operator.pow(10, @)", "xs.__mul__(@)", "int.__pow__(10, @)",
    "math.prod([@] * 1000)", "sum([@] * 1000)", "sum([xs] * 10**4, [])", "math.gcd(@, @)", "math.lcm(*range(1, 10**4))", "textwrap.wrap('a ' * 10**6)", "string.ascii_letters * @", "datetime.timedelta(@)",
    "'a'.join('b' * 10**6)", "'%s' % ('a' * 10**7)", "('a' * 10**4).join(['a' * 10**4] * 10**4)", "int.from_bytes(b'a' * 10**6, 'big')", "(@).bit_length()", "(10**@).to_bytes(@, 'big')", "ord('a') * chr(97) * @",
)  # fmt: skip

_LOOPS = (
    "k = 0\nwhile k < @:\n    k += 1\ny = torch.zeros(k)", "for i in range(@):\n    x = torch.cat([x, x])", "for i in range(@):\n    xs.append(xs)", "while True:\n    x = x + 1", "for i in iter(int, 1):\n    pass",
    "for i in itertools.count():\n    xs.append(i)", "for i in itertools.cycle(xs):\n    d[i] = xs", "s = 'a'\nfor i in range(100):\n    s = s + s", "k = 2\nfor i in range(100):\n    k = k * k", "k = 3\nfor i in range(100):\n    k **= k",
    "t = [1]\nfor i in range(100):\n    t = t + t", "t = (1,)\nfor i in range(100):\n    t = (t, t)\nhash(t)\nt == copy.deepcopy(t)\nstr(t)", "t = []\nfor i in range(10**4):\n    t = [t]\nstr(t)\ncopy.deepcopy(t)\nt == t\nt < t",
    "t = {}\nfor i in range(5000):\n    t = {'k': t}\nrepr(t)\ncopy.deepcopy(t)", "def f(*a): return f(*a, *a)\nf(1)", "def f(k): return f(k - 1) + f(k - 2) if k > 1 else 1\nf(60)", "def f(k): return [f(k - 1) for _ in range(10)] if k else 0\nf(12)",
    "def g():\n    while True: yield g()\nlist(g())", "def g(k):\n    yield from g(k + 1)\nlist(g(0))", "m = nn.Linear(3, 3)\nfor i in range(2000):\n    m = nn.Sequential(m)\nm(x)\nsum(p.numel() for p in m.parameters())\nm.state_dict()\ncopy.deepcopy(m)\nstr(m)",
    "m = nn.Linear(3, 3)\nfor i in range(60):\n    m = nn.Sequential(m, m)\nm(x)\nsum(p.numel() for p in m.parameters())\nlist(m.modules())", "h = x\nfor i in range(3000):\n    h = h.unsqueeze(0)\nh.shape", "for i in range(100):\n    x = x.repeat(2, 2)",
    "for i in range(300):\n    x = x.view(-1) @ x.view(-1).T if torch.rand(1) > 0.5 else x.unsqueeze(0)", "c = 0\nfor i in range(30):\n    c = c + i if torch.rand(1) > 0.5 else c * 2\ntorch.zeros(c)", "class A: pass\nfor i in range(3000):\n    A = type('A', (A,), {})\nA()",
    "f = lambda: 0\nfor i in range(5000):\n    f = (lambda g: lambda: g())(f)\nf()", "import functools\nf = len\nfor i in range(3000):\n    f = functools.partial(f)\nf(xs)", "for i in range(50):\n    exec('x = x')\n    setattr(nn, f'L{i}', type(f'L{i}', (nn.Linear,), {}))",
    "for a in range(1000):\n    for b in range(1000):\n        for c in range(1000):\n            d[a, b, c] = torch.zeros(a, b, c)", "g = (i for i in range(@))\nfor i in range(3000):\n    g = (j for j in g)\nnext(g)", "it = iter(xs)\nfor i in range(3000):\n    it = itertools.chain(it, xs)\nlist(it)",
    "m = map(str, range(@))\nfor i in range(2000):\n    m = map(str, m)\nlist(m)", "while xs:\n    xs.append(xs.pop())", "d = collections.defaultdict(lambda: d)\nd[1][2][3] = d\nwhile d:\n    d = d[1]", "e = Exception()\nfor i in range(5000):\n    e.__cause__ = Exception(e); e = e.__cause__\nraise e",
)  # fmt: skip


def _of_values(rng: Random) -> str:
    huge = rng.choice(_HUGE)
    lines = [f"v{i} = " + rng.choice(_VALUES).replace("@", huge) for i in range(rng.choice((1, 2, 3)))]
    if rng.random() < 0.3:
        return "\n".join(f"try: {line}\nexcept Exception: pass" for line in lines)
    return "\n".join(lines) + "\nprint(v0, str(v0), len(v0), v0 == v0, [*v0])"


def _of_loops(rng: Random) -> str:
    return rng.choice(_LOOPS).replace("@", rng.choice(_HUGE))


def _nested(rng: Random) -> str:
    """Deep nesting, by one kind of bracket or block."""
    depth = rng.choice((20, 50, 95, 150, 400, 2_000))
    opened, core, closed = rng.choice((
        ("(", "1", ")"), ("[", "", "]"), ("{'a':", "1", "}"), ("f(", "1", ")"), ("-", "1", ""), ("not ", "1", ""), ("lambda: ", "1", ""), ("1 if ", "a", " else 2"), ("nn.Sequential(", "nn.ReLU()", ")"),
        ("[", "0", " for i in xs]"), ("x[", "0", "]"), ("(1,", "2", ")"), ("1 + ", "1", ""), ("2 ** ", "2", ""), ("(yield ", "1", ")"), ("*", "xs", ""), ("await ", "x", ""), ("xs or ", "1", ""), ("1 < ", "1", ""), ("(w:=", "1", ")"),
    ))  # fmt: skip
    expression = opened * depth + core + closed * depth
    return rng.choice(
        (
            "v = E",
            "def g():\n    return E\ng()",
            "x.view(E)",
            "for i in E: pass",
            "class A:\n    v = E",
            "match E:\n    case _: pass",
        )
    ).replace("E", expression)


def _blocks(rng: Random) -> str:
    depth = rng.choice((5, 10, 15, 19, 60, 90))
    head = rng.choice(
        (
            "if x.sum() > 0:",
            "for i in xs:",
            "while a:",
            "try:",
            "with o:",
            "def g():",
            "class A:",
            "for i in range(9):",
        )
    )
    lines = []
    for i in range(depth):
        lines.append("  " * i + head)
    lines.append("  " * depth + "x = torch.zeros(3, 4) @ x")
    if head == "try:":
        for i in range(depth - 1, -1, -1):
            lines += ["  " * i + rng.choice(("finally:", "except Exception:")), "  " * i + "  y = x"]
    return "\n".join(lines)


def _chains(rng: Random) -> str:
    """The same thing many times: terms, branches, statements, arguments, keys."""
    many = rng.choice((100, 500, 900, 1_500, 4_000))
    return rng.choice((
        lambda: "v = " + " + ".join(f"n{i % 7}" for i in range(many)), lambda: "v = x" + ".view(-1)" * many, lambda: "v = f(" + ", ".join(f"a{i}=1" for i in range(many)) + ")",
        lambda: "if a == 0: pass\n" + "\n".join(f"elif a == {i}: x = torch.zeros({i})" for i in range(many)), lambda: "\n".join(f"if x.sum() > {i}: x = torch.zeros({i})" for i in range(many)),
        lambda: "v = [" + "0, " * many * 5 + "]", lambda: "v = {" + "".join(f"'k{i}': {i}, " for i in range(many)) + "}", lambda: "def g(" + ", ".join(f"p{i}=None" for i in range(min(many, 900))) + "): pass\ng()",
        lambda: "\n".join(f"x = nn.Linear({i}, {i + 1})(x)" for i in range(many)), lambda: "def g(c):\n" + "\n".join(f"    c = c * 2 + {i}" for i in range(many)) + "\n    return torch.zeros(c)",
        lambda: "def g(" + ", ".join(f"p{i}" for i in range(40)) + "):\n    return torch.zeros(" + " * ".join(f"(p{i} + 1)" for i in range(40)) + ")", lambda: "v = '" + "{}" * many + "'.format(*xs)",
        lambda: "def g(a, b, c):\n    return torch.zeros((a + b + c + 1) ** " + str(rng.choice((8, 30, 200))) + ")", lambda: "def g(a, b, c, d):\n    k = a + b + c + d\n" + "    k = k * k\n" * 12 + "    return torch.zeros(k)",
        lambda: "def g(a, b):\n    k = a\n" + "    k = (k // 2 + b) % 7 * k\n" * 30 + "    return torch.zeros(k, k)", lambda: "def g(a, b):\n    k = a\n" + "    k = max(k, b) + min(k, a)\n" * 40 + "    return torch.zeros(k)",
        lambda: "class A(nn.Module):\n    def forward(self, q):\n" + "        if q.sum() > 0: q = q.unsqueeze(0)\n" * min(many, 400) + "        return q", lambda: "match a:\n" + "".join(f"    case {i}: x = torch.zeros({i})\n" for i in range(many)),
        lambda: "\n".join(f"def g{i}(q=1): return g{i + 1}(q)" for i in range(many)) + "\ng0()", lambda: "\n".join(f"class A{i + 1}(A{i}): pass" for i in range(many)).replace("(A0)", "") + f"\nA{many}()",
        lambda: "v = f'" + "{a}" * many + "'", lambda: "a" + ".b" * min(many, 900), lambda: "v = " + "(" * 0 + " @ ".join(["x"] * many), lambda: "v = " + " and ".join(["a"] * many), lambda: "v = a" + "[0]" * many, lambda: "#" * many * 50,
    ))()  # fmt: skip


_HEAD = """\
import torch, itertools, functools, operator, math, re, collections, random, copy, sys, einops, textwrap, string, datetime
import numpy as np
import torch.nn.functional as F
from torch import nn
a, xs, d, x = 2, [1, 2, 3], {}, torch.zeros(2, 3)
"""

_KINDS: tuple[Callable[[Random], str], ...] = (_of_values, _of_values, _of_loops, _nested, _blocks, _chains)


def bomb(number: int, rng: Random) -> Program:
    return Program("stdin", (_HEAD + rng.choice(_KINDS)(rng) + "\n").encode())
