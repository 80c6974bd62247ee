"""Random expressions, as trees that can be read twice: by Python's ints and by dims."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from shapelint.dims import Dim, Symbol, ceildiv, maximum, minimum, symbol


class Kind(NamedTuple):
    name: str
    low: int | None
    high: int | None


# One of each sort of bounds the rules look at.
KINDS = [Kind("H", 1, None), Kind("W", 1, None), Kind("n", 2, 9), Kind("z", None, None), Kind("y", -5, 4)]

numbers = st.integers(-6, 9)
leaves = st.one_of(numbers, st.sampled_from([kind.name for kind in KINDS]))


def _grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "+", "-", "//", "%", "min", "max", "ceil"]), inner, inner),
        st.tuples(st.sampled_from(["//", "%", "*", "+", "ceil"]), inner, st.integers(1, 8)),
        st.tuples(st.just("**"), inner, st.integers(0, 3)),
        st.tuples(st.just("neg"), inner),
    )


trees = st.recursive(leaves, _grow, max_leaves=7)
values = st.fixed_dictionaries(
    {
        kind.name: st.integers(-12 if kind.low is None else kind.low, 40 if kind.high is None else kind.high)
        for kind in KINDS
    }
)


def symbols(seen: dict[str, int] | None = None) -> dict[str, Dim]:
    seen = seen or {}
    return {k.name: symbol(k.name, low=k.low, high=k.high, witness=seen.get(k.name)) for k in KINDS}


def atoms(named: dict[str, Dim], numbers: dict[str, int]) -> dict[Symbol, int]:
    found: dict[Symbol, int] = {}
    for name, dim in named.items():
        atom = None if isinstance(dim, int) else dim.as_symbol
        assert atom is not None
        found[atom] = numbers[name]
    return found


def compute(tree: Any, names: dict[str, Any]) -> Any:
    """The tree's value; over ints it is Python's, over dims it is ours."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return names[tree]
    sign, *parts = tree
    a = compute(parts[0], names)
    if sign == "neg":
        return -a
    b = compute(parts[1], names)
    if sign == "+":
        return a + b
    if sign == "-":
        return a - b
    if sign == "*":
        return a * b
    if sign == "//":
        return a // b
    if sign == "%":
        return a % b
    if sign == "**":
        return a**b
    plain = isinstance(a, int) and isinstance(b, int)
    if sign == "ceil":
        return -(-a // b) if plain else ceildiv(a, b)
    if sign == "min":
        return min(a, b) if plain else minimum(a, b)
    return max(a, b) if plain else maximum(a, b)
