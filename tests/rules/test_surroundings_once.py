"""What rules ask of the text of a file is looked for once a file."""

from __future__ import annotations

import re

import pytest

from shapelint.rules.base import Context
from shapelint.rules.surroundings import class_around, function_around, mentions, speaks_of, stands_once
from shapelint.source.text import SourceFile, from_text
from shapelint.values import Site

TEXT = """import torch
x = 1
class Net:
    def forward(self, x):
        # a comment
        return self.only(x)
y = x
"""


class Counted:
    """Tells how often the text was asked for."""

    def __init__(self) -> None:
        self.file = from_text("net.py", TEXT)
        self.asked = 0

    def __call__(self, path: str) -> SourceFile:
        self.asked += 1
        return self.file


def at(line: int) -> Site:
    return Site("net.py", line, 1, line, 2)


def test_the_words_of_a_file_are_counted_once() -> None:
    sources = Counted()
    context = Context(sources)
    for name in ("only", "x", "forward", "y", "absent", "self"):
        assert stands_once(context, at(1), name) == (mentions(TEXT, name) == 1), name
    assert sources.asked == 1
    assert not stands_once(context, at(1), "self.on")


def test_words_are_looked_for_once() -> None:
    sources = Counted()
    context = Context(sources)
    words = re.compile("comment|torch")
    assert [speaks_of(context, where, words) for where in (at(1), at(5), "net.py", None)] == [
        True,
        True,
        True,
        False,
    ]
    assert sources.asked == 1
    assert not speaks_of(context, at(1), re.compile("absent"))


@pytest.mark.parametrize(
    ("line", "function", "cls"),
    [
        (1, None, None),
        (2, None, None),
        (3, None, "Net"),
        (5, "forward", "Net"),
        (6, "forward", "Net"),
        (7, None, None),
        (9, None, None),
    ],
)
def test_the_block_around_a_line(line: int, function: str | None, cls: str | None) -> None:
    context = Context(Counted())
    for _ in range(2):
        found, outer = function_around(context, at(line)), class_around(context, at(line))
        assert (found and found.name, outer and outer.name) == (function, cls)
