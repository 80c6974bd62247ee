"""Modules that are built alike: a class that is called with equal arguments again is not evaluated again; what the constructor
made is made once more, with objects, places and facts of its own.

Exact, or not at all. While a constructor is evaluated whose arguments were seen before, a `Recording` watches for everything
that its result may hang on besides these arguments, or that it does besides making new objects: a condition that is not known,
writes to what it was given, names of modules and classes that are changed, values that may change and are read through names.
Then there is no recipe. What was read and may change is compared before a recipe is used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, NamedTuple

from shapelint.interp import patience
from shapelint.interp.again import only_stored, varied
from shapelint.interp.again.effects import Effect, began
from shapelint.interp.again.recipes import Fresh, Maker, NoRecipe, Recipe, Writer
from shapelint.interp.again.recording import Recording, under
from shapelint.interp.again.said_again import Said, say_again, written_down
from shapelint.interp.again.told_constructions import ToldConstruction
from shapelint.interp.world import World
from shapelint.values import Class, Instance

SEEN, NEVER, LIKE_NO_OTHER = object(), object(), object()
_MOST = 2_000  # constructions that are told apart in one run
_LEAST = 6  # steps of a constructor that are worth remembering
_OTHERS = 3  # how often a construction comes with other numbers before one recipe is sought for all of them
_IN_VAIN = 3  # how often what was read may have changed before nothing is remembered any more


class Remembered(NamedTuple):
    """What building made and did."""

    recipe: Recipe
    root: int  # which part of the recipe the module is
    said: tuple[Said, ...]
    effect: Effect
    functions: dict[int, Any]
    again: int  # how often it was remembered anew
    # Those that were only stored; None where they stand in the recipe.
    numbers: tuple[int | float, ...] | None
    held: tuple[Any, ...]  # keeps alive what the key names by identity


class Seen:
    """A construction that came with numbers that are only stored, and how often since with others."""

    __slots__ = ("numbers", "others")

    def __init__(self, numbers: list[int | float]) -> None:
        self.numbers = numbers
        self.others = 0

    def pays(self, numbers: list[int | float]) -> bool:
        """Whether it is worth a recording: for several numbers it takes two until one is spared."""
        if all(map(varied.is_same, self.numbers, numbers)):
            return True
        self.others += 1
        return self.others > _OTHERS


def build(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any], plainly: Plainly) -> Any:
    """`plainly(world, cls, args, keywords)`, which builds a module, or what comes to the same: another module, and the same
    things done."""
    if world.recording is not None and world.recording.spoilt:
        world.recording = None
    init = only_stored.constructor(cls)
    if init is None:
        return plainly(world, cls, args, keywords)
    told = ToldConstruction(world, cls, init)
    key = told.construction(args, keywords)
    held = None if key is None else world.rebuilt.get(key)
    if held is LIKE_NO_OTHER:  # more is done with its numbers than to store them
        if world.recording is not None:
            world.recording.uses(told.names)
        told = ToldConstruction(world, cls, init, whole=True)
        key = told.construction(args, keywords)
        held = None if key is None else world.rebuilt.get(key)
    if held is None:
        if key is not None and len(world.rebuilt) < _MOST:
            world.rebuilt[key] = Seen(told.numbers) if told.numbers else SEEN
    elif held is SEEN or isinstance(held, Seen):
        if world.recording is None and (not isinstance(held, Seen) or held.pays(told.numbers)):
            return _recorded(world, key, told, partial(plainly, world, cls, args, keywords), 0)
    elif held is not NEVER:
        if not held.effect.holds(world):
            if world.recording is None:
                evaluate = partial(plainly, world, cls, args, keywords)
                return _recorded(world, key, told, evaluate, held.again + 1)
            return plainly(world, cls, args, keywords)
        if held.numbers is not None and not all(map(varied.is_same, held.numbers, told.numbers)):
            if world.recording is None:
                return _varied(world, key, told, partial(plainly, world, cls, args, keywords), held)
            return plainly(world, cls, args, keywords)
        if world.uncertain and held.effect.steps >= patience.MOST_STEPS:  # it might be given up here
            return plainly(world, cls, args, keywords)
        if held.effect.fits(world) and not _returns(world, held.effect.reached):
            return _again(world, held, told)
    return plainly(world, cls, args, keywords)


Plainly = Callable[[World, Class, tuple[Any, ...], dict[str, Any]], Any]


def _returns(world: World, reached: Collection[int]) -> bool:
    """Whether building calls functions again that are in progress, where that is not done without end."""
    return world.uncertain > 0 and any(
        f.function is not None and id(f.function.node) in reached for f in world.frames
    )


def _recorded(world: World, key: Any, told: ToldConstruction, evaluate: Callable[[], Any], again: int) -> Any:
    """Build, and keep how it went. `again`: how often that was in vain, since what was read had changed."""
    recording = Recording(world, told.parts)
    recording.names, recording.readable = told.names, told.places
    start, was, stack = began(world), counts(world), world.stack()
    made, layer, own = under(world, recording, evaluate)
    world.rebuilt[key] = NEVER
    if (
        recording.spoilt
        or again > _IN_VAIN
        or start.steps - world.steps < _LEAST
        or start.renamed != world.journal.renamed
        or was != counts(world)
        or _returns(world, own)
        or recording.wrote_abroad(layer)
    ):
        return made
    if recording.peeked:
        world.rebuilt[key] = LIKE_NO_OTHER
        return made
    known = {**recording.known, **recording.functions}
    writer = Writer(recording.given, known, recording.instances, layer, world.owners)
    try:
        root = writer.value(made)
        if root.__class__ is not Fresh:
            return made
        told_of = tuple(
            written_down(world, writer, fact, start.clock, len(stack)) for fact in world.facts[start.said :]
        )
    except NoRecipe:
        return made
    world.rebuilt[key] = Remembered(
        writer.recipe, root.at, told_of, start.effect(world, recording, own), recording.functions, again,
        tuple(told.numbers) or None, (told, recording, evaluate),
    )  # fmt: skip
    return made


def _varied(
    world: World, key: Any, told: ToldConstruction, evaluate: Callable[[], Any], first: Remembered
) -> Any:
    """Build once more with other numbers, and keep what is the same with all of them."""
    made = _recorded(world, key, told, evaluate, first.again)
    second = world.rebuilt[key]
    if second.__class__ is not Remembered:
        return made
    try:
        both = varied.Both(first.numbers or (), second.numbers or (), len(told.parts))
        recipe = both.recipe(first.recipe, second.recipe)
        for name in ("root", "said"):
            both.same(getattr(first, name), getattr(second, name))
        for name in ("ticks", "steps", "deepest", "renamed"):
            both.same(getattr(first.effect, name), getattr(second.effect, name))
        if first.effect.reached != second.effect.reached or not _reads_alike(first, second):
            raise NoRecipe
    except NoRecipe:
        world.rebuilt[key] = LIKE_NO_OTHER
    else:
        world.rebuilt[key] = second._replace(recipe=recipe, numbers=None, held=(first.held, second.held))
    return made


def _reads_alike(first: Remembered, second: Remembered) -> bool:
    """Whether two constructions have read the same."""
    one, other = first.effect, second.effect
    return (
        [(id(names), name, id(found)) for names, name, found in one.guards]
        == [(id(names), name, id(found)) for names, name, found in other.guards]
        and [(id(value), key) for value, key in one.read] == [(id(value), key) for value, key in other.read]
        and first.functions.keys() == second.functions.keys()
    )


def counts(world: World) -> tuple[int, ...]:
    """What building may not add to."""
    return (
        world.failures,
        len(world.namespaces),
        len(world.rank_questions),
        len(world.records or ()),
        len(world.trace or ()),
    )


def _again(world: World, held: Remembered, told: ToldConstruction) -> Any:
    """Do again what building did."""
    maker = Maker(world, held.recipe, [*told.parts, *told.numbers])
    recording = world.recording
    if recording is not None:
        held.effect.join(recording)
        recording.functions.update(held.functions)
        for value in maker.made:
            if value.__class__ is Instance:
                recording.instances[id(value)] = value
    say_again(world, maker, held.said)
    held.effect.again(world, told.parts)
    root = maker.made[held.root]
    root.built_at = world.here()
    return root
