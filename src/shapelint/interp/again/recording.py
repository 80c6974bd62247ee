"""What watches an evaluation that may be spared the next time: all that it reads besides what it is given, and all that it writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp.again.outlasting import FIXED, NotTold, Told, is_fixed
from shapelint.interp.world import World
from shapelint.values import Environment, Function, Instance, Names
from shapelint.values.journal import Layer

_HELD = ("attrs", "items", "buffers", "hidden", "hooks", "incomplete")  # containers of values


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
        self.conditions: dict[int, Any] = {}  # conditions that were come to and that nothing else can hang on
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

    def told_of(self, parts: list[Any], names: list[str]) -> None:
        """What reads these names was not evaluated; they stand for objects which were told by what they hold."""
        if self.readable and not self.peeked:
            self.peeked = any(name in self.readable for name in names) or any(
                isinstance(part, Instance) and not self.names.isdisjoint(part.attrs) for part in parts
            )

    def forks(self) -> None:
        """A condition is not known: both sides are evaluated."""
        self.spoilt = True

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


def under(world: World, recording: Recording, evaluate: Callable[[], Any]) -> tuple[Any, Layer, set[int]]:
    """What `evaluate()` gives while a recording watches it; what it wrote; what it reached."""
    reached, world.reached = world.reached, set()
    world.recording = recording
    world.journal.begin()
    at = len(world.journal.layers) - 1
    layer = world.journal.layers[at]
    try:
        given = evaluate()
    finally:
        world.recording = None
        own, world.reached = world.reached, reached
        world.reached |= own
        world.journal.dissolve(at)
    return given, layer, own
