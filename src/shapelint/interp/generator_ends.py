"""A generator's body executed to its end at once, where it is not decided how it goes on: what it yields is kept in a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import blocks, branch, calls, contexts, loops
from shapelint.interp.branch import Split
from shapelint.interp.control import Completion, ProgramRaises
from shapelint.interp.host import lazy, open_lists
from shapelint.interp.layers import merge
from shapelint.interp.world import Frame, World
from shapelint.values import Iterator, List, Stream, Unknown
from shapelint.values.journal import Layer

State = Any  # None, or (task, State)


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
            if isinstance(done, ProgramRaises):
                raise done
            generator.returned = done
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
    """Execute what is left, task by task: a completion or a Split, as for any block."""
    done = begin()
    while state is not None:
        task, state = state
        done = _behind(frame, task, done)
    return done


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
    if kind == "finally":
        if isinstance(done, Split):
            return branch.after_split(frame.world, done, lambda: blocks.block(task[1].final, frame))
        last = blocks.block(task[1].final, frame)
        return done if last is None else last
    if kind == "leave":
        contexts.leave(frame.world, task[1])
    if kind == "try" and task[1].orelse:
        if isinstance(done, Split):
            return branch.after_split(frame.world, done, lambda: blocks.block(task[1].orelse, frame))
        return blocks.block(task[1].orelse, frame) if done is None else done
    return done


def _all_of(frame: Frame, task: Any) -> Completion | Split:
    """Execute a whole task, yielding into the frame's list."""
    if task[0] == "block":
        return blocks.block(task[1], frame, task[2])
    if task[0] == "for":
        return loops.over(task[1], lazy.cursor(frame.world, task[2]), frame)
    return loops.while_loop(task[1], frame)


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
