"""How a guess about an unknown input is kept honest: what is said of an entry must stand whatever the guess had been.

Where the evaluation of an entry had to guess how many axes an input has and something failed, the other numbers of axes are
tried too, each where it was asked, until one goes through (then nothing failed) or all of them have failed. A path is only
followed up to its first failure: what is asked behind it cannot mend it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from shapelint import facts
from shapelint.evidence.guarded import guarded
from shapelint.interp.world import RankQuestion, World
from shapelint.records import dataclass
from shapelint.values import Tensor

ENTRY_STEPS = 400_000  # the budget of one entry that the program itself does not reach
MAX_TRIES = 20  # evaluations spent on doubting the guesses of one entry
MORE_AXES = (6, 7)  # are tried last of all, where any number of axes would do
MAX_STEPS = ENTRY_STEPS  # and what those may take together that change one answer

Answers = tuple[int, ...]  # to the questions about ranks, in the order in which they are asked


@dataclass(slots=True)
class Attempt:
    """One evaluation of an entry: the ranks that were asked for, in order, and the facts."""

    asked: list[RankQuestion]
    said: list[facts.Fact]

    @property
    def failures(self) -> list[facts.Fact]:
        return failures(self.said)

    @property
    def guesses(self) -> list[RankQuestion]:
        """The guesses that stand before the first failure."""
        first = min((f.order for f in self.failures), default=None)
        return [q for q in self.asked if first is None or q.order < first]


def failures(said: list[facts.Fact]) -> list[facts.Fact]:
    return [f for f in said if isinstance(f, (facts.NeedFailed, facts.Raised))]


def attempt(
    world: World,
    thunk: Callable[[], Any],
    ranks: dict[int, int] | None = None,
    collect: Callable[[Any], None] | None = None,
) -> Attempt:
    """Evaluate an entry with these answers to the first questions about ranks, and undo it. `collect` sees what it gave before
    it is undone."""
    before = len(world.facts)
    world.refill(ENTRY_STEPS)
    world.ranks, world.rank_questions = ranks or {}, []
    world.guessing = True
    world.entry_axes.begin()
    world.journal.begin()
    depth = len(world.journal.layers)
    try:
        value = guarded(world, thunk)
        if collect is not None:
            collect(value)
    finally:
        while len(world.journal.layers) > depth:
            world.journal.end()
        world.journal.end()
        world.guessing = False
    said = world.facts[before:]
    del world.facts[before:]
    return Attempt(world.rank_questions, said)


def believed(world: World, thunk: Callable[[], Any], first: Attempt) -> list[facts.Fact]:
    """What remains of an attempt's facts when every guessed rank is replaced by the others: the facts of a guess without any
    failure, else those failures that no guess could mend."""
    if not first.failures or not first.asked:
        return first.said
    tried = {tuple(q.rank for q in first.guesses)}
    failed = _Failed(first)
    waiting = dict.fromkeys(_others(first))
    answered = list(tried)  # with these the answers that wait have not been compared
    usual = [dict.fromkeys(range(2 * len(first.asked)), rank) for rank in (4, 3, 2, 1, 5)]
    for ranks in usual if len(first.asked) > 1 else ():  # several inputs of one kind have one rank
        other = attempt(world, thunk, ranks)
        if not other.failures:
            return other.said
        failed.take(other)
    left = world.unspent
    while waiting and len(tried) < MAX_TRIES and left - world.unspent < MAX_STEPS:
        answers = next(iter(waiting))
        del waiting[answers]
        other = attempt(world, thunk, dict(enumerate(answers)))
        if not other.failures:
            return other.said
        failed.take(other)
        path = tuple(q.rank for q in other.guesses)
        further: list[Answers] = []
        if path not in tried:
            tried.add(path)
            answered.append(path)
            further = [ranks for ranks in _others(other) if ranks not in waiting]
        waiting = dict.fromkeys(
            [ranks for ranks in waiting if not _is_answered(ranks, answered)]
            + [ranks for ranks in further if not _is_answered(ranks, tried)]
        )
        answered = []
    for ranks in () if waiting else _beyond(first):
        other = attempt(world, thunk, ranks)
        if not other.failures:
            return other.said
        failed.take(other)
    common, by_rank = failed.common, failed.by_rank
    told = first if common or not by_rank or any(map(_is_rank_free, first.failures)) else failed.likely
    return [
        f
        for f in told.said
        if not isinstance(f, (facts.NeedFailed, facts.Raised))
        or _is_rank_free(f)
        or (not waiting and not _is_vague(f) and (_offence(f) in common or (by_rank and not common)))
    ]


class _Failed:
    """What the attempts that failed tell together: the offences that all of them ran into; whether each ended in something that a
    number of axes may bring about; and the one that was probably meant."""

    def __init__(self, first: Attempt) -> None:
        self.common = set(map(_offence, first.failures))
        self.by_rank = True
        self.likely = first

    def take(self, other: Attempt) -> None:
        self.common &= set(map(_offence, other.failures))
        self.by_rank &= not all(map(_is_unrelated, other.failures))
        self.likely = _likelier(self.likely, other)


def _likelier(one: Attempt, other: Attempt) -> Attempt:
    """Which of two attempts that failed at different places was meant: one that was refused for its number of axes was a bad
    guess, where another number of axes has come past that."""
    if not is_bad_guess(one) or is_bad_guess(other):
        return one
    further = _came(other) - _came(one)
    # An operation asks for its number of axes first: what it refuses else, it refuses behind that.
    return other if further > 0 or (further == 0 and _failed_at(one) == _failed_at(other)) else one


def _failed_at(done: Attempt) -> object:
    first = min(done.failures, key=lambda f: f.order, default=None)
    return first.site if first is not None else None


def _came(done: Attempt) -> int:
    """How far an attempt came behind its first question, before anything failed."""
    first = min((f.order for f in done.failures), default=0)
    return first - done.asked[0].order if done.asked else 0


def is_bad_guess(done: Attempt) -> bool:
    """Whether the first thing that fails is a number of axes."""
    first = min(done.failures, key=lambda f: f.order, default=None)
    return isinstance(first, facts.NeedFailed) and first.rule in ("wrong-rank", "axis-out-of-range")


def _is_unrelated(fact: facts.Fact) -> bool:
    """Whether a path ended in an exception that no number of axes brings about: another cause has ended it."""
    return isinstance(fact, facts.Raised) and fact.exception in _UNRELATED


_UNRELATED = frozenset(
    ("AttributeError", "TypeError", "NameError", "UnboundLocalError", "KeyError", "ImportError")
)


def _offence(fact: facts.Fact) -> tuple[object, ...]:
    """What makes two failures of two attempts the same: what every guess runs into is the fault, the rest is the guess's."""
    return type(fact), fact.site, getattr(fact, "rule", getattr(fact, "exception", ""))


def _is_answered(asked: Answers, tried: Iterable[Answers]) -> bool:
    """Whether an attempt that was made begins with these answers, or failed before the last of them mattered."""
    last = len(asked) - 1
    for path in tried:
        if len(path) <= last:
            if asked[: len(path)] == path:
                return True
        elif path[last] == asked[last] and path[: last + 1] == asked:  # most differ in the last
            return True
    return False


def _others(done: Attempt) -> list[Answers]:
    """The ways that branch off an attempt: its own answers up to a question, and another one there."""
    taken = tuple([q.rank for q in done.guesses])
    return [
        (*taken[:i], rank)
        for i, question in enumerate(done.guesses)
        for rank in question.ranks
        if rank != question.rank
    ]


_FURTHER = 16  # questions that are answered alike


def _beyond(done: Attempt) -> list[dict[int, int]]:
    """Answers with more axes than are usual: to each question in turn that any number would do for, to all of them, and to each with
    all that are asked behind it (what a loop asks in one turn, it asks in the next)."""
    taken = [q.rank for q in done.guesses]
    free = [i for i, question in enumerate(done.guesses) if question.open]
    each = [dict(enumerate((*taken[:i], rank))) for i in free for rank in MORE_AXES]
    each += [dict(enumerate((*taken[:i], *[rank] * _FURTHER))) for i in free for rank in MORE_AXES]
    return each + ([dict.fromkeys(free, rank) for rank in MORE_AXES] if len(free) > 1 else [])


# Offences against one axis only, whose size a layer before it has fixed: no other number of axes would mend them.
_RANK_FREE = frozenset(
    ("linear-size-mismatch", "conv-channel-mismatch", "norm-size-mismatch", "recurrent-size-mismatch", "heads-do-not-divide",
     "invalid-constructor-argument")
)  # fmt: skip


def _is_rank_free(fact: facts.Fact) -> bool:
    """Whether a failure stands whatever was guessed: two plain numbers that differ, or nothing had been guessed before it."""
    if not fact.guessed:
        return True
    return (
        isinstance(fact, facts.NeedFailed)
        and fact.rule in _RANK_FREE
        and type(fact.actual) is int
        and type(fact.wanted) is int
        and not _is_unbatched(fact)
    )


def _is_unbatched(fact: facts.NeedFailed) -> bool:
    """Whether a convolution took its input for one sample: with one more axis, another one would hold the channels."""
    if fact.rule != "conv-channel-mismatch" or not fact.tensors or not isinstance(fact.tensors[0], Tensor):
        return False
    axes = re.search(r"(\d)d$", fact.op)
    given = fact.tensors[0]
    return axes is not None and (not given.known or given.rank == int(axes[1]) + 1)


def _is_vague(fact: facts.Fact) -> bool:
    """Whether a failure is told with a size that has no name: something it hangs on could not be followed. How many axes
    there are is known whatever their sizes."""
    if isinstance(fact, facts.NeedFailed) and fact.rule == "wrong-rank":
        return False
    sizes = [getattr(fact, "actual", None), getattr(fact, "wanted", None)]
    return "?" in " ".join(map(str, sizes)) or "?" in getattr(fact, "message", "")
