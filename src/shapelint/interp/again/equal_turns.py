"""Turns of loops that write numbers into weights and do nothing else (`for m in self.modules(): if isinstance(m, nn.Conv2d): …`):
what a turn came to for one layer it comes to for another of its kind. See weight_calls.py, which does so for calls. Turns are
short, so telling them apart must be cheap, and those that follow one another are done again at once.

A turn is told by what the text of its body may read of the names of the function: a few plain attributes of the module or the
parameter that the loop is about, and what the other names stand for. That body binds no names. A turn that is not evaluated
again said nothing, wrote to nothing that outlasts it, and went on with the next.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from shapelint import ir
from shapelint.interp import assignment
from shapelint.interp.again import footprints, told_layers
from shapelint.interp.again.effects import Effect
from shapelint.interp.again.footprints import Footprint
from shapelint.interp.again.outlasting import NotTold
from shapelint.interp.again.told_arguments import ToldArguments
from shapelint.interp.again.watched import RECORDING, Habit, amid, are_kept, modes, watched
from shapelint.interp.blocks import block
from shapelint.interp.control import CONTINUE
from shapelint.interp.world import Frame, World
from shapelint.values import Class, Module, Tensor

SEEN, NEVER = object(), object()
_TURN = 6  # steps that a turn takes besides those of its body
_MOST = 2_000  # loops that are told apart in one run by what they read, and turns of each
_STATEMENTS = (
    ir.ExprStmt, ir.If, ir.Pass, ir.Continue, ir.Break, ir.Return, ir.Assert, ir.Raise, ir.Assign, ir.AugAssign,
)  # fmt: skip
_NOT_FOLLOWED = (ir.Lambda, ir.Comprehension, ir.NamedExpr, ir.Await, ir.Yield, ir.YieldFrom, ir.Opaque)
_ASKS_ITS_FRAME = frozenset(("super", "locals", "vars", "dir", "globals", "eval", "exec"))


class Plan(NamedTuple):
    """What the text of a loop tells: which of the names that it binds (`about`) its body reads, where that stands in the target
    (None: it is the target) of so many names, and what may be read of each name."""

    node: ir.For
    about: str
    at: int | None
    width: int
    read: dict[str, Footprint]


class Done(NamedTuple):
    """What a turn came to."""

    effect: Effect
    node: Any  # what its function was at
    held: tuple[Any, ...]  # keeps alive what the keys name by identity


class Around(NamedTuple):
    """What a loop reads besides what it is about, while no turn is evaluated. `turns`: what those came to for which it was the
    same; `sound`: those of them under which everything stands as it did."""

    key: Any
    told: ToldArguments
    parts: list[Any]
    ids: frozenset[int]
    turns: dict[Any, Any]
    sound: dict[Any, Done]


class Alike:
    """What is done for one layer after another. `read`: what may be read of each, `names`: the names that are read; `reads`: by
    class, the attributes that are, as of the time when names that outlast calls were written so often."""

    __slots__ = ("around", "given_up", "habit", "names", "read", "reads", "renamed", "world")

    def __init__(self, world: World, habit: Habit, read: Footprint, names: list[str]) -> None:
        self.world = world
        self.habit = habit
        self.read = read
        self.names = names
        self.around: Around | None = None
        self.given_up = False
        self.reads: dict[Class, Any] = {}
        self.renamed = -1

    def _evaluate(self, value: Any) -> Any:
        raise NotImplementedError

    def _went_on(self, done: Any) -> bool:
        """Whether nothing hangs on what an evaluation gave."""
        return True

    def _at(self) -> Any:
        """Where an evaluation has left its function."""
        return None

    def _told_around(self, told: ToldArguments) -> Any:
        """What is read besides, told. Raises NotTold."""
        raise NotImplementedError

    def _again(self, around: Around, value: Any, floor: int, cost: int) -> Done | None:
        """Do again what was done for such a value, which takes so many steps besides; None where it must be evaluated."""
        world = self.world
        parts: list[Any] = []
        key = self._key(around, value, parts)
        found = around.sound.get(key) or self._sound(around, key)
        if found is None:
            return None
        effect, watching = found.effect, world.recording
        if world.steps - cost < max(floor, effect.steps):
            return None
        if effect.walked or (watching is not None and watching.readable):
            parts = [*around.parts, *parts]
            if watching is not None:
                watching.told_of(parts, self.names)
        world.steps -= cost
        effect.again(world, parts)
        self.habit.spared += effect.steps + _TURN
        return found

    def _sound(self, around: Around, key: Any) -> Done | None:
        """What a turn came to, where it would come to that now."""
        world = self.world
        found = None if key is None else around.turns.get(key)
        if found.__class__ is not Done or not found.effect.holds(world) or not found.effect.fits(world):
            return None
        if world.recording is not None:
            found.effect.join(world.recording)
            if world.recording.spoilt:
                return None
            world.recording.told_of(around.parts, self.names)
        around.sound[key] = found
        return found

    def _evaluated(self, value: Any) -> Any:
        """What an evaluation gives. It may be watched."""
        world, habit = self.world, self.habit
        around = self._around()
        self.around = None
        parts: list[Any] = []
        key = None if around is None else self._key(around, value, parts)
        if around is not None and key is not None:
            habit.told += 1
            held = around.turns.get(key)
            if held is None:
                if len(around.turns) < _MOST:
                    around.turns[key] = SEEN
            elif held is not NEVER and world.recording is None and habit.pays:
                habit.told += RECORDING
                return self._watched(around, key, value, [*around.parts, *parts])
        before = world.steps
        done = self._evaluate(value)
        habit.taken += before - world.steps
        return done

    def _around(self) -> Around | None:
        """What the loop reads besides; None where a turn must be evaluated."""
        if self.around is not None:
            return self.around
        world = self.world
        if self.given_up or amid(world):
            return None
        told = ToldArguments(world)
        try:
            key = self._told_around(told)
        except NotTold:
            self.given_up = True
            self.habit.untold += 1
            return None
        turns = world.equal_turns.get(key)
        if turns is None:
            if len(world.equal_turns) >= _MOST:
                return None
            turns = world.equal_turns[key] = {}
        parts = [*told.parts, *told.partly]
        if are_kept(world, parts):
            return None
        self.habit.told += len(parts)
        self.around = Around(key, told, parts, frozenset(map(id, parts)), turns, {})
        if self.renamed != world.journal.renamed:
            self.reads, self.renamed = {}, world.journal.renamed
        return self.around

    def _key(self, around: Around, value: Any, parts: list[Any]) -> Any:
        """What tells a turn from others of its loop; None where it cannot be told. All that may change of it is added to `parts`."""
        if value.__class__ is Module:
            cls = value.cls
            read = self.reads.get(cls, self)
            if read is self:
                read = self.reads[cls] = told_layers.reads(cls, self.read)
            key = None if read is None else told_layers.of_module(self.world, value, read, parts)
            parts.append(value)
        elif value.__class__ is Tensor and value.kind == "parameter":
            key = told_layers.of_tensor(value)
            parts.append(value)
        else:
            return None
        if (around.ids and not around.ids.isdisjoint(map(id, parts))) or are_kept(self.world, parts):
            return None
        return key

    def _watched(self, around: Around, key: Any, value: Any, parts: list[Any]) -> Any:
        """Evaluate, and keep what it came to."""
        around.turns[key] = NEVER
        done, went = watched(
            self.world, parts, lambda: self._evaluate(value), lambda: self._is_as_told(around, key, value)
        )
        if went is not None and not went.said and self._went_on(done):
            around.turns[key] = Done(went.effect, self._at(), (around.told, went.recording))
        return done

    def _is_as_told(self, around: Around, key: Any, value: Any) -> bool:
        try:
            again = self._told_around(ToldArguments(self.world))
        except NotTold:
            return False
        return bool(again == around.key and self._key(around, value, []) == key)


class Turns(Alike):
    """The turns of one loop, over items that are there when it begins."""

    __slots__ = ("frame", "plan")

    def __init__(self, plan: Plan, frame: Frame, habit: Habit) -> None:
        super().__init__(frame.world, habit, plan.read[plan.about], list(plan.read))
        self.plan = plan
        self.frame = frame

    def spare(self, items: list[Any], at: int, end: int, floor: int) -> int:
        """Do again what can be of the turns for items from `at` on: where those begin that are left, `end` if none is. `floor`:
        the steps that are left then, at least."""
        around = self._around()
        if around is None:
            return at
        plan, begun = self.plan, at
        held: Done | None = None
        while at < end:
            item = items[at]
            if plan.at is not None:
                if item.__class__ is not tuple or len(item) != plan.width:
                    break
                item = item[plan.at]
            found = self._again(around, item, floor, 1)
            if found is None:
                break
            held = found
            at += 1
        if held is not None:
            self.habit.told += at - begun
            self.habit.again += at - begun
            assignment.assign(plan.node.target, items[at - 1], self.frame)
            self.frame.node = held.node
        return at

    def turn(self) -> Any:
        """The completion of a turn that is evaluated. What it is about is bound."""
        return self._evaluated(self.frame.env.vars[self.plan.about])

    def _evaluate(self, value: Any) -> Any:
        return block(self.plan.node.body, self.frame)

    def _went_on(self, done: Any) -> bool:
        return done is None or done is CONTINUE

    def _at(self) -> Any:
        return self.frame.node

    def _told_around(self, told: ToldArguments) -> Any:
        env = self.frame.env
        if env.redirect or id(env.vars) in self.world.perhaps:
            raise NotTold
        return self.plan.node, _key_around(self.plan, told, self.frame)


def begun(node: ir.For, frame: Frame) -> Turns | None:
    """What knows the turns of a loop that begins, if they may be like others."""
    world, env = frame.world, frame.env
    if world.calls or world.uncertain or not world.once or frame.function is None:
        return None
    plan = _plan(world, node)
    if plan is None or "__class_body__" in env.vars:
        return None
    if not footprints.UNDERSTOOD_BY.isdisjoint(env.vars) or footprints.shadowed(frame.function):
        return None
    habit: Habit | None = world.equal_turns.get(node)
    if habit is None:
        habit = world.equal_turns[node] = Habit()
    return Turns(plan, frame, habit) if habit.pays else None


def _key_around(plan: Plan, told: ToldArguments, frame: Frame) -> Any:
    """What tells a loop from another. Raises NotTold."""
    names = frame.env.vars
    key = [
        (name, told.key(names[name]) if read.whole else told.attributes(read, names[name]))
        for name, read in plan.read.items()
        if name in names and name != plan.about
    ]
    return tuple(key), told.same() if told.partly else None, modes(frame.world)


def _plan(world: World, node: ir.For) -> Plan | None:
    key = "turns", id(node)
    held = world.footprints.get(key)
    if held is None:
        held = world.footprints[key] = (node, _planned(node))
    found: Plan | None = held[1]
    return found


def _planned(node: ir.For) -> Plan | None:
    """Where all that a body does is evaluate expressions, decide, and write to what is no name, and one name of the target is read."""
    parts = node.target.items if isinstance(node.target, ir.TupleDisplay) else (node.target,)
    bound = [part.id for part in parts if isinstance(part, ir.Name)]
    if len(set(bound)) != len(parts):
        return None
    names: dict[str, None] = {}
    for part in ir.walk(node.body):
        if isinstance(part, ir.Stmt) and not isinstance(part, _STATEMENTS):
            return None
        if isinstance(part, _NOT_FOLLOWED) or any(footprints.written(part, owners=False)):
            return None
        if isinstance(part, ir.Name):
            if part.id in _ASKS_ITS_FRAME:
                return None
            if part.id not in footprints.UNDERSTOOD_BY:
                names[part.id] = None
    about = [name for name in bound if name in names]
    if len(about) != 1:
        return None
    at = None if isinstance(node.target, ir.Name) else bound.index(about[0])
    return Plan(node, about[0], at, len(bound), footprints.told(node.body, tuple(names)))
