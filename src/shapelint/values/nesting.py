"""Containers that hold themselves, or one another so many times over that nobody can go through them."""

from __future__ import annotations

from typing import Any

from shapelint.values.containers import Dict, List, Set

_CONTAINERS = (tuple, List, Dict, Set)
# Containers within containers: what data has, and what a walk that calls itself may meet.
_DEEP, _DEEPEST = 10, 200
# Containers on all ways through a value: what is looked at twice, and what is too much.
_MANY, _MOST = 2_000, 100_000
_MOST_ITEMS = 2_000_000  # of them, on all ways


def endless(value: Any) -> bool:
    """Whether a walk through all that a value holds would have no end, or none that can be waited for. Many rows are no reason:
    that few containers are met again and again, far within one another, is."""
    if value.__class__ not in _CONTAINERS:
        return False
    first = _contents(value)
    if not first[1]:  # most often
        return False
    met, deepest, items = 0, 0, 0
    within = {id(value): first}  # how much a container holds, and which others
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        held, deep = stack.pop()
        if id(held) not in within:
            within[id(held)] = _contents(held)
        count, inner = within[id(held)]
        met += 1
        items += count
        deepest = max(deepest, deep)
        if deep > _DEEPEST or met > _MOST or items > _MOST_ITEMS:
            return True
        if met > _MANY and deepest > _DEEP and met > 4 * len(within):
            return True
        stack += [(part, deep + 1) for part in inner]
    return False


def _contents(held: Any) -> tuple[int, list[Any]]:
    """How many items, and the containers among them."""
    parts = held if held.__class__ is tuple else held.items
    inner = [part for part in parts if part.__class__ in _CONTAINERS]
    if held.__class__ is Dict:
        inner += [part for part in held.items.values() if part.__class__ in _CONTAINERS]
    return len(parts), inner
