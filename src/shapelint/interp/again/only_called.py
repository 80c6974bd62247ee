"""Functions that a function is given and only calls, or hands on to one that does: `named_apply(fn=fn, module=child)` to itself.

Of such an argument no more counts than what calling it may read: of a method, what its text names of its receiver. The text of the
function tells where the argument goes; whom it is handed to is asked of what the names stand for when the call is made.
"""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp.again import footprints
from shapelint.interp.world import World
from shapelint.values import Function

Goes = tuple[tuple[str, int | str], ...]  # (the name of what it is handed to, the position or the name there)


def is_only_called(world: World, function: Function, name: str, seen: tuple[Any, ...] = ()) -> bool:
    """Whether nothing is done with an argument, by the parameter that takes it, but calling it."""
    if function.closure is not None:
        return False
    if (function, name) in seen:
        return True
    for called, at in _goes(world, function.node).get(name, _ANYWHERE):
        found = function.globals.vars.get(called)
        if not isinstance(found, Function):
            return False
        taken = footprints.takes(found, at)
        if taken is None or not is_only_called(world, found, taken, (*seen, (function, name))):
            return False
    return True


_ANYWHERE: Goes = (("", 0),)


def _goes(world: World, node: Any) -> dict[str, Goes]:
    """By parameter that is only called or handed on: where it is handed on to."""
    key = "only called", id(node)
    held = world.footprints.get(key)
    if held is None:
        held = world.footprints[key] = (node, _of(node))
    found: dict[str, Goes] = held[1]
    return found


def _of(node: Any) -> dict[str, Goes]:
    if isinstance(node, ir.Lambda) or node.is_generator:
        return {}
    nodes = list(ir.walk(node.body.statements))
    bound = {text for at in nodes for text in (*footprints.texts(at), *footprints.written(at))}
    bound.update(p.name for p in node.params)
    goes: dict[str, list[tuple[str, int | str]]] = {p.name: [] for p in node.params if p.kind in _TAKES_ONE}
    known: set[int] = set()  # the places of these names that are understood; where one is written to is none
    for at in nodes:
        if not isinstance(at, ir.Call) or not isinstance(at.func, ir.Name):
            continue
        if at.func.id in goes:
            known.add(id(at.func))
        if at.func.id in bound or any(isinstance(arg, ir.Starred) for arg in at.args):
            continue
        for place, value in (*enumerate(at.args), *at.keywords):
            if isinstance(value, ir.Name) and value.id in goes and place is not None:
                known.add(id(value))
                goes[value.id].append((at.func.id, place))
    for at in nodes:
        if isinstance(at, ir.Name) and id(at) not in known:
            goes.pop(at.id, None)
    return {name: tuple(to) for name, to in goes.items()}


_TAKES_ONE = frozenset(("plain", "positional", "keyword"))
