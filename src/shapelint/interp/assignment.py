"""Binding the targets of assignments, of loops and of `with`."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import attribute_writes, iterate, subscripts
from shapelint.interp.evaluation import evaluate
from shapelint.interp.names import assign_name
from shapelint.interp.world import Frame


def assign(target: ir.Expr, value: Any, frame: Frame) -> None:
    """Bind a target: a name, an attribute, an item, or a pattern of these."""
    if target.__class__ is ir.Name:  # by far the most
        assign_name(frame, target.id, value)
    elif isinstance(target, ir.Attribute):
        owner = evaluate(target.value, frame)
        before, frame.node = frame.node, target
        attribute_writes.set(frame.world, owner, target.attr, value)
        frame.node = before
    elif isinstance(target, ir.Subscript):
        owner = evaluate(target.value, frame)
        index = evaluate(target.index, frame)
        before, frame.node = frame.node, target
        subscripts.set(frame.world, owner, index, value)
        frame.node = before
    elif isinstance(target, (ir.TupleDisplay, ir.ListDisplay)):
        before, frame.node = frame.node, target
        items = iterate.unpack(frame.world, value, target)
        frame.node = before
        for part, item in zip(target.items, items, strict=True):
            assign(part.value if isinstance(part, ir.Starred) else part, item, frame)
    elif isinstance(target, ir.Starred):
        assign(target.value, value, frame)
