"""`with`: entering the managers, and leaving them however the body ended."""

from __future__ import annotations

from collections.abc import Callable

from shapelint import ir
from shapelint.interp import assignment, branch, contexts
from shapelint.interp.blocks import block
from shapelint.interp.branch import Split
from shapelint.interp.control import Completion, ProgramRaises
from shapelint.interp.evaluation import evaluate
from shapelint.interp.exceptional_edges import Try, anything
from shapelint.interp.outcomes import behind_all, inside, reraise
from shapelint.interp.truth import truth
from shapelint.interp.world import Frame
from shapelint.values import Class


def with_statement(node: ir.With, frame: Frame, at: int = 0) -> Completion | Split:
    """The managers from `at` on, one inside the other, and the body."""
    if at == len(node.items):
        return block(node.body, frame)
    expression, target = node.items[at]
    world = frame.world
    manager = evaluate(expression, frame)
    if isinstance(manager, Class):
        frame.node = expression  # it is refused, at its own place
    value, leave = contexts.enter(world, manager)
    if target is not None:
        assignment.assign(target, value, frame)
    return within(frame, leave, lambda: with_statement(node, frame, at + 1))


def within(frame: Frame, leave: contexts.Ended, body: Callable[[], Completion | Split]) -> Completion | Split:
    """Execute a body inside a manager that was entered, and leave that however it ended."""
    world = frame.world
    if not contexts.has_say(leave):  # of a library: it lets every exception through
        try:
            return body()
        finally:
            contexts.leave(world, leave)
    held = Try(len(world.journal.layers))
    swallows = contexts.may_swallow(leave)
    world.guarded += swallows
    try:
        done = inside(frame, held, body)
    finally:
        world.guarded -= swallows
    if swallows and held.anywhere is not None and not world.tries:
        held.deaths.append((anything(), held.anywhere))
    return behind_all(frame, held, done, lambda how: _left(frame, leave, how))


def _left(frame: Frame, leave: contexts.Ended, how: Completion | Split | ProgramRaises) -> Completion | Split:
    """Leave a `with` that ended in some way: an exception goes on unless the manager swallows it."""
    world = frame.world
    said = contexts.leave(world, leave, how if isinstance(how, ProgramRaises) else None)
    if not isinstance(how, ProgramRaises):
        return how
    known = truth(world, said)
    if known is False:
        raise how
    return None if known is True else branch.statements(world, known, (lambda: None, lambda: reraise(how)))
