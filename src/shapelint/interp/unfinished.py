"""What a turn of a loop, or a side of a branch, would have changed had it not raised on its way.

One that raises for certain leaves the state as it was before it; but what raises in a program that its own users get through is
mostly a thing that we took wrongly: an attribute that others set, a library that we read amiss. What stands behind is read on;
what was about to be changed is not known there. A `raise` of the program's own is no such thing: behind it, what it tests holds.
"""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import origins, widening
from shapelint.interp.changes import FILLING
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import Frame
from shapelint.values import Dict, Instance, List, Module, Set, Unknown


def doubt(frame: Frame, body: tuple[ir.Stmt, ...]) -> None:
    """Nothing is known from here on of what these statements assign by name, set on objects or put into containers."""
    widening.forget(frame.world, body, frame.env.vars)
    for node in _nodes(body):
        if isinstance(node, (ir.Assign, ir.AugAssign)):
            for target in node.targets if isinstance(node, ir.Assign) else (node.target,):
                if isinstance(target, ir.Attribute):
                    _set(frame, target)
    doubt_containers(frame, body)


def doubt_containers(frame: Frame, body: tuple[ir.Stmt, ...]) -> None:
    """Nothing is known from here on of what these statements put into containers."""
    for node in _nodes(body):
        if isinstance(node, ir.Call):
            _called(frame, node)
        elif isinstance(node, (ir.Assign, ir.AugAssign)):
            for target in node.targets if isinstance(node, ir.Assign) else (node.target,):
                if isinstance(target, ir.Subscript):
                    _opened(frame, _held(frame, target.value))


def is_doubtful(problem: Any) -> bool:
    """Whether an exception is one that we found, not one that the program raises itself."""
    return isinstance(problem, ProgramRaises) and problem.value is None and problem.site is None


def _called(frame: Frame, node: ir.Call) -> None:
    """A call may change the containers it is given, and a method those of its object."""
    for argument in (*node.args, *(value for _, value in node.keywords)):
        _opened(frame, _held(frame, argument))
    if isinstance(node.func, ir.Attribute):
        owner = _held(frame, node.func.value)
        if isinstance(owner, Instance):
            for held in list(owner.attrs.values()):
                _opened(frame, held)
        elif node.func.attr in FILLING:
            _opened(frame, owner)


def _opened(frame: Frame, held: Any) -> None:
    if isinstance(held, (List, Dict, Set)):
        origins.opened(frame.world, held, widening.WHY)


def _set(frame: Frame, target: ir.Attribute) -> None:
    held = _held(frame, target.value)
    if isinstance(held, Instance) and target.attr in held.attrs and not _is_part(held, target.attr):
        frame.world.journal.touch(held.attrs)
        held.attrs[target.attr] = Unknown(widening.WHY)


def _is_part(owner: Instance, name: str) -> bool:
    """Whether a layer is held there: replaced in a turn, it is still one."""
    return isinstance(owner, Module) and isinstance(owner.attrs[name], Module)


def _held(frame: Frame, node: ir.Expr) -> Any:
    """What a name, or an attribute of a name, holds, asking nobody; None where that is more than looking it up."""
    if isinstance(node, ir.Name):
        return frame.env.vars.get(node.id)
    if isinstance(node, ir.Attribute):
        owner = _held(frame, node.value)
        return owner.attrs.get(node.attr) if isinstance(owner, Instance) else None
    return None


def _nodes(body: tuple[ir.Stmt, ...]) -> list[ir.Node]:
    """All nodes of statements; functions and classes that they define are left out."""
    found: list[ir.Node] = []
    pending: list[Any] = list(body)
    while pending:
        at = pending.pop()
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.Node) and not isinstance(at, (ir.FunctionDef, ir.ClassDef, ir.Lambda)):
            found.append(at)
            pending.extend(ir.parts(at))
    return found
