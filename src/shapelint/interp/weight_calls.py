"""Calls of functions that write numbers into weights and do nothing else: what was done to one weight, layer or block comes to the
same for another of its kind. Initialising is most of what building a large network takes, and nothing that is told hangs on
the numbers.

Exact, or not at all. A function that is called with weights or modules a second time is watched as a constructor is (rebuilt.py).
Where nothing that outlasts it is written, it is not evaluated again for such arguments: what it said is said again, and what it
gave is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from shapelint import facts
from shapelint.interp.call_recordings import CallRecording, CallWriter
from shapelint.interp.outlasting import NotTold
from shapelint.interp.rebuilt import NEVER, SEEN, counts
from shapelint.interp.recipes import Maker, NoRecipe, Recipe
from shapelint.interp.recording import stands
from shapelint.interp.said_again import Said, say_again, written_down
from shapelint.interp.told_arguments import ToldArguments
from shapelint.interp.world import MAX_DEPTH, World
from shapelint.ir import FunctionDef
from shapelint.values import Function, Module, Tensor

_MOST = 30_000  # calls that are told apart in one run
_ADVANCE = 2_000  # values of its arguments that are told of a function in any case
_WORTH = 4  # how many are told for a step that is spared, fewer than take its time
_RISK = 0.1  # and for one that is not
_IN_VAIN = 3  # how many more calls there may be with too much to tell than were spared
_RECORDING = 100  # how many are told in the time that a recording takes


class Habit:
    """What telling the calls of a function apart has taken (values that were told), the steps that has spared, and those that its
    calls have taken nevertheless; how often there was too much to tell, and how often a call was spared."""

    __slots__ = ("again", "spared", "taken", "told", "untold")

    def __init__(self) -> None:
        self.told = self.spared = self.taken = self.untold = self.again = 0

    @property
    def pays(self) -> bool:
        return (
            self.untold <= _IN_VAIN + self.again
            and self.told <= _ADVANCE + _WORTH * self.spared + _RISK * self.taken
        )


class Done(NamedTuple):
    """What a call came to."""

    recipe: Recipe
    result: Any
    said: tuple[Said, ...]
    walked: tuple[int, ...]
    ticks: int
    steps: int
    deepest: int  # how many calls were nested in it
    reached: frozenset[int]
    renamed: int
    guards: tuple[tuple[dict[str, Any], str, Any], ...]
    read: tuple[tuple[Any, Any], ...]
    held: tuple[Any, ...]  # keeps alive what the key names by identity


Plainly = Callable[[World, Function, tuple[Any, ...], dict[str, Any]], Any]


def is_one(world: World, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    """Whether a call may be one of these."""
    if world.calls or world.uncertain or not world.once or function.name == "__init__":
        return False
    if function.node.__class__ is FunctionDef and function.node.is_generator:
        return False  # what it does, it does when it is asked
    for value in args:
        kind = value.__class__
        if kind is Module or (kind is Tensor and value.kind == "parameter"):
            return True
    for value in keywords.values():
        kind = value.__class__
        if kind is Module or (kind is Tensor and value.kind == "parameter"):
            return True
    return False


def call(
    world: World, function: Function, args: tuple[Any, ...], keywords: dict[str, Any], plainly: Plainly
) -> Any:
    """`plainly(world, function, args, keywords)`, which evaluates the call, or what comes to the same."""
    if _amid(world):
        return plainly(world, function, args, keywords)
    habit = _habit(world, function, args, keywords)
    if not habit.pays:
        return plainly(world, function, args, keywords)
    told = ToldArguments(world)
    most = told.left
    try:
        key = _key(world, told, function, args, keywords)
    except NotTold:
        key = None
    habit.told += most - told.left
    habit.untold += told.left < 0
    held: Any = NEVER if key is None else world.weight_calls.get(key)
    if held is None:
        seen = hash(key)  # of what did not come twice, not more is kept; that two have one does not matter
        if seen not in world.weight_calls:
            if len(world.weight_calls) < _MOST:
                world.weight_calls[seen] = SEEN
            held = NEVER
    if held is not NEVER:
        if held is None or held.renamed != world.journal.renamed or not stands(held.guards, held.read):
            if world.recording is None:
                habit.told += _RECORDING
                return _watched(world, key, told, function, args, keywords, plainly)
        elif held.steps <= world.steps and len(world.frames) + held.deepest < MAX_DEPTH:
            habit.spared += held.steps
            habit.again += 1
            return _again(world, held, told)
    before = world.steps
    result = plainly(world, function, args, keywords)
    habit.taken += before - world.steps
    return result


def _habit(world: World, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]) -> Habit:
    kinds = [value.cls for value in (*args, *keywords.values()) if value.__class__ is Module]
    key = (function, *kinds)
    found: Habit | None = world.weight_calls.get(key)
    if found is None:
        found = world.weight_calls[key] = Habit()
    return found


def _amid(world: World) -> bool:
    """Whether more hangs on a call than what it is given: it may not be reached, or counts for a network that is called."""
    return bool(
        world.uncertain
        or world.calls
        or world.muted
        or world.repeating
        or world.trace is not None
        or world.records is not None
        or (world.recording is not None and world.recording.spoilt)
    )


def _key(
    world: World, told: ToldArguments, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    """What tells one call from another. Raises NotTold."""
    file = function.globals.file
    place = None if file is not None and world.checked(file.path) else world.where()[0]
    state = (
        world.default_dtype, world.grad_enabled, world.autocast, world.guarded, len(world.tries), world.import_guards,
        world.importing, world.by_program, world.guessing, world.impatient, world.telling, world.one_device,
        world.elsewhere, world.imported.elsewhere,
    )  # fmt: skip
    return id(function), told.arguments(function, args, keywords), place, state


class _Watch(CallRecording):
    """Watches one evaluation of a function."""

    def called(self, module: Any) -> None:
        self.spoilt = True

    def forks(self) -> None:
        self.spoilt = True

    def dropped(self, tensor: Any) -> None:
        """The key tells where what was given was made, on which it depends what that means."""


def _watched(
    world: World,
    key: Any,
    told: ToldArguments,
    function: Function,
    args: tuple[Any, ...],
    keywords: dict[str, Any],
    plainly: Plainly,
) -> Any:
    """Evaluate the call, and keep what it came to."""
    world.weight_calls[key] = NEVER
    parts = [*told.parts, *told.partly]
    recording = _Watch(world, parts)
    before, clock, steps, said, renamed = (
        _state(world),
        world.clock,
        world.steps,
        len(world.facts),
        world.journal.renamed,
    )
    histories = [part.history for part in parts if part.__class__ is Module]
    was = [(h.held, h.walked, h.moved) for h in histories]
    for history in histories:
        history.held = history.walked = history.moved = False
    reached, world.reached = world.reached, set()
    world.recording = recording
    world.journal.begin()
    at = len(world.journal.layers) - 1
    layer = world.journal.layers[at]
    try:
        given = plainly(world, function, args, keywords)
    finally:
        world.recording = None
        own, world.reached = world.reached, reached
        world.reached |= own
        world.journal.dissolve(at)
        now = [(h.held, h.walked, h.moved) for h in histories]
        for history, then, flags in zip(histories, was, now, strict=True):
            history.held, history.walked, history.moved = (a or b for a, b in zip(then, flags, strict=True))
    if (
        recording.spoilt
        or before != _state(world)
        or renamed != world.journal.renamed
        or any(held or moved for held, _, moved in now)
        or recording.wrote_abroad(layer)
        or not _is_as_told(world, key, function, args, keywords)
    ):
        return given
    writer = CallWriter(recording, layer, told, parts)
    try:
        result = writer.value(given)
        facts_said = tuple(
            [_written_down(world, writer, fact, clock, recording.places) for fact in world.facts[said:]]
        )
    except NoRecipe:
        return given
    walked = {id(h) for h, flags in zip(histories, now, strict=True) if flags[1]}
    world.weight_calls[key] = Done(
        writer.written(), result, facts_said,
        tuple(i for i, part in enumerate(parts) if part.__class__ is Module and id(part.history) in walked),
        world.clock - clock, steps - world.steps, recording.deepest - recording.depth, frozenset(own), renamed,
        tuple(recording.guards), tuple(recording.read), (told, recording, function),
    )  # fmt: skip
    return given


def _written_down(world: World, writer: CallWriter, fact: facts.Fact, clock: int, depth: int) -> Said:
    """A number that a function gives a name to is said to be so where that stands. Raises NoRecipe."""
    if not isinstance(fact, facts.Assigned):
        return written_down(world, writer, fact, clock, depth)
    if fact.comment is not None:  # whose words may be names of anything
        raise NoRecipe
    said = written_down(world, writer, fact, clock, depth, (facts.Assigned,))
    if not said.within:
        raise NoRecipe
    return said


def _is_as_told(
    world: World, key: Any, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]
) -> bool:
    """Whether what was given would be told now as it was: some of what a module keeps is written past the journal."""
    try:
        return bool(_key(world, ToldArguments(world), function, args, keywords) == key)
    except NotTold:
        return False


def _state(world: World) -> tuple[Any, ...]:
    """What a call may not add to. (The modes of the world are part of the key.)"""
    return len(world.leaves), *counts(world)


def _again(world: World, held: Done, told: ToldArguments) -> Any:
    """Do again what a call did, and give what it gave."""
    if world.recording is not None:
        world.recording.includes(held.guards, held.read, held.deepest)
        world.recording.told_of([*told.parts, *told.partly], told.called[0])
    parts = [*told.parts, *told.partly]
    maker = Maker(world, held.recipe, parts)
    say_again(world, maker, held.said)
    for at in held.walked:
        parts[at].history.walked = True
    world.clock += held.ticks
    world.steps -= held.steps
    world.reached |= held.reached
    return maker.value(held.result)
