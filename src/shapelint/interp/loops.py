"""`for` and `while`: exact turns, and one turn for all where their number is not known."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from shapelint import facts, ir
from shapelint.dims import Sym
from shapelint.interp import (
    assignment,
    branch,
    carried,
    early_returns,
    iterate,
    lost_turns,
    unfinished,
    widening,
)
from shapelint.interp.again import equal_turns
from shapelint.interp.blocks import block
from shapelint.interp.branch import Split
from shapelint.interp.conditions import test
from shapelint.interp.control import BREAK, CONTINUE, Completion, ProgramRaises, Returned
from shapelint.interp.evaluation import evaluate
from shapelint.interp.exceptional_edges import may_raise
from shapelint.interp.host import lazy, stream_lengths
from shapelint.interp.layers import compose, joined
from shapelint.interp.world import Frame, World
from shapelint.values import Iterator, Lazy, Stream, Unknown
from shapelint.values.journal import Layer

EXACT_TURNS = 1_000  # a loop of more turns is evaluated once and widened
_ENDLESS = 10  # turns of a loop that nothing in it leaves: more would tell nothing new
_MANY = 100  # turns; fewer are more likely the layers of a network than its weights


def for_loop(node: ir.For, frame: Frame) -> Completion | Split:
    return over(node, iterate.begun(frame.world, evaluate(node.iter, frame)), frame)


def over(node: ir.For, found: Any, frame: Frame) -> Completion | Split:
    """A loop over a list of items, or over what an iterator has left."""
    if isinstance(found, (Iterator, Lazy)):
        return _behind_loop(node, frame, _drawn(node, found, 0, frame))
    return _over_all(node, found, frame)


def _over_all(node: ir.For, found: list[Any] | Stream, frame: Frame) -> Completion | Split:
    if not isinstance(found, Stream) and len(found) > EXACT_TURNS:
        found = Stream(iterate.one_of_many(found), f"a loop of {len(found)} turns", len(found))
    if isinstance(found, Stream):
        left = _stream_turns(node, found, frame)
        if left is not None or found.last is None or node.orelse or _may_leave(node.body):
            return left
        assignment.assign(node.target, found.last, frame)
        return branch.loop_turn(frame.world, block(node.body, frame))
    return _behind_loop(node, frame, _turns(node, found, 0, frame))


def _stream_turns(node: ir.For, found: Stream, frame: Frame) -> Completion | Split:
    """One turn for all, over what stands for any item."""
    world, element = frame.world, found.element
    counted = isinstance(found.length, (int, Sym))

    def begin() -> None:
        if world.tries and not counted:  # what gives the items may be a generator, or a reader of files
            may_raise(world)
        assignment.assign(node.target, element, frame)

    return _abstract_loop(node, frame, begin, runs=stream_lengths.runs(found))


def _behind_loop(node: ir.For | ir.While, frame: Frame, done: Completion | Split) -> Completion | Split:
    """What follows the turns of a loop: `else` where no break ended it; a break has then fallen through."""
    if isinstance(done, Split) and node.orelse:
        done = branch.after_split(frame.world, done, lambda: block(node.orelse, frame))
    elif done is None and node.orelse:
        return block(node.orelse, frame)
    return branch.end_of_loop(frame.world, done)


def _may_leave(body: tuple[ir.Stmt, ...]) -> bool:
    """Whether statements may end the loop they stand in before its last turn."""
    pending: list[Any] = list(body)
    while pending:
        at = pending.pop()
        if isinstance(at, (ir.Break, ir.Return, ir.Raise, ir.Try)):
            return True
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.Stmt) and not isinstance(at, (ir.FunctionDef, ir.ClassDef)):
            pending.extend(ir.parts(at))
    return False


def _turns(node: ir.For, found: list[Any], start: int, frame: Frame) -> Completion | Split:
    """Exact turns from `start` on. A break is not yet resolved."""
    world = frame.world
    budget = world.steps - world.loop_steps
    alike = equal_turns.begun(node, frame)
    count = len(found)
    may_end = count > _MANY and not node.orelse
    i = start
    while i < count:
        if alike is not None:
            i = alike.spare(found, i, count, budget if may_end else 0)
            if i == count:
                break
        world.step()
        if world.steps < budget and may_end and i + 1 < count:
            rest = Stream(iterate.one_of_many(found[i:]), f"a loop of {count} costly turns", count - i)
            return _stream_turns(node, rest, frame)
        left = _turn(node, found[i], frame, alike, functools.partial(_turns, node, found, i + 1, frame))
        if left is not _NEXT:
            if isinstance(left, Returned) and i == 0 and count > 1:
                early_returns.record(node, found[0], lambda: count, left.value, frame)
            return left
        i += 1
    if start == 0:
        lost_turns.record(node, found, frame)
    return None


_NEXT: Any = object()  # a turn was followed by the next one


def _turn(
    node: ir.For,
    item: Any,
    frame: Frame,
    alike: equal_turns.Turns | None,
    go_on: Callable[[], Completion | Split],
) -> Completion | Split:
    """One exact turn: _NEXT, or how the loop is left; where only some of it leaves, `go_on` are the other turns."""
    assignment.assign(node.target, item, frame)
    done = block(node.body, frame) if alike is None else alike.turn()
    left = branch.loop_turn(frame.world, done)
    if isinstance(left, Split):
        return branch.after_split(frame.world, left, go_on)
    return _NEXT if left is None else left


def _drawn(node: ir.For, found: Iterator | Lazy, turn: int, frame: Frame) -> Completion | Split:
    """Turns over an iterator, each item taken when its turn comes. A break is not yet resolved."""
    world = frame.world
    budget = world.steps - world.loop_steps
    alike = equal_turns.begun(node, frame) if isinstance(found, Iterator) else None
    taken: list[Any] = []
    while turn < EXACT_TURNS and (world.steps >= budget or turn <= _MANY):
        if alike is not None and isinstance(found, Iterator) and found.at >= 0:
            end = min(len(found.items), found.at + EXACT_TURNS - turn)
            at = alike.spare(found.items, found.at, end, budget)
            if at > found.at:
                world.journal.touch_slot(found, "at")
                turn += at - found.at
                found.at = at
                continue
        turn += 1
        world.step()
        item = lazy.take(world, found)
        if item is lazy.END:
            if turn == len(taken) + 1:
                lost_turns.record(node, taken, frame)
            return None
        if isinstance(item, Stream):
            return _without_else(node, item, frame)
        taken.append(item)
        left = _turn(node, item, frame, alike, functools.partial(_drawn, node, found, turn, frame))
        if left is not _NEXT:
            if isinstance(left, Returned) and turn == 1 and isinstance(node.iter, ir.Call):
                early_returns.record(node, item, lambda: 1 + _gives_more(world, found), left.value, frame)
            return left
    if isinstance(found, Iterator):
        return _without_else(node, iterate.items(world, found), frame)

    def begin() -> Completion:
        item = lazy.take(world, found)
        if item is lazy.END:
            return BREAK
        assignment.assign(node.target, item.element if isinstance(item, Stream) else item, frame)
        return None

    return _abstract_loop(_bare(node), frame, begin, runs=False)


def _gives_more(world: World, found: Iterator | Lazy) -> bool:
    """Whether an iterator certainly has one more item. Nothing that taking it does is kept: the program does not take it."""
    said, ran, tries = len(world.facts), len(world.trace or ()), world.tries
    world.tries = []
    try:
        item, _ = branch.apart(world, lambda: lazy.take(world, found))
    finally:
        world.tries = tries
        del world.facts[said:]
        if world.trace is not None:
            del world.trace[ran:]
    return item is not lazy.END and not isinstance(item, (Stream, ProgramRaises))


def _without_else(node: ir.For, found: list[Any] | Stream, frame: Frame) -> Completion | Split:
    """The rest of a loop, whose `else` is not this one's matter."""
    return _over_all(_bare(node), found, frame)


def _bare(node: ir.For) -> ir.For:
    return ir.For(node.at, node.target, node.iter, node.body, ()) if node.orelse else node


def while_loop(node: ir.While, frame: Frame) -> Completion | Split:
    world = frame.world
    turns = EXACT_TURNS
    if isinstance(node.test, ir.Const) and not _may_leave(node.body):
        turns = _ENDLESS
    elif world.muted or world.repeating:  # in a pass that is itself repeated
        turns = _MANY
    budget = world.steps - world.loop_steps
    for turn in range(turns):
        if is_long(world, turn, budget):
            break
        known = test(node.test, frame)
        if known is False:
            return block(node.orelse, frame) if node.orelse else None
        if isinstance(known, Unknown):
            return _abstract_loop(node, frame, lambda: None, runs=False)
        world.step()
        left = branch.loop_turn(world, block(node.body, frame))
        if isinstance(left, Split):
            return _abstract_loop(node, frame, lambda: None, runs=False)
        if left is not None:
            return branch.end_of_loop(world, left)
    return _abstract_loop(node, frame, lambda: None, runs=False)


def is_long(world: World, turns: int, budget: int) -> bool:
    """Whether a loop has had so many exact turns, or so dear ones, that the others are evaluated as one. `budget` is what is left
    of the steps when it may take no more."""
    return turns >= EXACT_TURNS or (turns >= _MANY and world.steps < budget)


def unending(node: ir.While, frame: Frame) -> Completion | Split:
    """Any number of turns of a loop, from here on."""
    return _abstract_loop(node, frame, lambda: None, runs=False)


def _abstract_loop(
    node: ir.For | ir.While, frame: Frame, begin: Callable[[], Completion], *, runs: bool
) -> Completion | Split:
    """A loop of an unknown number of turns: trial passes find what a turn changes, that is widened, and one turn is then
    evaluated for all. `runs` tells that there is at least one."""
    world = frame.world

    def turn() -> Any:
        world.repeating += 1
        try:
            early = begin()
            return block(node.body, frame) if early is None else early
        finally:
            world.repeating -= 1

    if (
        world.muted
    ):  # a trial pass of a loop around this one; many passes would take time to the power of the depth
        _settle_turns(node, frame, turn, _PASSES_INSIDE)
        return None
    world.journal.begin()
    depth = len(world.journal.layers)
    try:
        _settle_turns(node, frame, turn, _PASSES)
        done, layer = branch.apart(world, turn)
    finally:
        while len(world.journal.layers) > depth:
            world.journal.end()
        before_any = world.journal.end()
    if isinstance(done, ProgramRaises):
        if runs and world.guarded == 0 and world.uncertain == 0:
            record_raise(frame, done)
        branch.settle(world, [], [before_any], object())
        return block(node.orelse, frame) if node.orelse else None
    exits: list[Any] = []
    ends: list[Layer] = [] if runs else [Layer()]
    for how, state in branch.ways(done, layer):
        if how is None or how is CONTINUE:
            ends.append(compose(before_any, state))
        else:
            exits.append((how, compose(before_any, state)))
    return _behind_loop(node, frame, branch.settle(world, exits, ends, object()))


_PASSES = 6  # over a loop of an unknown number of turns; what still changes then is forgotten
_PASSES_INSIDE = 2  # over one inside another


def _settle_turns(node: ir.For | ir.While, frame: Frame, turn: Callable[[], Any], passes: int) -> None:
    """Put in place what holds before any turn: trial passes, until one changes nothing that is still known."""
    world = frame.world
    fresh = widening.Fresh(frame.env.vars, carried.carried(world, node))
    for attempt in range(passes):
        with world.mute():
            done, layer = branch.run_side(world, turn)
        if isinstance(done, Split) and (again := _goes_on(world, done)) is not None:
            layer = compose(layer, again)
        elif isinstance(done, ProgramRaises):
            unfinished.doubt(frame, node.body)
        if not widening.widen(world, layer, attempt, fresh):
            return
    widening.forget(world, node.body, frame.env.vars)


def _goes_on(world: World, split: Split) -> Layer | None:
    """The state in which a turn is followed by another, when only some of it leaves."""
    going = [layer for how, layer in split.exits if how is CONTINUE]
    if split.normal is not None:
        going.append(split.normal)
    return joined(world, going, split.key) if going else None


def record_raise(frame: Frame, problem: ProgramRaises) -> None:
    if problem.kind != "SystemExit":
        frame.world.record(facts.Raised, exception=problem.kind, message=problem.message, cause=problem.cause)
