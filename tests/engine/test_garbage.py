"""How often garbage is collected is ours to say only while we work."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from shapelint.engine.garbage import THRESHOLD, seldom_collected


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize(
    ("given", "meanwhile"), [(700, THRESHOLD), (2 * THRESHOLD, 2 * THRESHOLD), (0, 0)]
)  # 0: never
def test_the_threshold_is_raised_for_a_while(given: int, meanwhile: int) -> None:
    gc.set_threshold(given, 10, 10)
    with pytest.raises(KeyError), seldom_collected():
        assert gc.get_threshold() == (meanwhile, 10, 10)
        raise KeyError
    assert gc.get_threshold() == (given, 10, 10)
