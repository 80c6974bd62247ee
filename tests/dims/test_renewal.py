"""Forms under conditions of their own are built as they were, and nobody may conclude that they are equal."""

from __future__ import annotations

from shapelint.dims import Sym, bounds, choice, equal, maximum, symbol
from shapelint.dims.form import MAX_DEGREE
from shapelint.dims.renewal import Renewal, conditions


def _size(dim: object) -> Sym:
    assert isinstance(dim, Sym)
    return dim


def _renewed(*forms: object, old: tuple[object, ...]) -> list[Sym]:
    return [_size(form) for form in Renewal([_size(f) for f in forms], [id(key) for key in old]).again()[0]]


def test_one_condition_in_several_forms_stays_one() -> None:
    key, n = object(), symbol("n")
    one, other = choice(key, 3, n), choice(key, 4, n + 1)
    first, second = _renewed(one, other, old=(key,))
    assert equal(second - first, 1).yes
    assert equal(first, one).unknown
    assert equal(second - one, 1).unknown


def test_forms_are_built_as_they_were() -> None:
    key, n, m = object(), symbol("n"), symbol("m")
    k = choice(key, 7, n)
    forms = [(n + k) // 2 * m + 1, n % k + k, maximum(k, m) - n, k * k * m, (3 * ((n + k) // 2)) // 5]
    again = _renewed(*forms, old=(key,))
    assert [str(form) for form in again] == [str(form) for form in forms]
    assert [bounds(form) for form in again] == [bounds(form) for form in forms]
    assert all(new is not old for new, old in zip(again, forms, strict=True))
    parts = _renewed(k, *forms, old=(key,))
    assert parts[1] is (n + parts[0]) // 2 * m + 1
    assert parts[2] is n % parts[0] + parts[0]
    assert parts[3] is maximum(parts[0], m) - n


def test_each_time_under_others() -> None:
    key = object()
    renewal = Renewal([_size(choice(key, 3, 4))], [id(key)])
    (one,), (first,) = renewal.again()
    (other,), (second,) = renewal.again()
    assert first is not second
    assert equal(one, other).unknown


def test_other_conditions_stay() -> None:
    own, outer = object(), object()
    around = choice(outer, 3, 4)
    both, alone = _renewed(around + choice(own, 1, 2), around, old=(own,))
    assert alone is around
    assert conditions(both)[0] is outer or conditions(both)[1] is outer  # type: ignore[index]
    assert equal(both, around).no


def test_what_grew_too_large_hangs_on_what_it_was_made_of() -> None:
    key, n = object(), symbol("n")
    large = (choice(key, n, 4) + 1) ** (MAX_DEGREE + 1)
    assert conditions(_size(large)) == (key,)
    (again,) = _renewed(large, old=(key,))
    assert again is not large
    assert equal(again, large).unknown
    assert conditions(again) != (key,)
    assert conditions(_size((n + 1) ** (MAX_DEGREE + 1))) is None
