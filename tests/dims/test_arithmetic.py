"""A form means what the expression it came from means: against Python's ints, at random sizes."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shapelint.dims import Dim, Sym, Undetermined, bounds, evaluate, exact_div, parse, substitute, witness

from .expressions import atoms, compute, numbers, symbols, trees, values

many = settings(max_examples=500, deadline=None)
some = settings(max_examples=250, deadline=None)


def number(tree: Any, at: dict[str, int]) -> int:
    try:
        return int(compute(tree, at))
    except ZeroDivisionError:
        assume(False)
        raise


def form(tree: Any, names: dict[str, Dim]) -> Any:
    try:
        return compute(tree, names)
    except ZeroDivisionError:
        assume(False)
        raise


@many
@given(trees, values)
def test_a_form_has_the_value_of_its_expression(tree: Any, at: dict[str, int]) -> None:
    expected = number(tree, at)
    named = symbols()
    try:
        assert evaluate(form(tree, named), atoms(named, at)) == expected
    except Undetermined as opaque:
        assert "?" in str(opaque)


@some
@given(trees, values)
def test_bounds_hold_every_value(tree: Any, at: dict[str, int]) -> None:
    expected = number(tree, at)
    low, high = bounds(form(tree, symbols()))
    assert low is None or low <= expected
    assert high is None or high >= expected


@some
@given(trees, values)
def test_the_witness_is_the_value_at_the_witnesses(tree: Any, at: dict[str, int]) -> None:
    expected = number(tree, at)
    seen = witness(form(tree, symbols(at)))
    assert seen == expected


@some
@given(trees)
def test_text_is_read_back_as_the_same_form(tree: Any) -> None:
    named = symbols()
    dim = form(tree, named)
    if "?" not in str(dim):
        assert parse(str(dim), named) == dim


@some
@given(trees, st.sampled_from(["H", "W"]), st.sampled_from(["H", "n", 4]), numbers, values)
def test_substituting_then_evaluating_is_evaluating(
    tree: Any, name: str, factor: str | int, shift: int, at: dict[str, int]
) -> None:
    expression = ("+", ("*", factor, 2), abs(shift))
    inner = number(expression, at)
    expected = number(tree, {**at, name: inner})
    named = symbols()
    new = compute(expression, named)
    old = named[name]
    assert isinstance(old, Sym) and old.as_symbol is not None
    try:
        dim = substitute(form(tree, named), {old.as_symbol: new})
    except ZeroDivisionError:
        assume(False)
        raise
    try:
        assert evaluate(dim, atoms(named, at)) == expected
    except Undetermined as opaque:
        assert "?" in str(opaque)


@some
@given(trees, trees)
def test_a_product_is_divided_exactly(left: Any, right: Any) -> None:
    named = symbols()
    a, b = form(left, named), form(right, named)
    product = a * b
    assume(product != 0 and "?" not in str(product))
    assert exact_div(product, b) == a


@some
@given(trees, trees)
def test_an_exact_quotient_times_the_divisor_is_the_dividend(left: Any, right: Any) -> None:
    named = symbols()
    a, b = form(left, named), form(right, named)
    quotient = exact_div(a, b)
    if quotient is not None:
        assert quotient * b == a


@some
@given(trees, trees)
def test_arithmetic_does_not_depend_on_the_order(left: Any, right: Any) -> None:
    named = symbols()
    a, b = form(left, named), form(right, named)
    assert a + b == b + a
    assert a - b == -(b - a)
    if "?" not in str(a * b):
        assert a * b == b * a
        assert (a + b) * b == a * b + b * b or "?" in str((a + b) * b)
