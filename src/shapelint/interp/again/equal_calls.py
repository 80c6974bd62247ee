"""Blocks that are called alike: a block with the same contents that is given the same is not evaluated again; what its forward
gave and did is given and done once more, with tensors and facts of its own.

Exact, or not at all: see `rebuilt`, which does so for constructors. What a forward reads besides the block and its arguments is
watched while it is recorded. It may write to nothing but what it makes, and the histories of the layers it calls. Where a
condition is not known, what both sides came to is done again, and sizes that hang on it hang on a condition of their own each
time. Where something fails, or a size comes up that neither what is given nor such a condition tells, it is evaluated each time.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from shapelint import facts
from shapelint.interp import calls
from shapelint.interp.again import said_again
from shapelint.interp.again.call_recordings import CallRecording, CallWriter, Flags, may_be_another
from shapelint.interp.again.outlasting import NotTold
from shapelint.interp.again.recipes import Maker, NoRecipe, Recipe, is_bare
from shapelint.interp.again.recording import stands, under
from shapelint.interp.again.said_again import Said
from shapelint.interp.again.told_calls import ToldCall
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Function, Site, Tensor, Unknown

_MOST = 4_000  # calls that are told apart in one run
_LEAST = 20  # steps of a forward that are worth remembering
_IN_VAIN = 3  # how many more recordings of a forward there may be than were of use
_UNLIKE = 8  # how many calls in a row that are like none before are enough to compare but one in _TRIED
_TRIED = 8
_KINDS = (facts.Called, facts.Assumed)
SEEN, NEVER = object(), object()
UNITS: list[Any] = []  # forwards of torch's that do nothing but call the layers a module holds


class Habit:
    """How often a forward was recorded, and how often that spared an evaluation; `seen` are the forms of its arguments."""

    __slots__ = ("again", "held", "left", "new", "recorded", "seen", "untold")

    def __init__(self, held: Any) -> None:
        self.held = held  # kept alive: it is found by its identity
        self.seen: set[Any] = set()
        self.recorded = self.again = self.untold = 0
        self.new = 0  # how many calls in a row were like none before
        self.left = 0

    def is_left_alone(self) -> bool:
        """Whether a call is not compared with others: of those before, none was like another, and only some are tried yet."""
        self.left += self.new >= _UNLIKE
        return self.left % _TRIED > 0

    def is_new(self, form: Any) -> bool:
        if form in self.seen:
            return False
        self.seen.add(form)
        return True


class Remembered(NamedTuple):
    """What a forward gave and did."""

    recipe: Recipe
    output: Any
    macs: Any  # a size, or what stands for one
    uncertain: str | None
    said: tuple[Said, ...]
    called: tuple[
        tuple[int, Site | None], ...
    ]  # the parts that were called, and where (None: where the block was)
    walked: tuple[int, ...]
    ticks: int
    steps: int
    depth: int
    reached: frozenset[int]
    renamed: int
    guards: tuple[tuple[dict[str, Any], str, Any], ...]
    read: tuple[tuple[Any, Any], ...]
    functions: dict[int, Any]  # functions with a closure that outlast the call, by identity
    unsure: frozenset[int]  # functions that it calls where a condition decides whether it does
    patience: int  # how many statements on undecided branches it took
    held: tuple[Any, ...]  # keeps alive what the key names by identity


def forward(world: World, record: Any, function: Any) -> Any:
    """What `function`, the forward of the record's module, gives."""
    args, keywords = record.inputs, record.keywords
    if world.recording is not None and world.recording.spoilt:
        world.recording = None
    watching = world.recording
    if (
        record.parent is None
        or not world.once
        or (watching is not None and watching.__class__ is not CallRecording)
        or world.uncertain
        or world.repeating
        or world.muted
        or world.records is not None
        or world.trace is not None
        or world.importing
        or world.telling
        or function.__class__ is not BoundMethod
        or function.receiver is not record.module
        or not (function.function.__class__ is Function or function.function in UNITS)
    ):
        return calls.call(world, function, args, keywords)
    habit = _habit(world, record, function.function)
    form = _form(args)
    if (
        form is None
        or (form not in habit.seen if watching is not None else habit.is_new(form))
        or habit.untold > _IN_VAIN + habit.again
        or habit.is_left_alone()
    ):
        return calls.call(world, function, args, keywords)
    told = ToldCall(world)
    try:
        key = _key(world, told, record, function)
    except NotTold:
        habit.untold += 1
        return calls.call(world, function, args, keywords)
    held = world.equal_calls.get(key)
    habit.new = habit.new + 1 if held is None else 0
    if watching is not None and not (held.__class__ is Remembered and _holds(world, held)):
        return calls.call(world, function, args, keywords)
    if held is None and (
        habit.recorded > _IN_VAIN + habit.again or function.function.__class__ is not Function
    ):
        if len(world.equal_calls) < _MOST:
            world.equal_calls[key] = SEEN  # it must come twice to be worth a recording
        return calls.call(world, function, args, keywords)
    if held is NEVER or (held is None and len(world.equal_calls) >= _MOST):
        return calls.call(world, function, args, keywords)
    if held is None or held is SEEN or (watching is None and not _holds(world, held)):
        habit.recorded += 1
        return _recorded(world, key, told, record, function)
    if (
        held.steps > world.steps
        or len(world.frames) > held.depth
        or (world.patience is not None and held.patience > world.patience)
        or _returns(world, held.unsure)
    ):
        return calls.call(world, function, args, keywords)
    habit.again += 1
    return _again(world, held, told, record)


def _holds(world: World, held: Remembered) -> bool:
    """Whether everything is as it was when a forward was recorded that hangs on more than what it is given."""
    return held.renamed == world.journal.renamed and stands(held.guards, held.read)


def _returns(world: World, functions: Collection[int]) -> bool:
    """Whether some of these functions are in progress: how deep they may be called where a condition decides hangs on that."""
    return bool(functions) and any(
        f.function is not None and id(f.function.node) in functions for f in world.frames
    )


def _habit(world: World, record: Any, function: Any) -> Habit:
    """How often a forward of the program was recorded; of a layer that only calls others, of its class and at this place."""
    key: Any = id(function)
    node = None
    if function.__class__ is not Function:
        node = world.frames[-1].node if world.frames else None
        key = "habit", record.module.cls, id(node)
    found: Habit | None = world.equal_calls.get(key)
    if found is None:
        found = world.equal_calls[key] = Habit((function, node))
    return found


def _form(args: tuple[Any, ...]) -> Any:
    """What calls look like at first sight; None where looking closer is not worth it."""
    form: list[Any] = []
    for value in args:
        if value.__class__ is Tensor:
            if value._box.__class__ is not tuple:
                return None
            form.append(value._box)
        else:
            form.append(value.__class__)
    return tuple(form)


def _key(world: World, told: ToldCall, record: Any, function: Any) -> Any:
    """What tells one call from another. Raises NotTold."""
    named = tuple([(name, told.key(value)) for name, value in record.keywords.items()])
    given = named, told.key(record.module), told.key(record.inputs)
    place: Any
    if function.function.__class__ is Function:
        file = function.function.globals.file
        place = None if file is not None and world.checked(file.path) else world.here()
    else:  # what it does, it does where it is called
        node = world.frames[-1].node if world.frames else None
        told.named.append(node)
        here, _, inner = world.where()
        place = id(node), world.site(), here, inner
    state = (
        world.default_dtype, world.grad_enabled, world.autocast, world.guarded > 0, len(world.tries) > 0,
        world.import_guards, world.by_program, world.guessing, world.impatient,
        world.elsewhere, world.imported.elsewhere, world.one_device, world.patience is None,
    )  # fmt: skip
    told.named.append(function.function)
    return "call", id(function.function), given, place, state


def _recorded(world: World, key: Any, told: ToldCall, record: Any, function: Any) -> Any:
    """Evaluate, and keep how it went."""
    recording = CallRecording(world, told.parts)
    clock, steps, said, renamed = world.clock, world.steps, len(world.facts), world.journal.renamed
    counts, modes, patience = _counts(world), _modes(world), world.patience
    flags = Flags(told.parts)
    try:
        given, layer, own = under(
            world, recording, lambda: calls.call(world, function, record.inputs, record.keywords)
        )
    finally:
        flags.settle()
    world.equal_calls[key] = NEVER
    if (
        recording.spoilt
        or steps - world.steps < _LEAST
        or renamed != world.journal.renamed
        or counts != _counts(world)
        or modes != _modes(world)
        or record.failed is not None
        or flags.outlast
        or any(part.__class__ is Unknown and not is_bare(part) for part in told.parts)
        or any(map(may_be_another, (*told.parts, *recording.known.values())))
        or _returns(world, recording.unsure)
        or recording.wrote_abroad(layer)
    ):
        return given
    writer = CallWriter(recording, layer, told, told.parts)
    try:
        output = writer.value(given)
        macs = writer.value(record.macs)
        facts_said = tuple(_said(world, writer, f, clock, recording.places) for f in world.facts[said:])
    except NoRecipe:
        return given
    world.equal_calls[key] = Remembered(
        writer.written(), output, macs, record.uncertain, facts_said, tuple(dict.fromkeys(recording.calls)),
        flags.walked,
        world.clock - clock, steps - world.steps, recording.depth, frozenset(own), renamed,
        tuple(recording.guards), tuple(recording.read), recording.functions, frozenset(recording.unsure),
        (patience or 0) - (world.patience or 0), (told.named, recording),
    )  # fmt: skip
    return given


def _counts(world: World) -> tuple[int, ...]:
    """What a forward may not add to."""
    return world.failures, len(world.rank_questions), len(world.leaves)


def _modes(world: World) -> tuple[Any, ...]:
    return (
        world.default_dtype,
        world.grad_enabled,
        world.autocast,
        world.guarded,
        len(world.tries),
        world.elsewhere,
    )


def _said(world: World, writer: CallWriter, fact: facts.Fact, clock: int, depth: int) -> Said:
    if fact.__class__ not in _KINDS or fact.repeats or fact.model_call is not world.calls[0]:
        raise NoRecipe
    return said_again.kept(writer, fact, clock, depth, certain=fact.certain)


def _again(world: World, held: Remembered, told: ToldCall, record: Any) -> Any:
    """Do again what a forward did, and give what it gave."""
    site, before, _ = world.where()
    parts = told.parts
    maker = Maker(world, held.recipe, parts)
    if world.recording is not None:
        world.recording.again(held, parts, maker, site, len(before) >= world.recording.places)
    said_again.say_again(world, maker, held.said)
    for at, place in held.called:
        called = site if place is None else place
        if called is not None:
            parts[at].history.called[called] = None
    for at in held.walked:
        parts[at].history.walked = True
    world.clock += held.ticks
    world.take_again(held.steps)
    if world.patience is not None:
        world.patience -= held.patience
    world.reached |= held.reached
    if held.macs.__class__ is not int or held.macs:
        world.journal.touch_slot(record, "macs")
        record.macs = maker.value(held.macs)
    record.uncertain = held.uncertain
    return maker.value(held.output)
