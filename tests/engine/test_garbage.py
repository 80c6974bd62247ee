"""How often garbage is collected is ours to say only while we work."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from shapelint.engine import garbage
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


def test_looking_through_everything_takes_a_small_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    done: list[float] = []

    def collect() -> None:
        nonlocal now
        now += 2.0
        done.append(now)

    monkeypatch.setattr(garbage.time, "process_time", lambda: now)
    monkeypatch.setattr(garbage.gc, "collect", collect)
    monkeypatch.setattr(garbage, "_ended", 0.0)
    monkeypatch.setattr(garbage, "_took", 0.0)
    assert garbage.collect_all(at_once=False)
    for _ in range(100):
        now += 1.0
        garbage.collect_all(at_once=False)
    assert 3 <= len(done) <= 4  # 2 of every 42 seconds
    assert not garbage.collect_all(at_once=False)
    assert garbage.collect_all(at_once=True)
