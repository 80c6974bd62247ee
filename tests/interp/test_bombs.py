"""Programs that would fill the memory if they were run are read like any other."""

from __future__ import annotations

import pytest

from shapelint.interp.run import evaluate_text
from shapelint.values import Unknown


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
