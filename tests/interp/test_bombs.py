"""Programs that would fill the memory if they were run are read like any other."""

from __future__ import annotations

import pytest

from shapelint.interp.run import evaluate_text
from shapelint.values import List, Unknown
from tests.interp.programs import read


@pytest.mark.parametrize(
    "expression",
    [
        "'a' * 10**9",
        "10 ** 10**6",
        "f'{1:>1000000000}'",
        "f'{1:>{width}}'",
        "'%1000000000d' % 3",
        "'%*d' % (width, 3)",
        "'{:>1000000000}'.format(1)",
        "'{:>{}}'.format(1, width)",
        "format(1, '>1000000000')",
        "(0,) * 10**9",
    ],
)
def test_what_is_too_large_is_unknown(expression: str) -> None:
    space = evaluate_text(f"width = 10**9\nx = {expression}\ny = 1\n")
    assert isinstance(space.vars["x"], Unknown)
    assert space.vars["y"] == 1


PAIRS = """
seen = {}
order = []
for p in [(i, j) for i in range(30) for j in range(30)]:
    for q in [(i, j) for i in range(30) for j in range(30)]:
        d = (abs(p[0] - q[0]), abs(p[1] - q[1]))
        if d not in seen:
            seen[d] = len(seen)
        order.append(seen[d])
behind = 7
"""


def test_the_rest_of_a_costly_loop_is_evaluated_once() -> None:
    """All pairs of 900 points: too many to turn one by one, and what follows is still evaluated."""
    found = read(PAIRS)
    assert found["behind"] == 7
    assert isinstance(found["order"], List) and found["order"].open is not None


def test_a_loop_of_few_turns_is_exact_however_costly_they_are() -> None:
    found = read(
        "made = []\nfor i in range(3):\n    for j in range(999):\n        for k in range(99):\n            i + j\n    made.append(i)\n"
    )
    assert isinstance(found["made"], List) and (found["made"].items, found["made"].open) == ([0, 1, 2], None)
