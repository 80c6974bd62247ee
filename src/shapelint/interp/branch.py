"""Undecided branches: both sides are evaluated, each from the same state, and joined. Paths are never enumerated.

A side that leaves (return, break, continue) while another falls through gives a Split; the block that holds the branch then
evaluates its rest on the side that fell through only, and passes what left upwards. So every statement is evaluated once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapelint.interp.control import BREAK, CONTINUE, Completion, Jump, ProgramRaises, Returned
from shapelint.interp.exceptional_edges import note_death
from shapelint.interp.join import join_all, walked
from shapelint.interp.layers import compose, joined, merge, pay
from shapelint.interp.slot_joins import why_of
from shapelint.interp.world import World
from shapelint.values import Unknown
from shapelint.values.journal import Layer

Exit = tuple[Completion, Layer]


class Split:
    """Some sides left with `exits`; the others fell through with `normal` (None when all left). Layers are undone, and
    relative to the state at the branch."""

    __slots__ = ("exits", "key", "normal")

    def __init__(self, exits: list[Exit], normal: Layer | None, key: object) -> None:
        self.exits = exits
        self.normal = normal
        self.key = key


def run_side(world: World, side: Callable[[], Any]) -> tuple[Any, Layer]:
    """Run one side and undo it: (what it gave, or the ProgramRaises it died of; what it wrote)."""
    if world.recording is not None:
        world.recording.spoilt = True
    return _side(world, side)


def apart(world: World, thunk: Callable[[], Any]) -> tuple[Any, Layer]:
    """Run something and undo it: (what it gave, or the ProgramRaises it died of; what it wrote)."""
    if world.recording is not None:
        world.recording.spoilt = True
    return _undone(world, thunk)


def _side(world: World, side: Callable[[], Any]) -> tuple[Any, Layer]:
    world.uncertain += 1
    try:
        return _undone(world, side)
    finally:
        world.uncertain -= 1


def _undone(world: World, thunk: Callable[[], Any]) -> tuple[Any, Layer]:
    world.journal.begin()
    depth = len(world.journal.layers)
    done: Any
    try:
        done = thunk()
    except ProgramRaises as problem:
        done = problem.with_traceback(None)  # as in `outcomes.inside`: this frame holds it, and it the frame
    finally:
        while len(world.journal.layers) > depth:  # an exception left inner layers open
            world.journal.end()
        layer = world.journal.end()
    pay(world, layer)
    if isinstance(done, ProgramRaises):
        note_death(world, done, layer)
    return done, layer


def run_sides(
    world: World, condition: Unknown | None, sides: Sequence[Callable[[], Any]]
) -> list[tuple[Any, Layer]]:
    """Run each side under its assumption about the condition (true for the first, false for the second)."""
    if world.recording is not None:
        world.recording.forks()
    results = []
    for i, side in enumerate(sides):
        if condition is None or len(sides) != 2:
            results.append(_side(world, side))
            continue
        key = id(condition)
        held = world.decided.get(key)
        world.decided[key] = (condition, i == 0)
        try:
            results.append(_side(world, side))
        finally:
            if held is None:
                del world.decided[key]
            else:
                world.decided[key] = held
    return results


def statements(
    world: World, condition: Unknown | None, sides: Sequence[Callable[[], Completion | Split]]
) -> Completion | Split:
    """The completion of an undecided statement; falls through as None with the joined state in place."""
    return combine(
        world, run_sides(world, condition, sides), condition if condition is not None else object()
    )


def combine(world: World, results: list[tuple[Any, Layer]], key: object) -> Completion | Split:
    """The completion of something that ended in one of several ways, each undone."""
    exits: list[Exit] = []
    normals: list[Layer] = []
    died: ProgramRaises | None = None
    for done, layer in results:
        if done is None:
            normals.append(layer)
        elif isinstance(done, ProgramRaises):
            died = done
        elif isinstance(done, Split):
            exits += [(c, compose(layer, inner)) for c, inner in done.exits]
            if done.normal is not None:
                normals.append(compose(layer, done.normal))
        else:
            exits.append((done, layer))
    if not normals and not exits:
        assert died is not None
        raise died
    return settle(world, exits, normals, key)


def settle(world: World, exits: list[Exit], normals: list[Layer], key: object) -> Completion | Split:
    """Join what can be joined: all fell through, or all left the same way; else a Split."""
    if not exits:
        merge(world, normals, key)
        return None
    exits = by_kind(world, exits, key)
    if not normals and len(exits) == 1:
        return leave(world, exits, key)
    return Split(exits, joined(world, normals, key) if normals else None, key)


def by_kind(world: World, exits: list[Exit], key: object) -> list[Exit]:
    """One exit for each way of leaving: what piles up from statement to statement would be gone over again and again."""
    kinds: dict[Any, list[Exit]] = {}
    for done, layer in exits:
        kinds.setdefault(Returned if isinstance(done, Returned) else done, []).append((done, layer))
    return [
        (one_of(group, key), joined(world, [layer for _, layer in group], key)) for group in kinds.values()
    ]


def one_of(exits: Sequence[Exit], key: object) -> Completion:
    """The completion that stands for several of one kind."""
    first = exits[0][0]
    if not isinstance(first, Returned) or len(exits) == 1:
        return first
    values = [done.value for done, _ in exits if isinstance(done, Returned)]
    layers = [layer for _, layer in exits]
    return Returned(join_all(values, key, why_of(key), layers))


def leave(world: World, exits: Sequence[Exit], key: object) -> Completion:
    """All sides left, and in the same way: put the joined state in place and leave that way."""
    done = one_of(exits, key)
    merge(world, [layer for _, layer in exits], key)
    return done


def after_split(world: World, split: Split, rest: Callable[[], Completion | Split]) -> Completion | Split:
    """Evaluate `rest` on the side that fell through, and settle with what left before."""
    if split.normal is None:
        return split
    normal = split.normal

    def side() -> Completion | Split:
        world.journal.replay(normal)
        return rest()

    if world.recording is not None:
        world.recording.forks()
    done, layer = _undone(world, side)
    exits, normals = list(split.exits), []
    if done is None:
        normals.append(layer)
    elif isinstance(done, Split):
        exits += [(c, compose(layer, inner)) for c, inner in done.exits]
        if done.normal is not None:
            normals.append(compose(layer, done.normal))
    elif not isinstance(done, ProgramRaises):
        exits.append((done, layer))
    return settle(world, exits, normals, split.key)


def finish(world: World, done: Completion | Split) -> Any:
    """The value a function body gives: falling through returns None."""
    if done.__class__ is Returned:
        return done.value
    if isinstance(done, Split):
        exits: list[Exit] = [(c, layer) for c, layer in done.exits if isinstance(c, Returned)]
        if done.normal is not None:
            exits.append((Returned(None), done.normal))
        done = leave(world, exits, done.key) if exits else None
    return done.value if isinstance(done, Returned) else None


def loop_turn(world: World, done: Completion | Split) -> Completion | Split:
    """What a turn of a loop means for the loop: None where the next one follows, BREAK, a return, or a Split with what
    goes on as its `normal`, and BREAK and Returned as its exits."""
    if done is None or done is CONTINUE:
        return None
    if isinstance(done, (Jump, Returned)):
        return done
    going = [layer for c, layer in done.exits if c is CONTINUE]
    if done.normal is not None:
        going.append(done.normal)
    exits = [(c, layer) for c, layer in done.exits if c is not CONTINUE]
    if not exits:
        merge(world, going, done.key)
        return None
    return Split(exits, joined(world, going, done.key) if going else None, done.key)


def ways(done: Completion | Split, layer: Layer) -> list[Exit]:
    """All the ways in which something ended that was run apart; falling through is None."""
    if not isinstance(done, Split):
        return [(done, layer)]
    found = [(how, compose(layer, inner)) for how, inner in done.exits]
    return found if done.normal is None else [*found, (None, compose(layer, done.normal))]


def end_of_loop(world: World, done: Completion | Split) -> Completion | Split:
    """Behind the loop, a break has fallen through."""
    if not isinstance(done, Split):
        return None if done is BREAK else done
    normals = [layer for c, layer in done.exits if c is BREAK]
    if done.normal is not None:
        normals.append(done.normal)
    exits = [(c, layer) for c, layer in done.exits if c is not BREAK]
    return settle(world, exits, normals, done.key)


def value(world: World, condition: Unknown | None, sides: Sequence[Callable[[], Any]]) -> Any:
    """The joined value of an undecided expression; sides that raise do not count."""
    results = run_sides(world, condition, sides)
    alive = [(v, layer) for v, layer in results if not isinstance(v, ProgramRaises)]
    if not alive:
        raise results[0][0]
    key: object = condition if condition is not None else object()
    layers = [layer for _, layer in alive]
    walked()
    found = join_all([v for v, _ in alive], key, why_of(key), layers)
    world.spend(8 * walked())
    merge(world, layers, key)
    return found
