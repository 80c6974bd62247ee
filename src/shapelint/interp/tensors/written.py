"""Tensors that an operation writes into, where what it writes is not known, or `out=` names them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapelint.interp.tensors import autograd
from shapelint.interp.world import World
from shapelint.specs import layouts, registry
from shapelint.values import Dict, List, Tensor, Unranked, nesting


def unknown(world: World, name: str, args: tuple[Any, ...], keywords: dict[str, Any], why: str) -> None:
    """An operation is called whose result is not known."""
    last = name.rpartition(".")[2]
    target = args[0] if args else keywords.get("input", keywords.get("self"))
    if last.endswith("_") and not last.endswith("__") and isinstance(target, Tensor):
        _forget(world, target, why, axes=last in layouts.MOVE_IN_PLACE or name not in registry.ops)
    for held in _tensors(keywords.get("out")):
        _forget(world, held, why, axes=True)


def out(world: World, target: Any, result: Any) -> None:
    """`out=target`: it takes the shape of the result, whatever it had before."""
    results = list(_tensors(result))
    for i, held in enumerate(_tensors(target)):
        if i < len(results):
            for slot in ("_box", "data", "layout"):
                world.journal.touch_slot(held, slot)
            held._box, held.data, held.layout = results[i]._box, results[i].data, None
            behind(world, held)
        else:
            _forget(world, held, "what is written into it is not known", axes=True)


def behind(world: World, view: Tensor) -> None:
    """Something was written into what may be a view, or the same values beside the graph: the numbers of what it looks at are
    known no more."""
    at: Any = view
    while isinstance(at, Tensor) and at.made is not None and at.made.parents and _looks_at(at.made.op):
        at = at.made.parents[0]
        if isinstance(at, Tensor) and at.data is not None:
            world.journal.touch_slot(at, "data")
            at.data = None


def _looks_at(op: str) -> bool:
    name = autograd.short(op)
    return name in autograd.VIEWS or name == "detach"


def _tensors(value: Any) -> Iterable[Tensor]:
    return () if nesting.endless(value) else _within(value)


def _within(value: Any) -> Iterable[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, (tuple, List)):
        for part in value if isinstance(value, tuple) else value.items:
            yield from _within(part)
    elif isinstance(value, Dict):
        for part in value.items.values():
            yield from _within(part)


def _forget(world: World, tensor: Tensor, why: str, *, axes: bool) -> None:
    for slot in ("_box", "data", "layout"):
        world.journal.touch_slot(tensor, slot)
    tensor.data = None
    behind(world, tensor)
    if axes:
        tensor._box, tensor.layout = Unranked(why), None
