"""A forward that returns nothing, and what it computed last."""

from __future__ import annotations

from typing import Any

from shapelint import facts, ir
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Function, Module, Site


def record(world: World, module: Module, forward: Any) -> None:
    """Record that a forward written in the program returned None."""
    function = forward.function if isinstance(forward, BoundMethod) else forward
    if not isinstance(function, Function) or not isinstance(function.node, ir.FunctionDef):
        return
    file = function.globals.file
    body = function.node.body.statements
    last = body[-1] if body else None
    place = function.node.name_at
    if isinstance(last, ir.Return):
        place = last.at
        last = body[-2] if len(body) > 1 else None
    lost = isinstance(last, ir.Assign) and all(
        isinstance(t, (ir.Name, ir.TupleDisplay)) for t in last.targets
    )
    lost = lost or (isinstance(last, ir.ExprStmt) and isinstance(last.value, ir.Call))
    if file is None or not world.checked(file.path):
        return
    before = len(world.facts)
    found = Site(file.path, *last.at) if last is not None and lost else None
    world.record(facts.ForwardReturned, module=module, last=found, stores=_stores(module, body))
    for fact in world.facts[before:]:
        fact.site = Site(file.path, *place)


def _stores(module: Module, body: tuple[ir.Stmt, ...]) -> bool:
    """Whether statements assign attributes or items, at any depth, print, raise or yield, or call what may do so."""
    for statement in body:
        if isinstance(statement, (ir.Assign, ir.AugAssign)):
            targets = statement.targets if isinstance(statement, ir.Assign) else (statement.target,)
            if any(isinstance(t, (ir.Attribute, ir.Subscript)) for t in targets):
                return True
        if isinstance(statement, (ir.Raise, ir.Delete, ir.GlobalDecl, ir.NonlocalDecl)):
            return True
        if isinstance(statement, ir.ExprStmt) and isinstance(statement.value, ir.Call):
            callee = statement.value.func
            if isinstance(callee, ir.Attribute) and not _is_layer(module, callee):
                return True  # a method: of something else it may be a list that is filled, of its own it may do anything
        for part in ("body", "orelse", "final"):
            inner = getattr(statement, part, ())
            if isinstance(inner, tuple) and _stores(module, inner):
                return True
    return False


def _is_layer(module: Module, callee: ir.Attribute) -> bool:
    """Whether `self.name` is a layer that the module holds: calling it computes something and does no more."""
    own = isinstance(callee.value, ir.Name) and callee.value.id == "self"
    return own and isinstance(module.attrs.get(callee.attr), Module)
