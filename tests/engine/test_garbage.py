"""How often garbage is collected is ours to say only while we work."""

from __future__ import annotations

import gc
import weakref
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


class Circle:
    def __init__(self) -> None:
        self.itself = self


def test_what_one_analysis_leaves_is_gone_when_the_next_begins() -> None:
    with seldom_collected():
        left = weakref.ref(Circle())
    gc.disable()
    try:
        assert left() is not None
        with seldom_collected():
            assert left() is None
    finally:
        gc.enable()
