"""What `module.apply(function)` does with each layer below: what the function came to for one it comes to for another of its kind.
The turns of loops are told apart by less than calls are, and so are these visits (equal_turns.py); what a visit gives is dropped.
"""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.again import footprints
from shapelint.interp.again.equal_turns import Alike
from shapelint.interp.again.told_arguments import ToldArguments
from shapelint.interp.again.watched import Habit, amid, modes
from shapelint.interp.world import World
from shapelint.ir import FunctionDef
from shapelint.values import BoundMethod, Function, Module


class Visits(Alike):
    """The visits of one walk. `function` is what was given, `own` the function of the program that it calls, with `bound` before the
    layer."""

    __slots__ = ("bound", "function", "own")

    def __init__(
        self, world: World, habit: Habit, function: Any, own: Function, bound: tuple[Any, ...]
    ) -> None:
        read = footprints.of(world, own)[footprints.takes_by_place(own.node)[len(bound)]]
        super().__init__(world, habit, read, [p.name for p in own.node.params])
        self.function = function
        self.own = own
        self.bound = bound

    def visit(self, module: Module) -> None:
        around = self._around()
        if around is not None and self._again(around, module, 0, 0) is not None:
            self.habit.told += 1
            self.habit.again += 1
        else:
            self._evaluated(module)

    def _evaluate(self, value: Any) -> Any:
        return calls.call(self.world, self.function, (value,), {})

    def _told_around(self, told: ToldArguments) -> Any:
        key: list[Any] = []
        if self.bound:
            name = footprints.takes_by_place(self.own.node)[0]
            read = footprints.of(self.world, self.own)[name]
            key = [told.key(value) if read.whole else told.attributes(read, value) for value in self.bound]
        return "visits", self.own, tuple(key), told.same() if told.partly else None, modes(self.world)


def begun(world: World, function: Any) -> Visits | None:
    """What knows the visits of a walk that begins, if they may be like others."""
    own = function
    bound: tuple[Any, ...] = ()
    if function.__class__ is BoundMethod:
        own, bound = function.function, (function.receiver,)
    if own.__class__ is not Function or not world.once or amid(world):
        return None
    if own.node.__class__ is FunctionDef and own.node.is_generator:
        return None
    if len(footprints.takes_by_place(own.node)) <= len(bound):
        return None
    habit: Habit | None = world.equal_turns.get(own)
    if habit is None:
        habit = world.equal_turns[own] = Habit()
    return Visits(world, habit, function, own, bound) if habit.pays else None
