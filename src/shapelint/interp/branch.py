"""Undecided branches: both sides are evaluated, each from the same state, and joined. Paths are never enumerated.

A side that leaves (return, break, continue) while another falls through gives a Split; the block that holds the branch then
evaluates its rest on the side that fell through only, and passes what left upwards. So every statement is evaluated once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapelint import dims
from shapelint.interp.control import BREAK, CONTINUE, Completion, ProgramRaises, Returned
from shapelint.interp.join import UNKNOWN_LENGTH, Side, join, join_all, join_contents, same, walked
from shapelint.interp.world import World
from shapelint.values import Dict, List, OneOf, Stream, Unknown, Unranked
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


WHY = "it depends on a condition that is not known"


def why_of(key: object) -> str:
    """Why a joined value is not known: the condition it depends on, with its own reason."""
    return f"it depends on a condition: {key.why}" if isinstance(key, Unknown) else WHY


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
    _pay(world, layer)
    if isinstance(done, ProgramRaises):
        note_death(world, done, layer)
    return done, layer


def _pay(world: World, layer: Layer) -> None:
    """Noting what was written, undoing it and writing it again costs what it holds; what a side usually writes is free."""
    held = layer.copied + 16 * (len(layer.containers) + len(layer.slots))
    if held > _USUAL:
        world.spend(held >> 1)


_USUAL = 1_000  # names and items


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
    world: World, condition: Unknown | None, sides: Sequence[Callable[[], Completion]]
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


def one_of(exits: list[Exit], key: object) -> Completion:
    """The completion that stands for several of one kind."""
    first = exits[0][0]
    if not isinstance(first, Returned) or len(exits) == 1:
        return first
    values, layers = [done.value for done, _ in exits], [layer for _, layer in exits]
    return Returned(join_all(values, key, why_of(key), layers))


def leave(world: World, exits: list[Exit], key: object) -> Completion:
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
        exits = [(c, layer) for c, layer in done.exits if isinstance(c, Returned)]
        if done.normal is not None:
            exits.append((Returned(None), done.normal))
        done = leave(world, exits, done.key) if exits else None
    return done.value if isinstance(done, Returned) else None


def loop_turn(world: World, done: Completion | Split) -> tuple[str, Any]:
    """What a turn of a loop means for the loop: ("next", None), ("break", None), ("return", completion), or ("split", …)
    with what continues as the split's `normal` and BREAK and Returned exits kept."""
    if done is None or done is CONTINUE:
        return "next", None
    if done is BREAK:
        return "break", None
    if isinstance(done, Returned):
        return "return", done
    going = [layer for c, layer in done.exits if c is CONTINUE]
    if done.normal is not None:
        going.append(done.normal)
    exits = [(c, layer) for c, layer in done.exits if c is not CONTINUE]
    if not exits:
        merge(world, going, done.key)
        return "next", None
    return "split", Split(exits, joined(world, going, done.key) if going else None, done.key)


def ways(done: Completion | Split, layer: Layer) -> list[Exit]:
    """All the ways in which something ended that was run apart; falling through is None."""
    if not isinstance(done, Split):
        return [(done, layer)]
    found = [(how, compose(layer, inner)) for how, inner in done.exits]
    return found if done.normal is None else [*found, (None, compose(layer, done.normal))]


def end_of_loop(world: World, split: Split) -> Completion | Split:
    """Behind the loop, a break has fallen through."""
    normals = [layer for c, layer in split.exits if c is BREAK]
    if split.normal is not None:
        normals.append(split.normal)
    exits = [(c, layer) for c, layer in split.exits if c is not BREAK]
    return settle(world, exits, normals, split.key)


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


# ---- exceptions that may be raised, inside a try


class Try:
    """A try statement in progress: `depth` is where its body's layers begin, `deaths` are the exceptions that may end the
    body and the states in which they do; `anywhere` the state in which something unknown may raise anything."""

    __slots__ = ("anywhere", "deaths", "depth", "noted")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.deaths: list[tuple[ProgramRaises, Layer]] = []
        self.anywhere: Layer | None = None
        self.noted = 0


def note_death(world: World, problem: ProgramRaises, layer: Layer) -> None:
    """One side of something undecided raises: a handler around it may run, from the state in which it did."""
    if world.tries:
        held: Try = world.tries[-1]
        problem.noted = held
        outer = world.journal.since(held.depth)
        _pay(world, outer)
        end = compose(outer, layer)
        for i, (other, before) in enumerate(held.deaths):
            if other.kind == problem.kind:
                held.deaths[i] = (other, joined(world, [before, end], problem))
                return
        held.deaths.append((problem, end))


_LARGE = 2_500  # containers and slots that were written since the try began: to put that often together costs the budget
MAX_NOTED = (
    24  # places in a try body where something unknown is done; those that come later change little more
)


def may_raise(world: World, inner: Try | None = None) -> None:
    """Something that is not known is called, indexed or asked for an attribute (in an `inner` try that may let it through):
    a handler around it may run."""
    if world.recording is not None:
        world.recording.spoilt = True
    held: Try = world.tries[-1]
    held.noted += 1
    if held.noted <= MAX_NOTED:
        state = world.journal.since(held.depth, None if inner is None else inner.depth)
        _pay(world, state)
        if inner is not None and inner.anywhere is not None:
            state = compose(state, inner.anywhere)
        held.anywhere = state if held.anywhere is None else joined(world, [held.anywhere, state], held)
        held.noted += (len(state.containers) + len(state.slots)) // _LARGE  # of a large state only a few


# ---- layers


def compose(first: Layer, then: Layer) -> Layer:
    """The layer of both, one after the other: contents are whole, so the later ones win."""
    both = Layer()
    both.containers = {**first.containers, **then.containers}
    both.slots = {**first.slots, **then.slots}
    return both


def joined(world: World, layers: list[Layer], key: object) -> Layer:
    """One layer that stands for any of several (undone) layers."""
    if len(layers) == 1:
        return layers[0]
    result = Layer()
    walked()
    containers: dict[int, tuple[Any, Any]] = {}
    slots: dict[tuple[int, str], tuple[Any, Any]] = {}
    cost = 0  # a join costs what it joins
    for layer in layers:
        containers.update(layer.containers)
        slots.update(layer.slots)
        cost += len(layer.containers) + len(layer.slots)
    world.step(cost)
    why = why_of(key)
    for ident, (container, _) in containers.items():
        sides: list[Any] = [
            layer.containers[ident][1] if ident in layer.containers else container for layer in layers
        ]
        contents = _joined_contents(world, container, sides, key, why, layers, result)
        result.containers[ident] = (container, contents)
    for slot, (owner, _) in slots.items():
        if slot in result.slots:  # of a container whose sides differ
            continue
        values = [
            layer.slots[slot][1] if slot in layer.slots else getattr(owner, slot[1]) for layer in layers
        ]
        if slot[1] == "made_from":
            result.slots[slot] = (owner, _any_item(owner, layers, key))
            continue
        if slot[1] == "macs" and not any(
            owner is r for r in world.calls
        ):  # of a call that one side makes, from its beginning to its end
            result.slots[slot] = (owner, next((v for v in values if not same(v, 0)), 0))
            continue
        first = values[0]
        for other in values[1:]:
            first = first if same(first, other) else _join_slot(slot[1], first, other, key)
        result.slots[slot] = (owner, first)
    world.spend(8 * walked())
    return result


def _joined_contents(
    world: World,
    container: Any,
    sides: list[Any],
    key: object,
    why: str,
    layers: list[Layer],
    result: Layer,
) -> Any:
    if container is world.bindings:  # what only one side found out does not hold behind it
        return {s: d for s, d in sides[0].items() if all(s in o and same(o[s], d) for o in sides[1:])}
    owner = world.owners.get(id(container))
    if (
        isinstance(container, list)
        and owner is None
        and all(isinstance(v, Unknown) for s in sides for v in s)
    ):
        return list({id(v): v for side in sides for v in side}.values())  # what a module lacks on any side
    uneven = isinstance(container, dict) and any(side.keys() != sides[0].keys() for side in sides[1:])
    if uneven and owner is not None:
        shared = [k for k in sides[0] if all(k in other for other in sides[1:])]
        if any(len(side) > len(shared) for side in sides):
            result.slots[(id(owner), "open")] = (owner, _opened(owner, sides, frozenset(shared), layers, why))
            sides = [{k: side[k] for k in shared} for side in sides]
    elif uneven and container:  # an empty one is of an object that a side has made
        first = sides[0].keys()
        odd = {k for side in sides[1:] for k in first ^ side.keys() if isinstance(k, str)}
        if odd:
            _doubt(world, result, layers, container, odd)
    world.spend(16 * sum(map(len, sides)))
    contents = join_contents(container, sides, key, why, layers)
    if contents is UNKNOWN_LENGTH:
        contents = []
        world_open(world, container, result, why)
        if isinstance(owner, List):
            result.slots[(id(owner), "made_from")] = (owner, _any_item(owner, layers, key))
    return contents


class Doubt:
    """The attributes of an object that only one side of a branch has set. `doubtful` is journalled as a slot."""

    __slots__ = ("attrs", "doubtful")

    def __init__(self, attrs: Any) -> None:
        self.attrs = attrs  # kept alive: a doubt is found by the identity of these
        self.doubtful: frozenset[str] = frozenset()


def _doubt(world: World, result: Layer, layers: Sequence[Layer], attrs: Any, names: set[str]) -> None:
    """Note, within `result`, that only some sides have set these attributes."""
    doubt = world.perhaps.get(id(attrs))
    if doubt is None:
        doubt = world.perhaps[id(attrs)] = Doubt(attrs)
    slot = (id(doubt), "doubtful")
    before = (layer.slots[slot][1] if slot in layer.slots else doubt.doubtful for layer in layers)
    result.slots[slot] = (doubt, frozenset(names).union(*before))


def _any_item(owner: List, layers: list[Layer], key: object) -> Any:
    """What stands for any item that a list has on any side; None when that is not known."""
    found: list[tuple[Any, Layer]] = []
    for layer in layers:
        side = Side(layer)
        if side.slot(owner, "open") is None:
            found += [(item, layer) for item in side.contents(owner.items)]
        elif (example := side.slot(owner, "made_from")) is not None:
            found.append((example, layer))
        else:
            return None
    if not 0 < len(found) <= _MOST_ITEMS:
        return None
    return join_all([item for item, _ in found], key, why_of(key), [layer for _, layer in found])


_MOST_ITEMS = 64


def _join_slot(name: str, a: Any, b: Any, key: object) -> Any:
    if name == "open":
        known = a if a is not None else b
        return Unknown(known.why) if known.__class__ is OneOf and a is not b else known
    if name in ("bound", "last"):
        return None  # the two sides' axes are not the same symbols
    if name == "_box":
        return _join_boxes(a, b, key)
    if name == "at":
        return -1  # how many items were taken is not known
    if name in ("state", "rest", "inner"):
        return lost_iterator(name)
    if name in ("initialised", "started"):
        return a if a not in (None, False, 0) else b
    if name in ("dtype", "default_dtype", "requires_grad", "grad_enabled", "data", "extra", "layout"):
        return None  # not known
    if name == "marks":
        return a & b
    if name == "doubtful":
        return a | b
    if name == "unknown_base":
        return a if a is not None else b
    if name == "cls":
        from shapelint.interp import class_changes

        return class_changes.not_known(a, Unknown(why_of(key)))
    if name == "defaults":  # of a function, by parameter
        why = "a parameter that may have no default"
        return {n: _of_one_side(a, b, n, why, key) for n in {**a, **b}}
    if name == "attrs":  # of an OrderedDict, by name
        a, b = a or {}, b or {}
        return {n: _of_one_side(a, b, n, "an attribute that may not be set", key) for n in {**a, **b}}
    return join(a, b, key, why_of(key))


def _of_one_side(a: dict[str, Any], b: dict[str, Any], name: str, why: str, key: object) -> Any:
    if name in a and name in b:
        return join(a[name], b[name], key, why_of(key))
    return Unknown(why, plain=True)


def lost_iterator(slot: str) -> Any:
    """A slot of an iterator of which it is not known how far it is."""
    why = "how far an iterator is, is not known"
    return "lost" if slot == "state" else Stream(Unknown(why), why)


def _join_boxes(a: Any, b: Any, key: object) -> Any:
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        return tuple(dims.choice(key, x, y) for x, y in zip(a, b, strict=True))
    return Unranked(why_of(key))


def world_open(world: World, container: Any, layer: Layer, why: str) -> None:
    """Mark, within `layer`, the value around a host container as one whose contents are not all known."""
    owner = world.owners.get(id(container))
    if owner is not None:
        layer.slots[(id(owner), "open")] = (owner, Unknown(why))


def _opened(
    owner: Any, sides: list[Any], shared: frozenset[Any], layers: Sequence[Layer], why: str
) -> Unknown:
    """Why not all of a dict is known of which the sides share some keys; and what else each side holds, of a dict that was all
    known, where that is plain values under names."""
    if not isinstance(owner, Dict) or owner.open is not None or owner.kind != "dict":
        return Unknown(why)
    if any((id(owner), "open") in layer.slots for layer in layers):
        return Unknown(why)
    ways: dict[str, dict[str, Any]] = {}  # by their text: 1 and True are equal
    for side in sides:
        way = {key: value for key, value in side.items() if key not in shared}
        if not all(isinstance(key, str) and value.__class__ in _PLAIN for key, value in way.items()):
            return Unknown(why)
        ways[repr(way)] = way
    return OneOf(why, owner.items, shared, tuple(ways.values()))


_PLAIN = (bool, int, float, str, type(None))


def merge(world: World, layers: list[Layer], key: object) -> None:
    """Put the joined state of several (undone) layers in place."""
    if layers:
        world.journal.replay(joined(world, layers, key))
