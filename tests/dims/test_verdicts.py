"""YES and NO are proofs: no admissible size contradicts them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shapelint.dims import (
    Undetermined,
    Verdict,
    both,
    choice,
    decide,
    divides,
    equal,
    evaluate,
    less,
    less_equal,
    maximum,
    minimum,
    negate,
    reach,
    symbol,
)

from .expressions import atoms, compute, symbols, trees, values

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN


@settings(max_examples=500, deadline=None)
@given(trees, trees, st.lists(values, min_size=4, max_size=4), st.sets(st.sampled_from("HWnzy")))
def test_no_value_contradicts_a_verdict(
    left: Any, right: Any, places: list[dict[str, int]], known: set[str]
) -> None:
    seen = {name: value for name, value in places[0].items() if name in known}
    named = symbols(seen)
    try:
        a, b = compute(left, named), compute(right, named)
    except ZeroDivisionError:
        assume(False)
        raise
    questions: list[tuple[Verdict, Callable[[int, int], bool]]] = [
        (equal(a, b), lambda x, y: x == y),
        (less(a, b), lambda x, y: x < y),
        (less_equal(a, b), lambda x, y: x <= y),
        (divides(b, a), lambda x, y: x % y == 0 if y else x == 0),
    ]
    for place in places:
        # A symbol that was seen is decided at what was seen.
        at = {**place, **seen}
        try:
            # Python first: where it cannot divide there is no value to contradict anything.
            x, y = compute(left, at), compute(right, at)
            assert evaluate(a, atoms(named, at)) == x
        except (ZeroDivisionError, Undetermined):
            continue
        for verdict, holds in questions:
            if not verdict.unknown:
                assert verdict.yes == holds(x, y), (verdict, x, y)


@settings(max_examples=200, deadline=None)
@given(trees, trees, values)
def test_with_witnesses_every_question_is_decided(left: Any, right: Any, at: dict[str, int]) -> None:
    try:
        x, y = compute(left, at), compute(right, at)
    except ZeroDivisionError:
        assume(False)
        raise
    named = symbols(at)
    a, b = compute(left, named), compute(right, named)
    assert equal(a, b).yes == (x == y)
    assert less(a, b).yes == (x < y)
    assert less_equal(a, b).no == (x > y)


H, W, B, h = (symbol(name) for name in ("H", "W", "B", "h"))


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (equal(H, H + 1), NO),
        (equal(49 * B, B), NO),
        (equal(H, W), UNKNOWN),
        (equal(2 * H, 2 * W + 1), NO),
        (equal(H - H // 2, (H + 1) // 2), YES),
        (equal(3 * H // 2, H + H // 2), YES),
        (equal(H * (W + 1), H), NO),
        (equal(B * H - B, -2 * B), NO),
        (equal(minimum(H, W) + maximum(H, W), H + W), YES),
        (less(0, H), YES),
        (less(H, 0), NO),
        (less(H % 4, 4), YES),
        (less_equal(4 * (H // 4), H), YES),
        (less_equal(h * (W // h), W), YES),
        (less(W, h * (W // h)), NO),
        (less_equal(H, H * W), YES),
        (less_equal(minimum(H, W) // 2, H), YES),
        (less_equal(maximum(H, 5), 4), NO),
        (divides(4, 4 * H), YES),
        (divides(4, 2 * H + 1), NO),
        (divides(2, H * (H + 1)), YES),
        (divides(6, 3 * H), UNKNOWN),
        (divides(2048, 32 * 56 * 56 * B), YES),
        (divides(h, 3 * h * W), YES),
        (divides(2 * h, 2 * W + 1), NO),
        (divides(0, H), NO),
    ],
)
def test_what_is_decided(verdict: Verdict, expected: Verdict) -> None:
    assert verdict is expected


def test_a_choice_is_decided_when_both_sides_agree() -> None:
    key = object()
    one = choice(key, H, H + 2)
    other = choice(key, 3 * H, 3 * H + 6)
    assert equal(3 * one, other) is YES
    assert less(one, H + 3) is YES
    assert equal(one, H + 1) is NO
    assert equal(one, H) is UNKNOWN


def test_a_partly_seen_form_is_decided_at_what_was_seen() -> None:
    height = symbol("H", witness=224)
    assert divides(2048, B * 32 * (height // 4) ** 2) is YES
    assert equal(B * height, B * 224) is YES
    assert less(height, 225) is YES
    assert height is not symbol("H", witness=224)


def test_a_verdict_has_no_truth() -> None:
    with pytest.raises(TypeError):
        bool(YES)
    assert YES.yes and NO.no and UNKNOWN.unknown


def test_verdicts_combine() -> None:
    assert both() is YES
    assert both(YES, YES) is YES
    assert both(YES, UNKNOWN) is UNKNOWN
    assert both(UNKNOWN, NO) is NO
    assert [negate(v) for v in (YES, NO, UNKNOWN)] == [NO, YES, UNKNOWN]


def test_a_question_without_an_answer_is_not_searched_for_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    def search(*_: object) -> None:
        raise AssertionError("two sizes answer it differently")

    batch, height, width = symbol("B"), symbol("H"), symbol("W")
    values = batch * ((height + 5) // 8 - 2) * ((width + 5) // 8 - 2)
    monkeypatch.setattr(decide, "_by_cases", search)
    for unknown in (
        equal(values * 8, 0),
        equal(batch * height * width, 1),
        less(height // 2, 4),
        equal(height, width),
        divides(4, height * width + 3),
    ):
        assert unknown.unknown


def test_sizes_that_are_tried_lie_within_bounds() -> None:
    few = symbol("few", low=5, high=6)
    assert equal(few // 7, 0).yes
    assert less(few, 7).yes
    assert less(few, 6).unknown


def _chain(length: int, first: Any) -> Any:
    for i in range(length):
        first = choice(object(), first, i % 7 - 3)
    return first


def test_a_choice_among_choices_has_the_bounds_of_its_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = reach._opened
    monkeypatch.setattr(reach, "_opened", lambda *given: (opened.append(given), real(*given))[1])
    assert reach.bounds(_chain(300, 0)) == (-3, 3) and not opened  # 300 * 2**5 otherwise
    assert reach.bounds(2 * _chain(5, 4) + 1) == (-5, 9) and not opened


@settings(max_examples=100, deadline=None)
@given(trees, trees, st.integers(-3, 3), st.integers(-9, 9))
def test_opening_one_choice_gives_no_other_bounds(left: Any, right: Any, factor: int, more: int) -> None:
    named = symbols({})
    try:
        a, b = compute(left, named), compute(right, named)
    except (Undetermined, ArithmeticError):
        assume(False)
    form = factor * choice("key", choice("key", a, 3), choice("other", b, a)) + more
    assume(not isinstance(form, int))
    low, high = (
        reach._least(form, [reach.EFFORT], reach.DEPTH),
        reach._least(-form, [reach.EFFORT], reach.DEPTH),
    )
    found = reach.bounds(form)
    assert low is None or (found[0] is not None and found[0] >= low)
    assert high is None or (found[1] is not None and -found[1] >= high)
