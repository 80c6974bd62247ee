"""Names that one turn of a loop may leave to the next: read on some way before the turn itself has bound them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapelint import ir
from shapelint.interp.again import footprints
from shapelint.interp.world import World


def carried(world: World, node: ir.For | ir.While) -> frozenset[str]:
    """The names that a turn reads perhaps before it binds them. (What it calls may read more: functions that it defines are
    taken to read where they are defined.)"""
    held = world.carried.get(id(node))
    if held is None:
        found: set[str] = set()
        _statements(node.body, set(footprints.written(node, owners=False)), found)
        held = world.carried[id(node)] = node, frozenset(found)
    return held[1]


def _statements(body: Iterable[ir.Stmt], bound: set[str], found: set[str]) -> set[str]:
    """Follow statements, of which `bound` holds the names that are bound for certain; gives those that are behind them."""
    for statement in body:
        _statement(statement, bound, found)
    return bound


def _statement(at: ir.Stmt, bound: set[str], found: set[str]) -> None:
    if isinstance(at, ir.If):
        _read(at.test, bound, found)
        bound |= _statements(at.body, set(bound), found) & _statements(at.orelse, set(bound), found)
    elif isinstance(at, (ir.For, ir.While)):
        _read(at.iter if isinstance(at, ir.For) else at.test, bound, found)
        _statements(at.body, bound | set(footprints.written(at, owners=False)), found)
        _statements(at.orelse, set(bound), found)
    elif isinstance(at, ir.With):
        for value, _ in at.items:
            _read(value, bound, found)
        bound |= set(footprints.written(at, owners=False))
        _statements(at.body, bound, found)
    elif isinstance(at, ir.Try):
        for body in (at.body, at.orelse, at.final):
            _statements(body, set(bound), found)
        for handler in at.handlers:
            _read(handler.type, bound, found)
            _statements(handler.body, bound | set(footprints.texts(handler)), found)
    elif isinstance(at, ir.Match):
        _read(at.subject, bound, found)
        for case in at.cases:
            _read((case.pattern, case.guard), bound, found)
            _statements(case.body, set(bound), found)
    else:
        names = set(footprints.written(at, owners=False))
        targets = at.targets if isinstance(at, ir.Assign) else ()
        _read([part for part in ir.parts(at) if part is not targets], bound, found)
        _read([target for target in targets if not isinstance(target, ir.Name)], bound | names, found)
        bound |= names
        bound.update(footprints.texts(at))


def _read(node: Any, bound: set[str], found: set[str]) -> None:
    pending = [node]
    while pending:
        at = pending.pop()
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.Name):
            if at.id not in bound:
                found.add(at.id)
        elif isinstance(at, ir.LazyBody):
            pending.append(at.statements)
        elif isinstance(at, ir.Node):
            pending.extend(ir.parts(at))
