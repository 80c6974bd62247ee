"""Where something is yielded in a body: in a statement at any depth, and in what order in one that holds no others."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp.world import World


def held_by(world: World, node: ir.Node) -> bool:
    """Whether something is yielded in a statement or an expression, at any depth."""
    key = ("yields", id(node))
    found = world.library.get(key)
    if found is None:
        found = world.library[key] = (is_in(node), node)  # which keeps the node, and its id, alive
    return bool(found[0])


_CLOSED = (ir.FunctionDef, ir.ClassDef, ir.Lambda)


def is_in(node: Any) -> bool:
    """Whether something is yielded below a node."""
    pending = [node]
    while pending:
        at = pending.pop()
        if isinstance(at, (ir.Yield, ir.YieldFrom)):
            return True
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.Node) and not isinstance(at, _CLOSED):
            pending.extend(ir.parts(at))
    return False


_held: dict[int, tuple[ir.Node, tuple[ir.Expr, ...] | None]] = {}
_MOST_HELD = 5_000  # statements whose answer is kept, and that live as long


def forget() -> None:
    """The run is over: what was kept of its statements would keep their files in memory."""
    _held.clear()


def own(statement: ir.Node) -> tuple[ir.Expr, ...] | None:
    """The yields of a simple statement, or of an expression, in the order in which they are come by; None where that depends on
    something."""
    held = _held.get(id(statement))
    if held is None or held[0] is not statement:  # asked each time that a generator comes by
        if len(_held) >= _MOST_HELD:
            _held.clear()
        held = _held[id(statement)] = (statement, _own(statement))
    return held[1]


def _own(statement: ir.Node) -> tuple[ir.Expr, ...] | None:
    found: list[ir.Expr] = []

    def walk(at: Any) -> bool:
        if isinstance(at, (tuple, list)):
            return all(walk(part) for part in at)
        if not isinstance(at, ir.Node) or isinstance(at, _CLOSED):
            return True
        if isinstance(at, (ir.BoolOp, ir.IfExp, ir.Comprehension, ir.Compare, ir.Match)) and is_in(at):
            return False
        parts = (at.value, at.targets) if isinstance(at, ir.Assign) else ir.parts(at)
        if not all(walk(part) for part in parts):
            return False
        if isinstance(at, (ir.Yield, ir.YieldFrom)):
            found.append(at)
        return True

    if isinstance(statement, ir.Match) or not walk(statement):
        return None
    return tuple(found)
