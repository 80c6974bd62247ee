"""Questions that differ in nothing but in their symbols are answered once, and leave nothing for the garbage collector."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from shapelint.dims import Verdict, choice, evaluate, forget, less, maximum, symbol
from shapelint.dims.alike import spelled
from shapelint.dims.form import Sym
from shapelint.dims.replace import substitute

ASKED = {
    "a quotient": lambda a, b: (a * 3 // 2 + b, a // 7),
    "a product": lambda a, b: (a * b - a, b),
    "an extreme": lambda a, b: (maximum(a, b) + 1, a),
    "a remainder": lambda a, b: ((a + 3) % b, b),
}


@pytest.mark.parametrize("name", ASKED)
def test_symbols_do_not_matter(name: str) -> None:
    assert spelled(*ASKED[name](symbol("H"), symbol("W"))) == spelled(*ASKED[name](symbol("n"), symbol("n")))


def test_what_is_known_of_them_does() -> None:
    def half(**known: Any) -> Any:
        return spelled(symbol("H", **known) // 2)

    known: tuple[dict[str, int], ...] = ({}, {"low": 2}, {"high": 9}, {"witness": 4}, {"witness": 5})
    assert len({half(**one) for one in known}) == len(known)


def test_which_is_which_does() -> None:
    a, b = symbol("a"), symbol("b")
    assert spelled(a - b) != spelled(b - a)
    assert spelled(a // 2 + b) != spelled(a // 2 + a)
    assert spelled(a, b) != spelled(a, a)


def test_conditions_are_told_apart() -> None:
    one, other = object(), object()
    a, b = symbol("a"), symbol("b")
    assert spelled(choice(one, a, b) + choice(one, b, a)) != spelled(choice(one, a, b) + choice(other, b, a))


def test_an_answer_is_not_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from shapelint.dims import decide

    def ask() -> Verdict:
        a, b = symbol("a"), symbol("b")
        return less(a * 3 // 2 + b, (a + 1) * 3 // 2 + b)

    forget()
    first = ask()
    monkeypatch.setattr(decide, "_proven", None)
    assert ask() is first is Verdict.YES


def test_nothing_is_left_for_the_collector() -> None:
    a, b = symbol("a"), symbol("b")
    form = (a * 3 // 2 + b) % b
    assert isinstance(form, Sym)
    of_a, of_b = a.as_symbol, b.as_symbol
    assert of_a is not None and of_b is not None
    while gc.collect() > 20:  # what other tests have left: freeing some of it makes more of it garbage
        pass
    gc.disable()
    try:
        for n in range(5, 25):
            evaluate(form, {of_a: n, of_b: 7})
            substitute(form, {of_a: n})
        assert gc.collect() < 20  # one for each time would be something of ours
    finally:
        gc.enable()
