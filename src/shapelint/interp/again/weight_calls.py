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
from shapelint.interp.again.call_recordings import CallWriter
from shapelint.interp.again.effects import Effect
from shapelint.interp.again.outlasting import NotTold
from shapelint.interp.again.rebuilt import NEVER, SEEN
from shapelint.interp.again.recipes import Maker, NoRecipe, Recipe
from shapelint.interp.again.said_again import Said, say_again, written_down
from shapelint.interp.again.told_arguments import ToldArguments
from shapelint.interp.again.watched import RECORDING, Habit, amid, are_kept, modes, watched
from shapelint.interp.world import World
from shapelint.ir import FunctionDef
from shapelint.values import Function, Module, Tensor

_MOST = 30_000  # calls that are told apart in one run


class Done(NamedTuple):
    """What a call came to."""

    recipe: Recipe
    result: Any
    said: tuple[Said, ...]
    effect: Effect
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
    if amid(world):
        return plainly(world, function, args, keywords)
    habit = _habit(world, function, args, keywords)
    if not habit.pays:
        return plainly(world, function, args, keywords)
    told = ToldArguments(world)
    most = told.left
    try:
        key = _key(world, told, function, args, keywords)
        if are_kept(world, told.parts):
            key = None
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
        if held is None or not held.effect.holds(world):
            if world.recording is None:
                habit.told += RECORDING
                return _watched(world, key, told, function, args, keywords, plainly)
        elif held.effect.fits(world):
            habit.spared += held.effect.steps
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


def _key(
    world: World, told: ToldArguments, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    """What tells one call from another. Raises NotTold."""
    file = function.globals.file
    place = None if file is not None and world.checked(file.path) else world.here()
    return id(function), told.arguments(function, args, keywords), place, modes(world)


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
    given, went = watched(
        world,
        parts,
        lambda: plainly(world, function, args, keywords),
        lambda: _is_as_told(world, key, function, args, keywords),
    )
    if went is None:
        return given
    recording = went.recording
    writer = CallWriter(recording, went.layer, told, parts)
    try:
        result = writer.value(given)
        facts_said = tuple(
            [_written_down(world, writer, fact, went.clock, recording.places) for fact in went.said]
        )
    except NoRecipe:
        return given
    held = told, recording, function
    world.weight_calls[key] = Done(writer.written(), result, facts_said, went.effect, held)
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


def _again(world: World, held: Done, told: ToldArguments) -> Any:
    """Do again what a call did, and give what it gave."""
    parts = [*told.parts, *told.partly]
    if world.recording is not None:
        held.effect.join(world.recording)
        world.recording.told_of(parts, [p.name for p in told.called[0].node.params])
    maker = Maker(world, held.recipe, parts)
    say_again(world, maker, held.said)
    held.effect.again(world, parts)
    return maker.value(held.result)
