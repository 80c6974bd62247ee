"""A regular expression is what `re.compile` makes of it, and is compiled when it is used."""

from __future__ import annotations

import re

import pytest

from shapelint.patterns import regex


def test_it_finds_what_the_compiled_one_finds() -> None:
    late, now = regex(r"(?P<word>b+)", re.IGNORECASE), re.compile(r"(?P<word>b+)", re.IGNORECASE)
    text = "aBbcb"
    assert [m.span() for m in late.finditer(text)] == [m.span() for m in now.finditer(text)]
    assert late.sub("-", text) == now.sub("-", text)
    assert (late.pattern, late.flags, late.groupindex) == (now.pattern, now.flags, now.groupindex)


def test_it_is_compiled_once_and_late(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    compiled = re.compile
    monkeypatch.setattr(re, "compile", lambda *given: (asked.append(given[0]), compiled(*given))[1])
    late = regex("x+")
    assert asked == []
    assert late.search("axx") and late.search("b") is None
    assert asked == ["x+"]


def test_what_a_pattern_does_not_have_is_refused() -> None:
    with pytest.raises(AttributeError):
        regex("x").seek  # type: ignore[attr-defined]  # noqa: B018
