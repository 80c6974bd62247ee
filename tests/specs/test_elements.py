"""The numbers that small tensors keep are torch's own; sizes that depend on contents are fresh ones."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from shapelint import dims
from shapelint.specs import need, registry
from shapelint.specs.ops import elements
from shapelint.specs.ops.approximate import Approximate
from shapelint.specs.ops.elements import fit, fitted
from shapelint.values import Tensor
from shapelint.values.containers import List
from tests.differential.compare import Trial

_TWO = (
    "add sub mul div floor_divide remainder fmod maximum eq lt logical_and bitwise_or pow bitwise_left_shift"
)
_ONE = "neg abs sign square ceil trunc logical_not sum prod max amin argmax all any count_nonzero clone"


def ours(name: str, *args: Any, **keywords: Any) -> Any:
    registry.load()
    entry = registry.ops[name]
    return entry.law(need.Need(Trial(), name), **entry.signature.bind(args, keywords))


def listed(value: Any) -> Any:
    return List([listed(v) for v in value]) if isinstance(value, list) else value


def random_pair(rng: random.Random, shape: tuple[int, ...]) -> tuple[torch.Tensor, Tensor]:
    def number() -> float:
        return rng.randint(-4, 9) if rng.random() < 0.7 else round(rng.uniform(-4, 6), 2)

    values = [[number() for _ in range(shape[1])] for _ in range(shape[0])]
    return torch.tensor(values), ours("torch.tensor", listed(values))


def within(value: float, number: object) -> bool:
    """Whether torch's number is the one followed, or lies in the interval that stands for it."""
    return number.low <= value <= number.high if isinstance(number, Approximate) else value == number


@pytest.mark.parametrize("name", [*_ONE.split(), *_TWO.split()])
def test_numbers_are_those_of_torch(name: str) -> None:
    rng = random.Random(name)
    followed = 0
    for _ in range(60):
        theirs, mine = random_pair(rng, (2, 3))
        theirs2, mine2 = random_pair(rng, (1, 3))
        try:
            expected = (
                getattr(torch, name)(theirs, theirs2)
                if name in _TWO.split()
                else getattr(torch, name)(theirs)
            )
        except RuntimeError:
            continue
        actual = ours(f"torch.{name}", mine, mine2) if name in _TWO.split() else ours(f"torch.{name}", mine)
        if actual.data is not None:
            followed += 1
            for value, number in zip(expected.flatten().tolist(), actual.data, strict=True):
                assert within(value, number)
    assert followed > 0


def test_how_many_are_not_zero_is_a_fresh_size() -> None:
    rows = ours("torch.nonzero", Tensor((3, 4)))
    assert rows.rank == 2 and rows.shape[1] == 2 and isinstance(rows.shape[0], dims.Sym)


def test_a_symbol_seen_as_1_stretches() -> None:
    batch = dims.symbol("B", witness=1)
    assert ours("torch.add", Tensor((batch, 3)), Tensor((5, 3))).shape == (5, 3)


def test_of_two_names_for_a_size_the_symbol_is_kept() -> None:
    batch = dims.symbol("B", witness=4)
    assert ours("torch.add", Tensor((4, 3)), Tensor((batch, 3))).shape == (batch, 3)


def test_arange_of_a_symbol_is_as_long_as_the_symbol() -> None:
    n = dims.symbol("n")
    assert ours("torch.arange", n).shape == (n,)


def test_parts_of_a_small_tensor_hold_torchs_numbers() -> None:
    rng = random.Random(5)

    def part(size: int) -> Any:
        low, high = sorted((rng.randint(-size, size), rng.randint(-size, size)))
        return rng.choice(
            [rng.randrange(-size, size), slice(None), slice(low, high), slice(None, None, rng.randint(1, 3))]
        )

    followed = 0
    for _ in range(400):
        theirs, mine = random_pair(rng, (3, 4))
        index = [part(3), part(4)][: rng.randint(1, 2)]
        if rng.random() < 0.4:
            index.insert(rng.randint(0, len(index)), rng.choice([None, ...]))
        try:
            expected = theirs[tuple(index)]
        except IndexError:
            continue
        actual = ours("torch.Tensor.__getitem__", mine, tuple(index))
        if actual.data is not None:
            followed += 1
            assert (actual.shape, list(actual.data)) == (tuple(expected.shape), expected.flatten().tolist())
        axis = rng.randrange(-2, 2)
        at = rng.randrange(-3, 3)
        chosen = ours("torch.select", mine, axis, at)
        assert list(chosen.data) == theirs.select(axis, at).tolist()
    assert followed > 300


def test_flipped_and_distinct_numbers_are_torchs() -> None:
    rng = random.Random(6)
    for _ in range(100):
        theirs, mine = random_pair(rng, (3, 4))
        axes = rng.sample([-2, -1], rng.randint(1, 2))
        assert list(ours("torch.flip", mine, tuple(axes)).data) == theirs.flip(axes).flatten().tolist()
        expected = torch.unique(theirs, return_inverse=True, return_counts=True)
        actual = ours("torch.unique", mine, return_inverse=True, return_counts=True)
        for a, b in zip(expected, actual, strict=True):
            assert (tuple(a.shape), a.flatten().tolist()) == (b.shape, list(b.data))


def test_whole_powers_that_float32_holds_are_exact() -> None:
    rng = random.Random(7)
    followed = 0
    for _ in range(300):
        base = rng.randint(1, 2 ** rng.randint(1, 12)) / 2 ** rng.randint(0, 10)
        exponents = [rng.randint(0, 8) for _ in range(rng.choice([1, 7, 18]))]
        mine = ours("torch.pow", base, ours("torch.tensor", listed([float(e) for e in exponents])))
        theirs = torch.pow(base, torch.tensor(exponents, dtype=torch.float32))
        for value, number in zip(theirs.tolist(), mine.data, strict=True):
            assert within(value, number)
            followed += isinstance(number, Approximate) and number.low == number.high
    assert followed > 300


_ODD = (
    0.0,
    -0.0,
    1e300,
    -1e300,
    math.inf,
    -math.inf,
    math.nan,
    1e-46,
    3.4028235677973366e38,
    1 / 3,
    True,
    3,
    -7,
    2**63,
    2**70,
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(_ODD), max_size=5) | st.sampled_from(_ODD).map(lambda value: [value] * 3),
    st.sampled_from(("float32", "float64", "int64", "bool", "int32", "uint8")),
)
def test_many_elements_are_what_each_of_them_is(values: list[Any], dtype: str) -> None:
    def told(compute: Callable[[], Sequence[Any]]) -> Any:
        try:
            return [(type(value), repr(value)) for value in compute()]
        except (ArithmeticError, ValueError) as problem:
            return type(problem)

    assert told(lambda: [fit(value, dtype) for value in values]) == told(lambda: fitted(values, dtype))


def test_equal_elements_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def counted(value: Any, dtype: str) -> Any:
        nonlocal calls
        calls += 1
        return value

    monkeypatch.setattr(elements, "fit", counted)
    assert fitted((0.5,) * 4096, "float32") == (0.5,) * 4096
    assert calls == 1
    assert not elements.uniform((0.0, -0.0))
