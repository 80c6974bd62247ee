"""Watching one evaluation of something that only writes numbers into weights, so that what it came to may stand for the next of
its kind (weight_calls.py, equal_turns.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from shapelint import facts
from shapelint.interp.again.call_recordings import CallRecording, Flags
from shapelint.interp.again.effects import Effect, began
from shapelint.interp.again.rebuilt import counts
from shapelint.interp.again.recording import under
from shapelint.interp.world import World
from shapelint.values.journal import Layer

_ADVANCE = 2_000  # values of what it is given that are told of one thing in any case
_WORTH = 4  # how many are told for a step that is spared, fewer than take its time
_RISK = 0.1  # and for one that is not
_IN_VAIN = 3  # how many more times there may be too much to tell than an evaluation was spared
RECORDING = 100  # how many are told in the time that a recording takes


class Habit:
    """What telling the evaluations of one thing apart has taken (values that were told), the steps that has spared, and those that
    they have taken nevertheless; how often there was too much to tell, and how often one was spared."""

    __slots__ = ("again", "spared", "taken", "told", "untold")

    def __init__(self) -> None:
        self.told = self.spared = self.taken = self.untold = self.again = 0

    @property
    def pays(self) -> bool:
        return (
            self.untold <= _IN_VAIN + self.again
            and self.told <= _ADVANCE + _WORTH * self.spared + _RISK * self.taken
        )


class Watched(NamedTuple):
    """An evaluation that did nothing which cannot be done again."""

    effect: Effect
    recording: CallRecording
    layer: Layer
    said: list[facts.Fact]
    clock: int  # when it began


class Watch(CallRecording):
    """Watches one evaluation."""

    def called(self, module: Any) -> None:
        self.spoilt = True

    def forks(self) -> None:
        self.spoilt = True

    def dropped(self, tensor: Any) -> None:
        """The key tells where what was given was made, on which it depends what that means."""


def amid(world: World) -> bool:
    """Whether more hangs on an evaluation than what it is given: it may not be reached, counts for a network that is called, or
    drops gradients."""
    return bool(
        world.uncertain
        or world.calls
        or world.muted
        or world.repeating
        or world.trace is not None
        or world.records is not None
        or world.with_gradients
        or (world.recording is not None and world.recording.spoilt)
    )


def are_kept(world: World, parts: list[Any]) -> bool:
    """Whether operations have kept some of these for their gradients: then it counts what is written into them (saved.py)."""
    kept = world.kept
    return bool(kept) and any(id(part) in kept for part in parts)


def modes(world: World) -> tuple[Any, ...]:
    """What any evaluation may hang on, of the world's own."""
    return (
        world.default_dtype, world.grad_enabled, world.autocast, world.guarded, len(world.tries), world.import_guards,
        world.importing, world.by_program, world.guessing, world.impatient, world.telling, world.one_device,
        world.elsewhere, world.imported.elsewhere,
    )  # fmt: skip


def watched(
    world: World, parts: list[Any], evaluate: Callable[[], Any], as_told: Callable[[], bool]
) -> tuple[Any, Watched | None]:
    """What `evaluate()` gives, and how it went where it may be spared the next time. `parts`: all that it is given and that may
    change; `as_told`: whether that would be told now as it was (some of what a module keeps is written past the journal)."""
    recording = Watch(world, parts)
    before, start = _counted(world), began(world)
    flags = Flags(parts)
    try:
        given, layer, own = under(world, recording, evaluate)
    finally:
        flags.settle()
    if (
        recording.spoilt
        or before != _counted(world)
        or start.renamed != world.journal.renamed
        or flags.outlast
        or recording.wrote_abroad(layer)
        or not as_told()
    ):
        return given, None
    effect = start.effect(world, recording, own, flags.walked)
    return given, Watched(effect, recording, layer, world.facts[start.said :], start.clock)


def _counted(world: World) -> tuple[Any, ...]:
    """What an evaluation may not add to."""
    return len(world.leaves), *_graphs(world), *counts(world)


def _graphs(world: World) -> tuple[int, ...]:
    """How much is known of what operations have kept for their gradients (saved.py)."""
    return (
        len(world.kept), len(world.overwritten), len(world.with_gradients), len(world.written_into), len(world.written_before),
    )  # fmt: skip
