"""A loop over layers whose body ends with a return: only its first turn is ever made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from shapelint import facts, ir
from shapelint.interp.world import Frame
from shapelint.values import List, Module, Site, Tensor


def record(node: ir.For, first: Any, count: Callable[[], int], value: Any, frame: Frame) -> None:
    """Record that the first turn, over `first`, returned `value`, where `count` tells several and every turn would, and calls the
    layer that is its own."""
    world, last = frame.world, node.body[-1] if node.body else None
    file = frame.env.globals.file
    if not isinstance(last, ir.Return) or file is None or not world.checked(file.path):
        return
    if not _holds_tensor(value) or not _is_layer(first):
        return
    calls = set()
    for statement in node.body:
        for part in _below(statement):
            if isinstance(part, (ir.Break, ir.Continue, ir.Try)) or (
                isinstance(part, ir.Return) and part is not last
            ):
                return
            if isinstance(part, ir.Call) and isinstance(part.func, ir.Name):
                calls.add(part.func.id)
    if calls & {part.id for part in _below(node.target) if isinstance(part, ir.Name)}:
        turns = count()
        if turns == 1:
            return
        before = len(world.facts)
        world.record(facts.LoopLeft, turns=turns)
        for fact in world.facts[before:]:
            fact.site = Site(file.path, *last.at)


def _is_layer(item: Any) -> bool:
    parts = item.items if isinstance(item, List) else item if isinstance(item, tuple) else (item,)
    return any(isinstance(part, Module) for part in parts)


def _holds_tensor(value: Any) -> bool:
    return isinstance(value, Tensor) or (isinstance(value, tuple) and any(map(_holds_tensor, value)))


def _below(node: Any) -> Iterator[Any]:
    """A node and all below it."""
    pending = [node]
    while pending:
        at = pending.pop()
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.Node):
            yield at
            pending.extend(ir.parts(at))
