"""What may be raised between two yields of a generator that stands inside `try` or `with`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from shapelint import facts
from shapelint.interp import contexts, generator_ends, try_statements
from shapelint.interp.control import ProgramRaises
from shapelint.interp.exceptional_edges import Try
from shapelint.interp.generator_ends import State
from shapelint.interp.outcomes import inside
from shapelint.interp.world import Frame, World


def watched(frame: Frame, handler: Any, task: Any, rest: State, sent: Any) -> Any:
    """Execute a task. Where something in it may or may not raise, and something around it would be executed then, it is not
    decided how the body goes on."""
    world = frame.world
    around = list(_catching(rest))
    if not around and not (
        world.tries and any(_FINAL[kind](what) for kind, what in _tasks(rest) if kind in _FINAL)
    ):
        return handler(frame, task, rest, sent)
    held = Try(len(world.journal.layers))
    mark, ran = len(world.facts), len(world.trace or ())
    with contextlib.ExitStack() as guards:
        for kind, what in around:
            guards.enter_context(_GUARDS[kind](what, world))
        done = inside(frame, held, lambda: handler(frame, task, rest, sent))
    certain = isinstance(done, ProgramRaises) and done.noted is not held and not done.refused
    if held.anywhere is None and not held.deaths and (certain or not isinstance(done, ProgramRaises)):
        world.journal.keep()
        if isinstance(done, ProgramRaises):
            raise done
        return done
    world.journal.end()
    world.facts[mark:] = [fact for fact in world.facts[mark:] if not isinstance(fact, facts.Called)]
    if world.trace is not None:
        del world.trace[ran:]
    return generator_ends.Open(lambda: generator_ends.whole(frame, task, sent), rest)


def _tasks(state: State) -> Iterator[tuple[str, Any]]:
    while state is not None:
        task, state = state
        yield task[0], task[1]


def _catching(state: State) -> Iterator[tuple[str, Any]]:
    """The tasks that may catch what is raised inside them."""
    for kind, what in _tasks(state):
        if (kind == "try" and what.handlers) or (kind == "leave" and contexts.may_swallow(what)):
            yield kind, what


@contextlib.contextmanager
def _guarding(leave: contexts.Ended, world: World) -> Iterator[None]:
    world.guarded += 1
    try:
        yield
    finally:
        world.guarded -= 1


_GUARDS: dict[str, Any] = {"try": try_statements.guards, "leave": _guarding}
_FINAL: dict[str, Any] = {"finally": bool, "leave": contexts.has_say}
