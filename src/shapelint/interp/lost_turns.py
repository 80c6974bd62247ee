"""A loop over layers each of whose turns writes over what the one before has made: only the last turn counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shapelint import facts, ir
from shapelint.interp import traceless
from shapelint.interp.world import Frame
from shapelint.values import List, Module, Site


def record(node: ir.For, items: Sequence[Any], frame: Frame) -> None:
    """Record the statement that calls a layer, where every turn over `items` was made and only binds names anew that none of them
    reads before, and the function reads one of them behind the loop."""
    world, function, receiver = frame.world, frame.function, frame.receiver
    if len(items) < 2 or not world.calls or not isinstance(receiver, Module) or node.orelse:
        return
    if not all(isinstance(s, ir.Assign) and s.value is not None for s in node.body):
        return
    file, definition = frame.env.globals.file, getattr(function, "node", None)
    if file is None or not world.checked(file.path) or not isinstance(definition, ir.FunctionDef):
        return
    target = set(_names(node.target))
    written = set(traceless.bound(node.body))
    if written & target or not _begins_anew(node.body, written) or not definition.params:
        return
    self_name = definition.params[0].name
    layers, statement, call = _lost_layers(node, items, target, frame, self_name)
    kept = _read_behind(node, written, definition)
    if statement is None or call is None or not kept or not all(map(traceless.layer, layers)):
        return
    if not _leaves_nothing(node, frame, self_name, receiver):
        return
    before = len(world.facts)
    world.record(facts.TurnsLost, turns=len(items), name=kept, alike=not _given(call) & target)
    for fact in world.facts[before:]:
        fact.site = Site(file.path, *statement.at)


def _given(call: ir.Call) -> set[str]:
    """The names that a call's arguments read, but for those of the layers that it is nested about."""
    arguments = (call.args, tuple(value for _, value in call.keywords))
    called: set[int] = set()
    for part in ir.walk(arguments):
        if isinstance(part, ir.Call) and isinstance(part.func, (ir.Name, ir.Subscript)):
            called |= {id(below) for below in ir.walk(part.func)}
    return {p.id for p in ir.walk(arguments) if isinstance(p, ir.Name) and id(p) not in called}


def _names(node: Any) -> Iterator[str]:
    for part in ir.walk(node):
        if isinstance(part, ir.Name):
            yield part.id


def _begins_anew(body: tuple[ir.Stmt, ...], written: set[str]) -> bool:
    """Whether no statement reads what an earlier turn has written."""
    known: set[str] = set()
    for statement in body:
        if not isinstance(statement, ir.Assign) or (set(_names(statement.value)) & written) - known:
            return False
        known |= set(traceless.bound(statement))
    return True


def _lost_layers(
    node: ir.For, items: Sequence[Any], target: set[str], frame: Frame, self_name: str
) -> tuple[list[Module], ir.Stmt | None, ir.Call | None]:
    """The layers that the turns call, each its own, and the statement and the call that does."""
    for statement in node.body:
        for part in ir.walk(statement):
            if not isinstance(part, ir.Call):
                continue
            if isinstance(part.func, ir.Name) and part.func.id in target:
                found = [layer for item in items for layer in _layers(item)]
            elif isinstance(part.func, ir.Subscript):
                found = _picked(part.func, items, target, frame, self_name)
            else:
                continue
            if len({id(layer) for layer in found}) >= len(items) and any(map(traceless.learns, found)):
                return found, statement, part
    return [], None, None


def _layers(item: Any) -> Iterator[Module]:
    parts = item.items if isinstance(item, List) else item if isinstance(item, tuple) else (item,)
    yield from (part for part in parts if isinstance(part, Module))


def _picked(
    func: ir.Subscript, items: Sequence[Any], target: set[str], frame: Frame, self_name: str
) -> list[Module]:
    """The layers of `self.layers[i]`, where `i` is what the loop counts."""
    name = traceless.own(func.value, self_name)
    held = frame.receiver.attrs.get(name) if name is not None else None
    if not isinstance(held, Module) or not isinstance(func.index, ir.Name) or func.index.id not in target:
        return []
    members = [value for value in held.attrs.values() if isinstance(value, Module)]
    counted = [i[0] if isinstance(i, tuple) and i else i for i in items]
    if not all(type(i) is int and 0 <= i < len(members) for i in counted):
        return []
    return [members[i] for i in counted]


def _read_behind(node: ir.For, written: set[str], definition: ir.FunctionDef) -> str:
    """The first of the names that is read behind the loop before it is given something else; "" where none is."""
    end = node.at[2:]
    stored: dict[int, tuple[int, int]] = {}
    for part in ir.walk(definition.body):
        targets = part.targets if isinstance(part, ir.Assign) else getattr(part, "target", ())
        if isinstance(part, (ir.Assign, ir.For, ir.CompFor)):
            stored |= {id(t): part.at[2:] for t in ir.walk(targets) if isinstance(t, ir.Name)}
    behind = [
        (stored.get(id(part), part.at[:2]), id(part) in stored, part.id)
        for part in ir.walk(definition.body)
        if isinstance(part, ir.Name) and part.id in written and part.at[:2] >= end
    ]
    anew: set[str] = set()
    for _, is_stored, name in sorted(behind):
        if not is_stored and name not in anew:
            return name
        anew.add(name)
    return ""


def _leaves_nothing(node: ir.For, frame: Frame, self_name: str, receiver: Module) -> bool:
    """Whether the turns write to names alone, and what they are given keeps nothing of them."""
    for part in ir.walk(node.body):
        if isinstance(part, ir.Name) and not traceless.value(frame.env.vars.get(part.id)):
            return False
        name = traceless.own(part, self_name)
        if name is not None and not traceless.value(receiver.attrs.get(name)):
            return False
        name = traceless.own(part.func, self_name) if isinstance(part, ir.Call) else None
        if name is not None and not _is_traceless(receiver.attrs.get(name)):
            return False
    return traceless.statements_leave_nothing(node.body, self_name, receiver, frame.env.vars)


def _is_traceless(value: Any) -> bool:
    return isinstance(value, Module) and traceless.layer(value)
