"""Layers of what was written: put one behind the other, and several joined to one that stands for any of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from shapelint.interp.join import UNKNOWN_LENGTH, Side, join_all, join_contents, same, walked
from shapelint.interp.slot_joins import join_slot, why_of
from shapelint.interp.world import World
from shapelint.values import Dict, List, OneOf, Unknown
from shapelint.values.journal import Attributes, Layer


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
    result = Layer(opened=min(layer.opened for layer in layers))
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
        if slot[1] == "macs" and not any(owner is r for r in world.calls):
            # of a call that one side makes, from its beginning to its end
            result.slots[slot] = (owner, next((v for v in values if not same(v, 0)), 0))
            continue
        first = values[0]
        for other in values[1:]:
            first = first if same(first, other) else join_slot(slot[1], first, other, key)
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
    elif uneven and (container or _was_there(container, result)):
        first = sides[0].keys()
        odd = {k for side in sides[1:] for k in first ^ side.keys() if isinstance(k, str)}
        if odd:
            _doubt(world, result, layers, container, odd)
    world.spend(16 * sum(map(len, sides)))
    contents = join_contents(container, sides, key, why, layers)
    if contents is UNKNOWN_LENGTH:
        contents = []
        _mark_open(world, container, result, why)
        if isinstance(owner, List):
            result.slots[(id(owner), "made_from")] = (owner, _any_item(owner, layers, key))
    return contents


def _was_there(attrs: Any, result: Layer) -> bool:
    """Whether attributes are of an object that was there, without any, before the sides began: not of one that a side has made."""
    return isinstance(attrs, Attributes) and attrs.born < result.opened


class Doubt:
    """The attributes of an object that only one side of a branch has set. `doubtful` is journalled as a slot."""

    __slots__ = ("attrs", "doubtful")

    def __init__(self, attrs: Any) -> None:
        self.attrs = attrs  # kept alive: a doubt is found by the identity of these
        self.doubtful: frozenset[str] = frozenset()


def _doubt(world: World, result: Layer, layers: Sequence[Layer], attrs: Any, names: set[str]) -> None:
    """Note, within `result`, that only some sides have set these attributes."""
    held = _doubt_of(world, attrs)
    slot = (id(held), "doubtful")
    before = (layer.slots[slot][1] if slot in layer.slots else held.doubtful for layer in layers)
    result.slots[slot] = (held, frozenset(names).union(*before))


def doubt(world: World, attrs: Any, names: Iterable[str]) -> None:
    """Note that these attributes may not be set."""
    held = _doubt_of(world, attrs)
    world.journal.touch_slot(held, "doubtful")
    held.doubtful |= frozenset(names)


def _doubt_of(world: World, attrs: Any) -> Doubt:
    held = world.perhaps.get(id(attrs))
    if held is None:
        held = world.perhaps[id(attrs)] = Doubt(attrs)
    assert isinstance(held, Doubt)
    return held


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


def _mark_open(world: World, container: Any, layer: Layer, why: str) -> None:
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


def pay(world: World, layer: Layer) -> None:
    """Noting what was written, undoing it and writing it again costs what it holds; what a side usually writes is free."""
    held = layer.copied + 16 * (len(layer.containers) + len(layer.slots))
    if held > _USUAL:
        world.spend(held >> 1)


_USUAL = 1_000  # names and items
