"""Which other guesses about ranks are tried for an entry that failed, in which order, and when that ends."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from shapelint import facts
from shapelint.engine.analyse import make_world
from shapelint.engine.check import check_text
from shapelint.engine.config import Settings
from shapelint.evidence import doubt
from shapelint.evidence.doubt import Attempt, believed
from shapelint.interp.world import RankQuestion, World

SETTINGS = Settings(cache=False)

Tree = Callable[[dict[int, int]], Attempt]


def failure(order: int) -> facts.Raised:
    made = facts.Raised(None, (), True, exception="ValueError", message="x")
    made.order, made.guessed = order, True
    return made


def tree(seed: int) -> Tree:
    """An entry: what it asks, and whether it fails, hangs on the answers so far."""

    def evaluate(ranks: dict[int, int]) -> Attempt:
        asked: list[RankQuestion] = []
        path: tuple[int, ...] = ()
        while True:
            chance = random.Random(f"{seed} {path}")
            if len(path) > 4 or (path and chance.random() < 0.25):
                return Attempt(asked, [failure(2 * len(path))] if chance.random() < 0.98 else [])
            choices = tuple(range(1, chance.randint(3, 5)))
            rank = ranks.get(len(path), choices[-1])
            rank = rank if rank in choices else choices[-1]
            asked.append(RankQuestion(choices, rank, 2 * len(path) + 1))
            path += (rank,)

    return evaluate


def in_plain_words(evaluate: Tree) -> list[dict[int, int]]:
    """What is tried: every answer is changed at its place, where no attempt that was made has shown what comes of that."""
    first = evaluate({})
    tried = [[q.rank for q in first.guesses]]
    waiting: list[list[int]] = []
    asked: list[dict[int, int]] = []

    def branch_off(done: Attempt) -> None:
        for i, question in enumerate(done.guesses):
            for rank in question.ranks:
                other = [q.rank for q in done.guesses[:i]] + [rank]
                if rank != question.rank and other not in waiting:
                    waiting.append(other)

    branch_off(first)
    for rank in (4, 3, 2, 1, 5) if len(first.asked) > 1 else ():
        asked.append(dict.fromkeys(range(2 * len(first.asked)), rank))
        if not evaluate(asked[-1]).failures:
            return asked
    while waiting and len(tried) < doubt.MAX_TRIES:
        asked.append(dict(enumerate(waiting.pop(0))))
        other = evaluate(asked[-1])
        if not other.failures:
            return asked
        path = [q.rank for q in other.guesses]
        if path not in tried:
            tried.append(path)
            branch_off(other)
        waiting[:] = [
            a for a in waiting if not any(all(x == y for x, y in zip(a, p, strict=False)) for p in tried)
        ]
    return asked


def tries(world: World, evaluate: Tree, monkeypatch: pytest.MonkeyPatch) -> list[dict[int, int]]:
    """What is tried besides the first guesses."""
    asked: list[dict[int, int]] = []

    def attempt(world: World, thunk: Any, ranks: dict[int, int]) -> Attempt:
        asked.append(ranks)
        return evaluate(ranks)

    monkeypatch.setattr(doubt, "attempt", attempt)
    believed(world, lambda: None, evaluate({}))
    return asked


def test_what_is_tried_is_what_no_attempt_has_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = set()
    for seed in range(120):
        expected = in_plain_words(tree(seed)) if tree(seed)({}).failures else []
        assert expected == tries(make_world(None), tree(seed), monkeypatch), seed
        lengths.add(len(expected))
    assert len(lengths) > 10  # some end early, some late


def test_hundreds_of_guesses_are_told_apart_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def evaluate(ranks: dict[int, int]) -> Attempt:
        asked = [RankQuestion((1, 2, 3, 4), ranks.get(i, 4), 2 * i + 1) for i in range(600)]
        return Attempt(asked, [failure(2_000)])

    compared = 0
    plain = doubt._is_answered

    def counted(asked: Any, others: Any) -> bool:
        nonlocal compared
        others = list(others)
        compared += len(others)
        return plain(asked, others)

    monkeypatch.setattr(doubt, "_is_answered", counted)
    tries(make_world(None), evaluate, monkeypatch)
    assert compared < 4 * 3 * 600 * doubt.MAX_TRIES**2 / 2  # each answer with each attempt, once


def test_what_doubting_may_take_is_bounded_and_then_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0

    def attempt(world: World, thunk: Any, ranks: dict[int, int]) -> Attempt:
        nonlocal made
        made += 1
        world.refill(doubt.ENTRY_STEPS)
        world.steps -= doubt.ENTRY_STEPS // 3 + 1
        return evaluate(ranks)

    def evaluate(ranks: dict[int, int]) -> Attempt:
        rank = ranks.get(0, 4)
        return Attempt([RankQuestion((1, 2, 3, 4, 5, 6, 7, 8), rank, 1)], [failure(2)])

    monkeypatch.setattr(doubt, "attempt", attempt)
    world = make_world(None)
    assert believed(world, lambda: None, evaluate({})) == []
    assert made == 3
    monkeypatch.setattr(doubt, "MAX_STEPS", 10**9)
    assert len(believed(make_world(None), lambda: None, evaluate({}))) == 1  # every guess has failed


MORE_AXES = {
    "a view over all but two axes, then five": """
    def forward(self, frames, caps):
        batch, steps = frames.size(0), frames.size(1)
        frames = frames.view(-1, *frames.size()[2:])
        return frames.permute(0, 4, 1, 2, 3)
""",
    "a layer that takes any number of axes": """
    def forward(self, x):
        return self.fc(x).permute(0, 1, 3, 2, 4, 5)
""",
    "two inputs": """
    def forward(self, x, y):
        return x.permute(0, 1, 3, 2, 4, 5) + torch.relu(y).permute(0, 1, 2, 4, 3, 5)
""",
    "seven": """
    def forward(self, x):
        return torch.relu(x).permute(6, 5, 4, 3, 2, 1, 0)
""",
}
FORWARD = "import torch\nfrom torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(8, 8)"


@pytest.mark.parametrize("text", MORE_AXES.values(), ids=MORE_AXES)
def test_more_axes_than_are_usual(text: str) -> None:
    assert check_text("net.py", FORWARD + text, SETTINGS).diagnostics == ()


@pytest.mark.parametrize("text", MORE_AXES.values(), ids=MORE_AXES)
def test_more_axes_than_are_usual_and_then_too_few(text: str) -> None:
    lines = text.rstrip().split("\n")
    last = lines[-1].replace("return ", "x = ", 1)
    (told,) = check_text(
        "net.py", FORWARD + "\n".join([*lines[:-1], last, "        return x.t()\n"]), SETTINGS
    ).diagnostics
    assert told.severity == "error"


def test_a_convolution_of_what_has_no_rank_any_more() -> None:
    """The same convolution is asked twice of an input whose axes were only tried."""
    program = """
import functools
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l0 = nn.Conv2d(3, 0, 7, padding=64)

    def forward(self, q, mask=None):
        q = functools.reduce(lambda t, l: l(t), [self.l0] * 2, q)
"""
    told = check_text("stdin", program, SETTINGS)
    assert told.diagnostics == () and told.failures == ()
