"""Containers that hold themselves, or one another so many times over that nobody can go through them."""

from __future__ import annotations

from typing import Any

from shapelint.values.containers import Dict, List, Set

_CONTAINERS = (tuple, List, Dict, Set)
# Containers within containers: what data has, and what a walk that calls itself may meet.
_DEEP, _DEEPEST = 10, 200
# Containers on all ways through a value: what is looked at twice, and what is too much.
_MANY, _MOST = 2_000, 100_000


def endless(value: Any) -> bool:
    """Whether a walk through all that a value holds would have no end, or none that can be waited for. Many rows are no reason:
    that few containers are met again and again, far within one another, is."""
    if value.__class__ not in _CONTAINERS:
        return False
    met, deepest, distinct = 0, 0, set()
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        held, deep = stack.pop()
        met += 1
        distinct.add(id(held))
        deepest = max(deepest, deep)
        if deep > _DEEPEST or met > _MOST:
            return True
        if met > _MANY and deepest > _DEEP and met > 4 * len(distinct):
            return True
        parts = held if held.__class__ is tuple else held.items
        stack += [(part, deep + 1) for part in parts if part.__class__ in _CONTAINERS]
        if held.__class__ is Dict:
            stack += [(part, deep + 1) for part in held.items.values() if part.__class__ in _CONTAINERS]
    return False
