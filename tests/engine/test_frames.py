"""Calls at any depth take no fresh memory from the system."""

from __future__ import annotations

import sys

import pytest

from shapelint.engine.frames import in_one_piece

resource = pytest.importorskip("resource")


def leaf() -> list[int]:
    """Has a frame that is larger than the step from one depth to the next, so that some depth meets each end of a piece."""
    a = b = c = d = e = f = g = h = i = j = k = m = n = o = p = q = r = s = t = u = v = w = x = y = z = 0
    return [a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z]


def faults(depth: int) -> list[int]:
    """The pages that the system gave during a thousand calls, at each depth up to this one."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(1000):
        leaf()
    mine = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return [mine, *(faults(depth - 1) if depth else ())]


@pytest.mark.skipif(
    sys.implementation.name != "cpython" or sys.version_info < (3, 11), reason="frames lie elsewhere"
)
def test_no_depth_is_slow() -> None:
    in_one_piece(faults)(600)  # the pages are there
    assert max(in_one_piece(faults)(600)) < 500


def test_it_is_the_same_function() -> None:
    @in_one_piece
    def divided(a: int, b: int = 2) -> tuple[int, int]:
        """Both parts."""
        return divmod(a, b)

    assert divided(7) == (3, 1) and divided(7, b=4) == (1, 3)
    assert divided.__doc__ == "Both parts." and divided.__name__ == "divided"
    with pytest.raises(ZeroDivisionError):
        divided(1, 0)
