"""Whatever is done to whatever: an answer comes, or the program raises."""

from __future__ import annotations

import pytest

from tests.interp.random_calls import troubles


@pytest.mark.parametrize("seed", range(8))
def test_nothing_else_ever_comes_out(seed: int) -> None:
    assert next(troubles(seed, 400), None) is None
