"""Modules that are built alike: a class that is called with equal arguments again is not evaluated again; what the constructor
made is made once more, with objects, places and facts of its own.

Exact, or not at all. While a constructor is evaluated whose arguments were seen before, a `Recording` watches for everything
that its result may hang on besides these arguments, or that it does besides making new objects: a condition that is not known,
writes to what it was given, names of modules and classes that are changed, values that may change and are read through names.
Then there is no recipe. What was read and may change is compared before a recipe is used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from shapelint import facts, records
from shapelint.interp import only_stored, patience, told_constructions, varied
from shapelint.interp.outlasting import FIXED, NotTold, Told, is_fixed
from shapelint.interp.recipes import Fresh, Maker, NoRecipe, Recipe, Writer
from shapelint.interp.told_constructions import ToldConstruction
from shapelint.interp.world import MAX_DEPTH, World
from shapelint.values import Class, Environment, Function, Instance, Names, Site
from shapelint.values.journal import Layer

SEEN, NEVER, LIKE_NO_OTHER = object(), object(), object()
_MOST = 2_000  # constructions that are told apart in one run
_LEAST = 6  # steps of a constructor that are worth remembering
_OTHERS = 3  # how often a construction comes with other numbers before one recipe is sought for all of them
_IN_VAIN = 3  # how often what was read may have changed before nothing is remembered any more
_KINDS = (facts.ModuleBuilt, facts.Called, facts.Assumed, facts.Printed)


_HELD = ("attrs", "items", "buffers", "hidden", "hooks", "incomplete")  # containers of values


class Said(NamedTuple):
    """A fact: its kind, its own data, when it was recorded, and whether its place is within the call (`stack` is then what
    follows the call's own stack)."""

    kind: type[facts.Fact]
    data: tuple[tuple[str, Any], ...]
    order: int
    site: Site | None
    stack: tuple[Site, ...]
    within: bool


class Remembered(NamedTuple):
    """What building made and did."""

    recipe: Recipe
    root: int  # which part of the recipe the module is
    said: tuple[Said, ...]
    ticks: int
    steps: int
    deepest: int  # how many calls were nested in it
    reached: frozenset[int]
    renamed: int
    guards: tuple[tuple[dict[str, Any], str, Any], ...]
    read: tuple[tuple[Any, Any], ...]
    functions: dict[int, Any]
    again: int  # how often it was remembered anew
    numbers: (
        tuple[int | float, ...] | None
    )  # those that were only stored; None where they stand in the recipe
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


class Recording:
    """Watches one evaluation. `spoilt` is set once there can be no recipe of it."""

    def __init__(self, world: World, given: list[Any]) -> None:
        self.world = world
        self.depth = self.deepest = len(world.frames)
        self.handed = given
        self.given = {id(value): i for i, value in enumerate(given)}
        self.spoilt = False
        self.functions: dict[int, Any] = {}  # functions with a closure that outlast the call
        self.guards: list[tuple[dict[str, Any], str, Any]] = []
        self.read: list[tuple[Any, Any]] = []  # what may change and was read: (value, its key)
        self.known: dict[int, Any] = {}  # the parts of these, by identity
        self.kept: list[Any] = []
        self.instances: dict[int, Any] = {}  # plain instances that were made meanwhile
        self.names: frozenset[str] = frozenset()  # attributes that hold numbers of which nothing was told
        self.readable: dict[
            str, frozenset[int]
        ] = {}  # by parameter that is given such a number: the places where it may be read
        self.peeked = False  # whether such an attribute was read, or such a parameter elsewhere

    def named(self, env: Environment, name: str, found: Any) -> None:
        """A name that a frame does not hold itself was read (what it held is of no class of ours when there is none)."""
        if self.spoilt or found.__class__ is object:
            return
        scope: Environment | None = env
        while scope is not None and (name not in scope.vars or (scope.redirect and name in scope.redirect)):
            if scope.redirect and name in scope.redirect:
                self.spoilt = True
                return
            scope = scope.parent
        if scope is None:
            self.lasting(found)
        elif not self._is_own(scope):
            if found.__class__ is not Function and not is_fixed(found):
                self.spoilt = True
                return
            if found.__class__ is Function:
                self.functions[id(found)] = found
            self.guards.append((scope.vars, name, found))

    def _is_own(self, scope: Environment) -> bool:
        for frame in self.world.frames[self.depth :]:
            env: Environment | None = frame.env
            while env is not None:
                if env is scope:
                    return True
                env = env.parent if "__comprehension__" in env.vars else None
        return False

    def lasting(self, value: Any) -> None:
        """A value was read that a module, a class or a function holds."""
        if value.__class__ is Function:
            self.functions[id(value)] = value
            return
        if self.spoilt or value.__class__ in FIXED or is_fixed(value) or id(value) in self.known:
            return
        if id(value) in self.given:
            self.spoilt = True
            return
        told = Told()
        try:
            self.read.append((value, told.key(value)))
        except NotTold:
            self.spoilt = True
            return
        self.kept += told.named
        for part in told.parts:
            if id(part) in self.given:
                self.spoilt = True
            self.known[id(part)] = part

    def entered(self, function: Function) -> None:
        """A function is called: what its parameters are by default was worked out where it was defined."""
        self.deepest = max(self.deepest, len(self.world.frames))
        for value in function.defaults.values():
            if value.__class__ not in FIXED:
                if function.closure is None:
                    self.lasting(value)
                elif not is_fixed(value):
                    self.spoilt = True

    def asked(self, name: str | None) -> None:
        """An attribute of an object was read (None: all of them may be)."""
        if self.names and (name is None or name in self.names):
            self.peeked = True

    def uses(self, names: frozenset[str]) -> None:
        """More may be done with numbers that are kept under these names than to store them."""
        if self.readable and (not names or not names.isdisjoint(self.names)):
            self.peeked = True

    def read_name(self, node: Any) -> None:
        """A name was read of those of such parameters."""
        if id(node) not in self.readable[node.id]:
            self.peeked = True

    def told_of(self, parts: list[Any], function: Function) -> None:
        """A call was not evaluated of a function that was given objects which were told by what they hold."""
        if self.readable and not self.peeked:
            self.peeked = any(p.name in self.readable for p in function.node.params) or any(
                isinstance(part, Instance) and not self.names.isdisjoint(part.attrs) for part in parts
            )

    def called(self, module: Any) -> None:
        """A module is called, which its history tells."""

    def dropped(self, tensor: Any) -> None:
        """A statement drops a tensor."""

    def asked_whether_built(self, module: Any) -> None:
        """What a call means hangs on whether a constructor of its module is in progress."""
        if id(module) in self.given:
            self.spoilt = True

    def includes(
        self,
        guards: tuple[tuple[dict[str, Any], str, Any], ...],
        read: tuple[tuple[Any, Any], ...],
        deepest: int,
    ) -> None:
        """A call was not evaluated that has read this, and under which others were nested so deep."""
        self.deepest = max(self.deepest, len(self.world.frames) + deepest)
        for _, _, found in guards:
            if found.__class__ is Function:
                self.functions[id(found)] = found
        self.guards += guards
        for value, _ in read:
            self.lasting(value)

    def wrote_abroad(self, layer: Layer) -> bool:
        """Whether something was written that was there before the call."""
        theirs = {id(frame.env.vars) for frame in self.world.frames[: self.depth]}
        for value in (*self.known.values(), *self.handed):
            theirs.add(id(value))
            theirs.update(id(getattr(value, name)) for name in _HELD if hasattr(value, name))
        theirs.update((id(self.world.bindings), id(self.world.perhaps)))
        return any(
            key in theirs or container.__class__ is Names for key, (container, _) in layer.containers.items()
        ) or any(owner in theirs for owner, _ in layer.slots)


def build(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any], plainly: Plainly) -> Any:
    """`plainly(world, cls, args, keywords)`, which builds a module, or what comes to the same: another module, and the same
    things done."""
    if world.recording is not None and world.recording.spoilt:
        world.recording = None
    init = only_stored.constructor(cls)
    told = ToldConstruction()
    key = None if init is None else told_constructions.key(world, told, cls, init, args, keywords)
    held = None if key is None else world.rebuilt.get(key)
    if held is LIKE_NO_OTHER:  # more is done with its numbers than to store them
        if world.recording is not None:
            world.recording.uses(told.names)
        told = ToldConstruction(whole=True)
        assert init is not None
        key = told_constructions.key(world, told, cls, init, args, keywords)
        held = None if key is None else world.rebuilt.get(key)
    if held is None:
        if key is not None and len(world.rebuilt) < _MOST:
            world.rebuilt[key] = Seen(told.numbers) if told.numbers else SEEN
    elif held is SEEN or isinstance(held, Seen):
        if world.recording is None and (not isinstance(held, Seen) or held.pays(told.numbers)):
            return _recorded(world, key, told, cls, (args, keywords), plainly, 0)
    elif held is not NEVER:
        if held.renamed != world.journal.renamed or not stands(held.guards, held.read):
            if world.recording is None:
                return _recorded(world, key, told, cls, (args, keywords), plainly, held.again + 1)
            return plainly(world, cls, args, keywords)
        if held.numbers is not None and not all(map(varied.is_same, held.numbers, told.numbers)):
            if world.recording is None:
                return _varied(world, key, told, cls, (args, keywords), plainly, held)
            return plainly(world, cls, args, keywords)
        if world.uncertain and held.steps >= patience.MOST_STEPS:  # it might be given up here
            return plainly(world, cls, args, keywords)
        if (
            held.steps <= world.steps
            and len(world.frames) + held.deepest < MAX_DEPTH
            and not _returns(world, held.reached)
        ):
            return _again(world, held, told)
    return plainly(world, cls, args, keywords)


Plainly = Callable[[World, Class, tuple[Any, ...], dict[str, Any]], Any]


def _returns(world: World, reached: Collection[int]) -> bool:
    """Whether building calls functions again that are in progress, where that is not done without end."""
    return world.uncertain > 0 and any(
        f.function is not None and id(f.function.node) in reached for f in world.frames
    )


def stands(guards: tuple[tuple[dict[str, Any], str, Any], ...], read: tuple[tuple[Any, Any], ...]) -> bool:
    """Whether everything is as it was that a call read and that may have changed."""
    for names, name, value in guards:
        if name not in names or names[name] is not value:
            return False
    for value, key in read:
        try:
            if Told().key(value) != key:
                return False
        except NotTold:
            return False
    return True


def _recorded(
    world: World,
    key: Any,
    told: ToldConstruction,
    cls: Class,
    given: tuple[tuple[Any, ...], dict[str, Any]],
    plainly: Plainly,
    again: int,
) -> Any:
    """Build, and keep how it went. `again`: how often that was in vain, since what was read had changed."""
    recording = Recording(world, told.parts)
    recording.names, recording.readable = told.names, told.places
    clock, steps, said, renamed = world.clock, world.steps, len(world.facts), world.journal.renamed
    was, stack = counts(world), world.stack()
    reached, world.reached = world.reached, set()
    world.recording = recording
    world.journal.begin()
    at = len(world.journal.layers) - 1
    layer = world.journal.layers[at]
    try:
        made = plainly(world, cls, *given)
    finally:
        world.recording = None
        own, world.reached = world.reached, reached
        world.reached |= own
        world.journal.dissolve(at)
    world.rebuilt[key] = NEVER
    if (
        recording.spoilt
        or again > _IN_VAIN
        or steps - world.steps < _LEAST
        or renamed != world.journal.renamed
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
        told_of = tuple(written_down(world, writer, fact, clock, len(stack)) for fact in world.facts[said:])
    except NoRecipe:
        return made
    world.rebuilt[key] = Remembered(
        writer.recipe, root.at, told_of, world.clock - clock, steps - world.steps,
        recording.deepest - recording.depth, frozenset(own), renamed,
        tuple(recording.guards), tuple(recording.read), recording.functions, again, tuple(told.numbers) or None,
        (told, recording, cls, given),
    )  # fmt: skip
    return made


def _varied(
    world: World,
    key: Any,
    told: ToldConstruction,
    cls: Class,
    given: tuple[tuple[Any, ...], dict[str, Any]],
    plainly: Plainly,
    first: Remembered,
) -> Any:
    """Build once more with other numbers, and keep what is the same with all of them."""
    made = _recorded(world, key, told, cls, given, plainly, first.again)
    second = world.rebuilt[key]
    if second.__class__ is not Remembered:
        return made
    try:
        both = varied.Both(first.numbers or (), second.numbers or (), len(told.parts))
        recipe = both.recipe(first.recipe, second.recipe)
        for name in ("root", "said", "ticks", "steps", "deepest", "renamed"):
            both.same(getattr(first, name), getattr(second, name))
        if first.reached != second.reached or not _reads_alike(first, second):
            raise NoRecipe
    except NoRecipe:
        world.rebuilt[key] = LIKE_NO_OTHER
    else:
        world.rebuilt[key] = second._replace(recipe=recipe, numbers=None, held=(first.held, second.held))
    return made


def _reads_alike(first: Remembered, second: Remembered) -> bool:
    """Whether two constructions have read the same."""
    return (
        [(id(names), name, id(found)) for names, name, found in first.guards]
        == [(id(names), name, id(found)) for names, name, found in second.guards]
        and [(id(value), key) for value, key in first.read]
        == [(id(value), key) for value, key in second.read]
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


def written_down(
    world: World,
    writer: Writer,
    fact: facts.Fact,
    clock: int,
    depth: int,
    kinds: tuple[type[facts.Fact], ...] = _KINDS,
) -> Said:
    """A fact as it may be said again. `clock` and `depth`: the time and the length of the stack when the call began. Raises
    NoRecipe."""
    if (
        not isinstance(fact, kinds)
        or fact.certain != (not world.uncertain)
        or fact.repeats
        or fact.model_call is not None
    ):
        raise NoRecipe
    data = []
    for field in records.fields(fact):
        if field.init and field.name not in _COMMON:
            value = getattr(fact, field.name)
            if field.name == "node" or isinstance(value, Site):
                data.append((field.name, value))
            elif value.__class__ is dict:
                data.append((field.name, writer.arguments(value)))
            else:
                data.append((field.name, writer.value(value)))
    within = fact.site is not None and len(fact.stack) >= depth
    rest = fact.stack[depth:] if within or fact.site is None else ()
    return Said(type(fact), tuple(data), fact.order - clock, fact.site, rest, within)


_COMMON = frozenset(("site", "stack", "certain"))


def _again(world: World, held: Remembered, told: ToldConstruction) -> Any:
    """Do again what building did."""
    maker = Maker(world, held.recipe, [*told.parts, *told.numbers])
    recording = world.recording
    if recording is not None:
        recording.includes(held.guards, held.read, held.deepest)
        recording.functions.update(held.functions)
        for value in maker.made:
            if value.__class__ is Instance:
                recording.instances[id(value)] = value
    say_again(world, maker, held.said)
    world.clock += held.ticks
    world.steps -= held.steps
    world.reached |= held.reached
    root = maker.made[held.root]
    root.built_at = world.where()[0]
    return root


def say_again(world: World, maker: Maker, told_of: tuple[Said, ...]) -> None:
    """Enter facts that were written down."""
    if not told_of:
        return
    site, before, _ = world.where()
    stack = world.stack()
    certain = world.uncertain == 0
    for said in told_of:
        data = {}
        for name, value in said.data:
            data[name] = (
                {k: maker.value(v) for k, v in value.items()}
                if value.__class__ is dict
                else maker.value(value)
            )
        if said.within:
            fact = said.kind(said.site, (*stack, *said.stack), certain, **data)
        elif site is None:
            fact = said.kind(None, (*stack, *said.stack), certain, **data)
        else:
            fact = said.kind(site, before, certain, **data)
        world.said(fact, world.clock + said.order)
