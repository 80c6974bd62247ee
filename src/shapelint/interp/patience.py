"""Calls into other files of whose arguments nothing is known: given up after a while.

A package that is handed an unknown configuration forks at every condition it comes to, and what it gives in the end is unknown
all the same. So only so many statements are executed on undecided branches inside of one such call; then it is undone, its value
is unknown, and so is whatever the network it was called on does not have yet. That is for entries whose arguments we made up:
what a program does itself is followed to its end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp.control import GivenUp
from shapelint.interp.world import Frame, World
from shapelint.values import Class, Dict, Module, Tensor, Unknown

MOST_STEPS = 2000
_COUNTS = ("guarded", "import_guards", "uncertain", "muted", "repeating")


def applies(world: World, frame: Frame) -> bool:
    """Whether a call may be given up: from the file that is analysed into another, with nothing known but what it is called on."""
    if world.patience is not None or frame.namespace.name == "__main__":
        return False
    if world.frames and world.frames[-1].namespace.name != "__main__":
        return False
    if frame.receiver is not None and not isinstance(frame.receiver, (Module, Class, *_PLAIN)):
        return False
    for p in frame.function.node.params:
        value = frame.env.vars.get(p.name)
        own = value.items.values() if p.kind == "kwarg" and isinstance(value, Dict) else (value,)
        if not all(v is frame.receiver or isinstance(v, _PLAIN) or v == () for v in own):
            return False
    return True


_PLAIN = (Unknown, Tensor, int, float, str, bool, type(None))


class Start:
    """The state of an evaluation that may be given up: then nothing of it has happened."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.counts = {name: getattr(world, name) for name in _COUNTS}
        self.tries, self.decided, self.perhaps = list(world.tries), dict(world.decided), world.perhaps.copy()
        self.frames, self.calls, self.said = len(world.frames), len(world.calls), len(world.facts)
        self.depth = len(world.journal.layers)
        world.journal.begin()

    def undo(self) -> None:
        world = self.world
        while len(world.journal.layers) > self.depth:
            world.journal.end()
        for name, value in self.counts.items():
            setattr(world, name, value)
        world.tries[:], world.decided = self.tries, self.decided
        world.perhaps.clear()
        world.perhaps.update(self.perhaps)
        del world.frames[self.frames :], world.calls[self.calls :], world.facts[self.said :]

    def keep(self) -> None:
        world = self.world
        while len(world.journal.layers) > self.depth + 1:
            world.journal.end()
        world.journal.keep()


def run(world: World, frame: Frame, body: Callable[[], Any]) -> Any:
    """Run the body of a call that may be given up."""
    world.patience = MOST_STEPS
    start = Start(world)
    try:
        result = body()
    except GivenUp:
        start.undo()
        why = Unknown(
            f"what {frame.function.qualname} does with values that are not known is not followed to its end",
            world.site(),
        )
        if isinstance(frame.receiver, Module):
            world.journal.touch_slot(frame.receiver, "initialised")
            frame.receiver.initialised = True  # for all that is known
            world.journal.touch(frame.receiver.incomplete)
            frame.receiver.incomplete.append(why)
        return why
    except BaseException:
        start.keep()
        raise
    finally:
        world.patience = None
    start.keep()
    return result
