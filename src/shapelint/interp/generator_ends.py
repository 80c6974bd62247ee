"""A generator's body executed to its end at once, where it is not decided how it goes on: what it yields is kept in a list."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from shapelint import ir
from shapelint.interp import blocks, branch, calls, iterate, loops, try_statements, with_statements
from shapelint.interp.branch import Split
from shapelint.interp.control import Completion, ProgramRaises
from shapelint.interp.exceptional_edges import may_raise
from shapelint.interp.host import lazy, open_lists
from shapelint.interp.layers import merge
from shapelint.interp.outcomes import reraise
from shapelint.interp.world import Frame, World
from shapelint.values import Iterator, List, Stream, Unknown
from shapelint.values.journal import Layer

State = Any  # None, or (task, State)


class Open:
    """It is not decided how a body goes on: `begin` does the next thing, whichever way, and `rest` is behind that."""

    __slots__ = ("begin", "rest")

    def __init__(self, begin: Callable[[], Completion | Split], rest: State) -> None:
        self.begin = begin
        self.rest = rest


def at_once(
    world: World, generator: Any, begin: Callable[[], Completion | Split], state: State, whole: bool
) -> Any:
    """Execute everything that is left of a generator, `begin` and the tasks of `state` behind it: what it yields is kept. When it
    does what else it does is not known, unless all is wanted at once."""
    frame = generator.frame
    world.journal.touch_slot(generator, "rest")
    collected = List([])
    before = frame.yields
    frame.yields = collected

    def body() -> Any:
        return branch.finish(world, _to_the_end(frame, begin, state))

    try:
        if whole:
            generator.returned = body()
        else:
            done, layer = branch.apart(world, body)
            mine = {id(collected.items), id(frame.env.vars), id(frame.sent)}
            own, outside = _parted(
                layer, lambda key: key in mine or (isinstance(key, tuple) and key[0] == id(collected))
            )
            world.journal.replay(own)
            merge(world, [outside, Layer()], object())
            if not isinstance(done, ProgramRaises):
                generator.returned = done
            elif not collected.items and collected.open is None:
                raise done
            else:  # behind what it yields; the loop over that says when
                collected.open = Unknown(f"what is yielded before {done.kind} is raised is not known")
                if world.tries:
                    may_raise(world)
    finally:
        frame.yields = before
    generator.rest = (
        Iterator(collected.items)
        if collected.open is None
        else Stream(open_lists.any_item(collected), collected.open.why, collected.open)
    )
    return lazy.take(world, generator.rest)


def _parted(layer: Layer, own: Callable[[Any], bool]) -> tuple[Layer, Layer]:
    """A layer as two: what is the generator's own, and what others see."""
    inner, outer = Layer(), Layer()
    for container, held in layer.containers.items():
        (inner if own(container) else outer).containers[container] = held
    for slot, written in layer.slots.items():
        (inner if own(slot) else outer).slots[slot] = written
    return inner, outer


def _to_the_end(frame: Frame, begin: Callable[[], Completion | Split], state: State) -> Completion | Split:
    """Execute what is left, the innermost first: a completion or a Split, as for any block."""
    do = begin
    while state is not None:
        task, state = state
        do = functools.partial(_around, frame, task, do)
    return do()


def _around(frame: Frame, task: Any, do: Callable[[], Completion | Split]) -> Completion | Split:
    """Execute one task and, before or inside it, what `do` does."""
    kind = task[0]
    if kind == "try":
        return try_statements.handled(task[1], frame, do)
    if kind == "finally":
        return try_statements.finally_behind(task[1], frame, do)
    if kind == "leave":
        return with_statements.within(frame, task[1], do)
    if kind == "handled":
        return try_statements.in_handler(task[1], do)
    return _behind(frame, task, do())


def _behind(frame: Frame, task: Any, done: Completion | Split) -> Completion | Split:
    """Execute one task behind something that ended as `done`."""
    kind = task[0]
    if kind == "block":
        if isinstance(done, Split):
            return branch.after_split(frame.world, done, lambda: _all_of(frame, task))
        return _all_of(frame, task) if done is None else done
    if kind in ("for", "while"):
        left = branch.loop_turn(frame.world, done)
        if left is None:
            return _all_of(frame, task)
        if isinstance(left, Split):
            left = branch.after_split(frame.world, left, lambda: _all_of(frame, task))
        return branch.end_of_loop(frame.world, left)
    if kind == "ended":
        if isinstance(done, Split):
            return branch.after_split(frame.world, done, lambda: _gone_on(task[1]))
        return _gone_on(task[1]) if done is None else done
    return done


def _gone_on(signal: Any) -> Completion:
    """Behind `finally`: what was under way goes on."""
    return reraise(signal) if isinstance(signal, ProgramRaises) else signal


def whole(frame: Frame, task: Any, sent: Any) -> Completion | Split:
    """Execute a whole task, whatever it has come to, yielding into the frame's list."""
    kind = task[0]
    if kind in ("stmt", "resume", "from"):
        _, statement, yields, k, *source = task
        if kind == "resume":
            receive(frame, yields[k], sent)
        elif kind == "from":
            receive(frame, yields[k], give_all(frame, source[0]))
        return finish_statement(frame, statement, yields, k if kind == "stmt" else k + 1)
    if kind == "with":
        return with_statements.with_statement(task[1], frame, task[2])
    if kind == "given":
        give(frame, [task[1]])
        return None
    if kind in ("block", "for", "while"):
        return _all_of(frame, task)
    return _around(frame, task, lambda: None)


def receive(frame: Frame, node: ir.Expr, value: Any) -> None:
    """A yield is given the value that was sent."""
    frame.world.journal.touch(frame.sent)
    frame.sent[id(node)] = value


def finish_statement(frame: Frame, statement: ir.Stmt, yields: Any, k: int) -> Completion | Split:
    """Execute a statement of which all but the yields from `k` on have been come by."""
    for node in yields[k:]:
        frame.world.journal.touch(frame.sent)
        frame.sent.pop(id(node), None)
    return blocks.block((statement,), frame)


def _all_of(frame: Frame, task: Any) -> Completion | Split:
    """Execute a block or a loop."""
    if task[0] == "block":
        return blocks.block(task[1], frame, task[2])
    if task[0] == "for":
        return loops.over(task[1], lazy.cursor(frame.world, task[2]), frame)
    return loops.while_loop(task[1], frame)


def give_all(frame: Frame, source: Any) -> Any:
    """A body that is executed to its end yields all that something has left: what `yield from` is worth then."""
    source = lazy.cursor(frame.world, source)
    found = iterate.items(frame.world, source)
    if isinstance(found, Stream):
        give(frame, [found.element], Unknown(found.why))
        return Unknown("what a generator returned")
    give(frame, found)
    return getattr(source, "returned", None)


def give(frame: Frame, values: list[Any], opened: Unknown | None = None) -> None:
    """A body that is executed to its end yields values; with `opened`, an unknown number of them."""
    held = frame.yields
    if held is None:
        return
    if len(held.items) > _MOST_YIELDS:
        opened = Unknown(f"a generator that yields more than {_MOST_YIELDS:,} times")
    calls.touch(frame.world, held)
    if opened is not None and held.open is None:
        open_lists.open_up(frame.world, held, opened.why, [*held.items, *values])
    elif held.open is None:
        held.items.extend(values)
    else:
        open_lists.take_in(frame.world, held, values)


_MOST_YIELDS = 10_000
