"""What an evaluation that may be spared did besides what it made, and whether it would do the same now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from shapelint.interp.again.recording import Recording, stands
from shapelint.interp.world import MAX_DEPTH, World


class Effect(NamedTuple):
    """Nothing that outlasts the evaluation, but for what is here."""

    ticks: int
    steps: int
    deepest: int  # how many calls were nested in it
    reached: frozenset[int]
    renamed: int
    guards: tuple[tuple[dict[str, Any], str, Any], ...]
    read: tuple[tuple[Any, Any], ...]
    walked: tuple[int, ...] = ()

    def holds(self, world: World) -> bool:
        """Whether everything is as it was that was read besides what was given."""
        return self.renamed == world.journal.renamed and stands(self.guards, self.read)

    def fits(self, world: World) -> bool:
        """Whether there is as much left as it takes."""
        return self.steps <= world.steps and len(world.frames) + self.deepest < MAX_DEPTH

    def join(self, recording: Recording) -> None:
        """It is part of an evaluation that is recorded."""
        recording.includes(self.guards, self.read, self.deepest)

    def again(self, world: World, parts: list[Any]) -> None:
        """Do it again, of `parts` as they were given, once what was said in it is said again."""
        for at in self.walked:
            parts[at].history.walked = True
        world.clock += self.ticks
        world.take_again(self.steps)
        world.reached |= self.reached


class Began(NamedTuple):
    """Where the world stood when an evaluation began."""

    clock: int
    steps: int
    said: int  # facts
    renamed: int

    def effect(
        self, world: World, recording: Recording, reached: Iterable[int], walked: tuple[int, ...] = ()
    ) -> Effect:
        """What it has come to by now."""
        return Effect(
            world.clock - self.clock, self.steps - world.steps, recording.deepest - recording.depth, frozenset(reached),
            self.renamed, tuple(recording.guards), tuple(recording.read), walked,
        )  # fmt: skip


def began(world: World) -> Began:
    return Began(world.clock, world.steps, len(world.facts), world.journal.renamed)
