"""Lists of numbers over a range: what Python counts, whether the host counts them as one or the interpreter each."""

from __future__ import annotations

import random

import pytest

from tests.interp.programs import check, raises, read

SAME = {
    "positions": """
import math
d = 48
a = [[p / 10000 ** (2 * (j // 2) / d) for j in range(d)] for p in range(40)]
b = [math.sin(math.exp(-math.log(1e4) * i / d)) for i in range(0, 2 * d, 2)]
c = [-i + 3 for i in range(90, 10, -2)], [(i % 7) // 2.5 for i in range(-40, 0)]
""",
    "scopes": """
i = 7.5
k = 2
def f(n, m):
    return [i * n + m - k for m in range(33)]
a = f(3, None), [i + i for i in range(32)], i
class A:
    k = 5
    held = [j * 2 for j in range(32)]
b = A.held
held = [lambda: 1 for j in range(40)]
c = [f() for f in held], [x.real for x in range(34)]
""",
    "kinds": """
a = [True + j for j in range(40)], [j ** 2 for j in range(40)], [2 ** j for j in range(70)], [j for j in range(40)]
b = [(j - 20.0) ** 0.5 for j in range(40)], [(-8.0) ** (1 / 3) + j for j in range(32)], [1j * j for j in range(32)]
t = "ab"
c = [t * j for j in range(33)], [(t, j) for j in range(33)], [j + 0 for j in range(10**30, 10**30 + 40)]
""",
    "own functions": """
class math:
    sin = staticmethod(lambda x: [x])
a = [math.sin(j) for j in range(40)]
def exp(x, y=2): return x + y
b = [exp(j) for j in range(40)], [exp(j, j) for j in range(40)]
""",
    "another function the second time": """
import math
def f(g):
    return [g(j / 2) for j in range(32)]
a = f(math.sin), f(math.cos), f(str), f(lambda x: x)
""",
}
RAISES = {
    "zero": "a = [1 / (j - 35) for j in range(40)]",
    "a name": "a = [1 / nowhere for j in range(40)]",
    "too large": "a = [10.0 ** (j * 10) for j in range(40)]",
    "no number": "x = None\na = [x + j for j in range(40)]",
    "a domain": "import math\na = [math.sqrt(3 - j) for j in range(40)]",
    "too few": "import math\na = [math.pow(j) for j in range(40)]",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_counts_as_python_does(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", RAISES.values(), ids=RAISES.keys())
def test_raises_as_python_does(text: str) -> None:
    raises(text)()


def test_random_expressions() -> None:
    dice = random.Random(7)

    def element(depth: int) -> str:
        if depth == 0 or dice.random() < 0.2:
            return dice.choice(["j", "j", "n", "r", "3", "0.5", "-2", "10000"])
        a, b = element(depth - 1), element(depth - 1)
        both = [f"({a} {op} {b})" for op in "+-*"]
        safe = [f"({a} / ({b} + 0.7))", f"({a} // ({b} + 1e5))", f"({a} % 13)", f"(2.5 ** ({a} % 5))"]
        return dice.choice([*both, *safe, f"(-{a})", f"math.cos({a})"])

    lines = [
        f"a{k} = [{element(4)} for j in range({dice.randint(-40, 3)}, {dice.randint(30, 60)})]"
        for k in range(60)
    ]
    check("\n".join(["import math", "n, r = 11, -1.25", *lines]))


def test_a_table_of_a_million_numbers_is_known() -> None:
    """Item by item it takes more steps than a file may."""
    text = "t = [[p / 10000 ** (2 * (j // 2) / 1024) for j in range(1024)] for p in range(1024)]\na = t[1023][1022]"
    assert read(text)["a"] == 1023 / 10000 ** (1022 / 1024)
