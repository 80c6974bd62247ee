"""Random programs of the language: what is said of them is what Python prints."""

from __future__ import annotations

import warnings

import pytest

from tests.interp.random_language import Maker, difference

CHUNK = 25


@pytest.mark.parametrize("first", range(0, 400, CHUNK))
def test_what_is_said_is_what_python_prints(first: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # `1 is None`: Python warns, and goes on
        for seed in range(first, first + CHUNK):
            text = Maker(seed).program()
            assert difference(text) is None, f"seed {seed}\n{text}"
