"""Calls that write numbers into a weight and do nothing else: what was done to one weight comes to the same for another of its
kind. Initialising is most of what building a large network takes, and nothing that is told hangs on the numbers.

Exact, or not at all. A function that is called with a parameter and plain values a second time is watched as a constructor is
(rebuilt.py). Where it said nothing, wrote nothing that outlasts it and gives back the weight or a plain value, it is not evaluated
again for such arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from shapelint.interp.outlasting import NotTold, Told
from shapelint.interp.rebuilt import NEVER, SEEN, Recording, counts, stands
from shapelint.interp.world import World
from shapelint.values import Function, Tensor
from shapelint.values.journal import Layer

_MOST = 2_000  # calls that are told apart in one run
_PLAIN = (int, float, str, bool, type(None))


class Done(NamedTuple):
    """What a call came to."""

    result: Any  # a plain value; where `given` is not None, that argument
    given: int | None
    steps: int
    depth: int
    reached: frozenset[int]
    renamed: int
    guards: tuple[tuple[dict[str, Any], str, Any], ...]
    read: tuple[tuple[Any, Any], ...]
    held: tuple[Any, ...]  # keeps alive what the key names by identity


Plainly = Callable[[World, Function, tuple[Any, ...], dict[str, Any]], Any]


def call(
    world: World, function: Function, args: tuple[Any, ...], keywords: dict[str, Any], plainly: Plainly
) -> Any:
    """`plainly(world, function, args, keywords)`, which evaluates the call, or what comes to the same."""
    if not world.once or world.recording is not None or _amid(world):
        return plainly(world, function, args, keywords)
    told = Told()
    key = _key(world, told, function, args, keywords)
    held = None if key is None else world.weight_calls.get(key)
    if held is None:
        if key is not None and len(world.weight_calls) < _MOST:
            world.weight_calls[key] = SEEN
    elif held is SEEN:
        return _watched(world, key, told, function, args, keywords, plainly)
    elif held is not NEVER and held.steps <= world.steps and len(world.frames) <= held.depth:
        if held.renamed == world.journal.renamed and stands(held.guards, held.read):
            world.steps -= held.steps
            world.reached |= held.reached
            return held.result if held.given is None else args[held.given]
    return plainly(world, function, args, keywords)


def _amid(world: World) -> bool:
    """Whether more hangs on a call than what it is given: it may not be reached, or counts for a network that is called."""
    return bool(world.uncertain or world.calls or world.muted or world.repeating)


def _key(
    world: World, told: Told, function: Function, args: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    """What tells one call from another; None where it cannot be told."""
    try:
        given = tuple([_told(told, value) for value in args])
        named = tuple([(name, _told(told, value)) for name, value in keywords.items()])
    except NotTold:
        return None
    state = (
        world.default_dtype, world.grad_enabled, world.autocast, world.guarded, len(world.tries), world.import_guards,
        world.importing, world.by_program, world.guessing, world.telling, world.one_device, world.elsewhere,
    )  # fmt: skip
    return id(function), given, named, state


def _told(told: Told, value: Any) -> Any:
    if value.__class__ is not Tensor:
        return told.key(value)
    box = value.box
    plain = value.data is None and value.made is None and value.extra is None and not value.after_failure
    if not plain or value.kind != "parameter" or not isinstance(box, tuple):
        raise NotTold
    if not all(size.__class__ is int for size in box):
        raise NotTold
    return Tensor, box, value.dtype, value.requires_grad, value.marks, value.layout


def _watched(
    world: World,
    key: Any,
    told: Told,
    function: Function,
    args: tuple[Any, ...],
    keywords: dict[str, Any],
    plainly: Plainly,
) -> Any:
    """Evaluate the call, and keep what it came to where that is all there is to it."""
    world.weight_calls[key] = NEVER
    weights = [value for value in (*args, *keywords.values()) if value.__class__ is Tensor]
    was = [_slots(weight) for weight in weights]
    recording = Recording(world, [*told.parts, *weights])
    before, steps, renamed = _state(world), world.steps, world.journal.renamed
    reached, world.reached = world.reached, set()
    world.recording = recording
    world.journal.begin()
    at = len(world.journal.layers) - 1
    layer = world.journal.layers[at]
    try:
        result = plainly(world, function, args, keywords)
    finally:
        world.recording = None
        own, world.reached = world.reached, reached
        world.reached |= own
        world.journal.dissolve(at)
    given = next((i for i, value in enumerate(args) if value is result and value.__class__ is Tensor), None)
    if (
        recording.spoilt
        or before != _state(world)
        or renamed != world.journal.renamed
        or (given is None and result.__class__ not in _PLAIN)
        or any(
            now is not then
            for weight, held in zip(weights, was, strict=True)
            for now, then in zip(_slots(weight), held, strict=True)
        )
        or recording.wrote_abroad(_but_for(layer, weights))
    ):
        return result
    world.weight_calls[key] = Done(
        None if given is not None else result, given, steps - world.steps, recording.depth, frozenset(own), renamed,
        tuple(recording.guards), tuple(recording.read), (told, recording, function),
    )  # fmt: skip
    return result


def _slots(weight: Tensor) -> tuple[Any, ...]:
    return tuple([getattr(weight, slot) for slot in Tensor.__slots__])


def _but_for(layer: Layer, weights: list[Tensor]) -> Layer:
    """What was written but to the weights, which are as they were."""
    found = Layer()
    found.containers = layer.containers
    own = {id(weight) for weight in weights}
    found.slots = {slot: held for slot, held in layer.slots.items() if slot[0] not in own}
    return found


def _state(world: World) -> tuple[Any, ...]:
    """What a call may not add to."""
    return world.clock, len(world.facts), world.elsewhere, *counts(world)
