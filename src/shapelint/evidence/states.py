"""What an object may hold by the time a method is called: attributes that its other methods give another value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shapelint import ir, records
from shapelint.values import Class, Function


def given_elsewhere(cls: Class, own: Function) -> frozenset[str]:
    """The names of the attributes that the methods of a class assign to themselves, but for the constructor and `own`."""
    found: set[str] = set()
    for base in cls.mro:
        for name, value in base.attrs.items():
            if not isinstance(value, Function) or name == "__init__" or value.node is own.node:
                continue
            if isinstance(value.node, ir.FunctionDef) and value.node.params:
                found |= set(_assigned(value.node, value.node.params[0].name))
    return frozenset(found)


def _assigned(function: ir.FunctionDef, myself: str) -> Iterator[str]:
    for node in _nodes(function.body.statements):
        targets = (
            node.targets
            if isinstance(node, ir.Assign)
            else (node.target,)
            if isinstance(node, ir.AugAssign)
            else ()
        )
        for target in targets:
            for part in target.items if isinstance(target, ir.TupleDisplay) else (target,):
                if (
                    isinstance(part, ir.Attribute)
                    and isinstance(part.value, ir.Name)
                    and part.value.id == myself
                ):
                    yield part.attr


def _nodes(value: Any) -> Iterator[ir.Node]:
    """All nodes below, those of functions within left out."""
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, ir.Node):
        yield value
        if isinstance(value, (ir.FunctionDef, ir.ClassDef, ir.Lambda)):
            return
        for field in records.fields(value):
            yield from _nodes(getattr(value, field.name))
