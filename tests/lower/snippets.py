"""Every kind of statement and expression in small, each a file of its own; all of them valid since Python 3.10."""

from __future__ import annotations

__all__ = ["SNIPPETS"]

SNIPPETS = [
    "",
    "\n\n# only a comment\n",
    '"""A docstring."""\n',
    '"in " "two"\nx = 1\n',
    "f'no docstring'\n",
    "b'no docstring'\n",
    # numbers
    "x = 1_000, 0x_FF, 0b1010, 0o17, 00, 1., .5, 1e3, 1_0.0_1e-1_0, 1j, 2.5J",
    "x = -1, +1, ~1, not 1, - - 1, not not x, -x ** -y",
    # names and constants
    "True, False, None, ..., x, __debug__, é, 变量",
    # strings
    r"""x = 'a', "b", r'\d', b'\x00', Rb'\d', u'c', '\N{EN DASH}\u00e9\x41', '''x
y''', 'a\
b' """,
    r"x = 'a' 'b', 'a' r'\d', b'a' b'\x01', ('a'  # why" + "\n     'b')",
    "x = ('é' 'b' \\\n  'c').format(a.b)",
    r"x = 'invalid \d escape'",
    # f-strings
    "f'', f'a', f'{a}', f'{a}{b}', f'{{}}', f'{{{a}}}', f'}}', rf'\\d{a}\\{b}', F'{a}', fr'\\{a}'",
    "f'{a!r}', f'{a!s:>10}', f'{a:{w}.{p}}', f'{a:%Y-%m}', f'{a!r:^{w}}', f'{a:{{}}}' if 0 else f'{a:x}'",
    "f'{a=}', f'{ a = }', f'{a=!s}', f'{a=:>5}', f'{a.b(1)=}', f'x{a}y{b=}z'",
    "f'{a.b[0](1, x=2)}', f'{a, b}', f'{a,}', f'é{a, b , }', f'{a, *b}', f'{(a)}', f'{(a, b)}', "
    "f'{ (yield) }' if 0 else f'{[x for x in y]}'",
    "f'{x if y else z}', f'{lambda_(1)}', f'{(lambda x: 1)}', f'{ {1: 2}[1] }', f'{x!r}' 'b' f'{y}'",
    "f'é{x.y}𝔸{z[1]}', 'é' f'{a.b}' f'𝔸{c.d}'; g(x.y)",
    "f'''{\n  a.b(\n   1)\n} and {c.d}''' + e.f",
    "if x:\n    y = (f'{a.b}'\n         'é' f'{c.d}'  # why\n\n         f'{e.f + 1}')\n",
    "if x:\n    if y:\n        z = f'''\n  {a.b(1,\n       c.d)}\n{e(\nf, g)} {h.i}'''\n",
    "f'{f\"{x.y}\"}', f'{f\"{x!r:{w}}\" + z}'",
    'f\'\\n{a}\\t\\x41{b}\\N{EN DASH}{c}"\', f"""\'"{a}\\""""',
    "x = f'{a}' \\\n  f'{b.c}'",
    # operators
    "a + b - c * d / e // f % g ** h @ i << j >> k | l ^ m & n",
    "((a + (b)) - ((c)))\n(a\n + b)",
    "a ** b ** c, (a ** b) ** c, a - (b - c)",
    "a and b and c, a or b or c, a and b or c and d, (a and b) and c, a and (b and c), not a and b",
    "a or b and (c or d) or (e)",
    "a < b <= c != d == e > f >= g, a in b, a not in b, a is b, a is not b, a not  in b, a is  not b, (a < b) < c",
    "a if b else c, a if b else c if d else e, (a if b else c) if d else e",
    "(x := 1), f(x := 2), [y := 1, y ** 2], x[(y := 1)]",
    # attributes, calls, subscripts
    "a.b.c.d, a . b, (a).b, (a.b).c, 1 .real, 'x'.join, a\\\n.b",
    "f(), f(a), f(a,), f(a, b), f(*a), f(**a), f(a, *b, c=1, *d, **e, g=2), f(a)(b)(c), (f)(a), f (a)",
    "f(x for x in y), f((x for x in y)), f(a, (x for x in y)), f(\n  x for x in y\n)",
    "a.b(c).d[e].f(g)[h](i), (a.b)(c), ((a)(b)).c, (a\n .b()\n .c())",
    "a[0], a[-1], a[b], a[b, c], a[b,], a[(b, c)], a[()], a[...], a[b][c], a[b.c], (a)[(b)], a[(b)]",
    "a[:], a[::], a[1:], a[:1], a[1:2], a[1:2:3], a[::3], a[:, None, ..., 1:2, b], a[b:c, d:e], a[(1):(2)]",
    "a[lambda: 1], a[b if c else d], a[x := 1]",
    # displays
    "(), (a,), (a, b), a, b\n(a), ((a,)), ((), ())",
    "a,\n*b, c\n(*b,)",
    "[], [a], [a, *b], [[a], [b]], {a}, {a, *b}, {}, {a: b}, {a: b, **c, d: e}, {**a}, [a,], {a: b,}",
    "x = {\n    'a': (1,\n        2),\n}",
    "[a for b in c], [a for b in c if d if e], [a for b in c for d in e if f], {a for b in c}, {a: b for c, d in e}",
    "(a for b in c), ((a) for (b) in (c)), [a for b, *c in d], [[a for a in b] for b in c]",
    "lambda: 1, lambda x: x, lambda x, y=1, *z, w, v=2, **u: x, lambda *, x: x, lambda x, /, y: (x, y), lambda *a: a",
    # assignments
    "a = b\na = b = c\na, b = c\n(a, b) = [c, d] = e\na.b = c\na[b] = c\n*a, b = c\n[a, *b] = c\n(a) = b\na = b,",
    "a: int\na: int = 1\na.b: int = 1\na[b]: 'x' = 1\na: tuple = 1, 2",
    "a += 1; a -= 1; a *= 1; a /= 1; a //= 1; a %= 1; a **= 1; a @= 1; a <<= 1; a >>= 1; a |= 1; a ^= 1; a &= 1",
    "a.b += c\na[b] += c,\na += yield_",
    "del a\ndel a, b\ndel (a), b\ndel (a, b)\ndel a.b, c[d]\ndel (a)\ndel a,",
    # simple statements
    "pass; pass\npass;\n",
    "assert a\nassert a, b\nassert (a, b)",
    "raise\nraise a\nraise a from b\nraise a(b) from None",
    "import a\nimport a.b.c\nimport a as b, c.d as e, f",
    "from a import b\nfrom a.b import c as d, e\nfrom a import (b, c as d,)\nfrom a import *\n"
    "from . import b\nfrom .a import b\n"
    "from ... import b\nfrom .... a.b import (\n  c,\n)",
    "def f():\n    global a, b\n    nonlocal_ = 1\n    return\n",
    "def f():\n    x = 1\n    def g():\n        nonlocal x\n        return x, 1\n    return g()\n",
    # compound statements
    "if a: pass\n",
    "if a: b; c\nelse: d; e\n",
    "if a:\n    b\nelif c:\n    d\nelif e: f\nelse:\n    g\n",
    "if a:\n    b\nelse:\n    if c:\n        d\n    else: e\n",
    "while a:\n    break\nelse:\n    b\n",
    "for a in b: continue\n",
    "for a, b in c, d:\n    e\nelse:\n    f\nfor (a, *b) in *c, d: pass\n",
    "for a.b in c: pass\nfor a[b] in c: pass\n",
    "with a: pass\nwith a as b: pass\nwith a, b as c: pass\nwith (a, b): pass\nwith (a as b, c as d,): pass\n"
    "with (a): pass\n"
    "with (a) as b: pass\nwith (a, b) as c: pass\nwith a as (b, c): pass\nwith a() as b.c, d() as e[f]: pass\n",
    "try: a\nexcept: b\n",
    "try:\n    a\nexcept b:\n    c\nexcept (d, e) as f:\n    g\nelse:\n    h\nfinally:\n    i\n",
    "try: a\nfinally: b\n",
    # functions and classes
    "def f(): pass\n",
    "def f(a, b=1, *c, d, e=2, **g): return a\n",
    "def f(a, /, b, *, c): ...\ndef f(a=1, /, b=2): ...\ndef f(*, c=1): ...\ndef f(*a): ...\n"
    "def f(**a): ...\ndef f(a, /): ...\n",
    "def f(a: int, b: 'x' = 1, *c: int, d: (int) = 2, **e: int) -> a.b[c]: ...\n",
    "def f():\n    'A docstring.'\n    return 1\ndef g(): 'one line'; return 2\ndef h():\n    ('in ' 'brackets')\n",
    "@a\n@b.c\n@d(e, f=1)\n# why\n@(g)\n@h[0]\ndef f(): ...\n@a\nclass A: ...\n",
    "def  f (a ,b) : ...\nclass  A : ...\nasync   def  f(): ...\ndef \\\n  g(): ...\nclass \\\n A: ...\n",
    "async def f():\n    await a\n    async with b as c: pass\n    async for d in e: pass\n"
    "    return [x async for x in y]\n",
    "def f():\n    yield\n    yield 1\n    x = yield 1, 2\n    y = yield from z\n    (yield)\n    return 'yield'\n",
    "def f():\n    def g(): yield 1\n    return lambda: (yield)\ndef h():\n    def i(x=(yield)): ...\n"
    "def j():\n    'yield'\n",
    "def f():\n    class A((yield)): ...\ndef g():\n    lambda x=(yield): 1\ndef h():\n    @(yield)\n"
    "    def i(): ...\n",
    "class A: pass\nclass A(): pass\nclass A(B, C): pass\nclass A(B, metaclass=M, **k): pass\nclass A(*B, "
    "x=1): pass\n",
    "class A:\n    'A docstring.'\n    x: int = 1\n    def f(self): return self.x\n    class B(C.D):\n"
    "        y = 1\n",
    # patterns
    "match a:\n    case 1: pass\n    case -1 | +_x.y | 1.5 | -1 + 2j | 'a' 'b' | None | True: pass\n".replace(
        "+_x.y", "x.y"
    ),
    "match a, b:\n    case x, y: pass\n    case (x, y) if x > y: pass\n    case [x, *y]: pass\n"
    "    case [*_]: pass\n    case x,: pass\n"
    "    case (): pass\n    case []: pass\n    case *x, y: pass\n",
    "match (a):\n    case {}: pass\n    case {'a': 1, -1: x, b.c: _, None: y}: pass\n    case {'a': x, "
    "**rest}: pass\n    case {**rest}: pass\n",
    "match a:\n    case A(): pass\n    case A(1, x): pass\n    case a.B(x=1, y=z): pass\n    case A(1, "
    "x=[y],): pass\n",
    "match a:\n    case 1 as x: pass\n    case (1 | 2) as y: pass\n    case [(A() as x), _]: pass\n"
    "    case (x): pass\n    case _: pass\n",
    "match = 1\nmatch.x\nmatch(1)\ncase = match[0]\ntype = 1\n",
    # layout
    "x = (1 +\n\n  # why\n     2)\n",
    "if x:\n\ty.z\n\tif w:\n\t\tv.u\n",
    "x.y\r\nif z:\r\n    f'{a.b}'\r\n    w.v\r\n",
    "x.y\rif z:\r  w.v\r",
    "\x0cx.y\nif z:\n    \x0c\n    w.v\n",
    "é.ü(𝔸=1)[ñ] + 'é' + ẞ.x  # é\nx = {'é': a.b, 'ö': c.d}\n",
    "def é(ñ: ü.x = 'é', *𝔸: x) -> ß: return ñ.é\nclass É(Ö.x): ñ = 1\n",
    "x = 1  # no newline at the end",
]
