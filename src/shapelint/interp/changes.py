"""What the methods of a class change of their object, read off their text: what they fill, and what they assign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shapelint import ir
from shapelint.interp.world import World
from shapelint.values import Class, Function, Namespace

FILLING = frozenset(
    ("add", "append", "appendleft", "clear", "difference_update", "discard", "extend", "extendleft", "insert", "pop", "popitem",
     "popleft", "remove", "reverse", "setdefault", "sort", "subtract", "update", "__setitem__", "__delitem__", "__iadd__")
)  # fmt: skip


def by_methods(
    world: World, cls: Class, but: Function | None = None
) -> tuple[frozenset[str], frozenset[str]]:
    """The attributes that the methods of a class fill, and those that they assign; the constructor and `but` are left out."""
    key = id(cls), id(None if but is None else but.node)
    kept = world.changed_by_methods.get(key)
    if kept is not None and kept[0] is cls:
        return kept[1]  # type: ignore[no-any-return]
    filled: set[str] = set()
    assigned: set[str] = set()
    for base in cls.mro:
        for name, method in base.attrs.items():
            node = method.node if isinstance(method, Function) else None
            if but is not None and node is but.node:
                continue
            if isinstance(node, ir.FunctionDef) and node.params and name != "__init__":
                fills, assigns = node.body.told(_look, node.params[0].name)
                filled |= fills
                assigned |= assigns
    found = frozenset(filled), frozenset(assigned)
    world.changed_by_methods[key] = cls, found
    return found


def of_globals(world: World, space: Namespace) -> frozenset[str]:
    """The global names that functions of a file give another value."""
    kept = world.changed_by_methods.get(id(space))
    if kept is not None and kept[0] is space:
        return kept[1]  # type: ignore[no-any-return]
    found: set[str] = set()
    for held in list(space.vars.values()):
        methods = list(held.attrs.values()) if isinstance(held, Class) and held.namespace is space else [held]
        for method in methods:
            node = method.node if isinstance(method, Function) and method.globals is space else None
            if isinstance(node, ir.FunctionDef):
                found |= node.body.told(_declared)
    world.changed_by_methods[id(space)] = space, frozenset(found)
    return frozenset(found)


def _declared(body: tuple[ir.Stmt, ...]) -> frozenset[str]:
    """The names that statements declare global."""
    return frozenset([name for at in nodes(body) if isinstance(at, ir.GlobalDecl) for name in at.names])


def _look(body: tuple[ir.Stmt, ...], myself: str) -> tuple[frozenset[str], frozenset[str]]:
    filled: set[str] = set()
    assigned: set[str] = set()
    for at in nodes(body):
        if isinstance(at, ir.Call):
            parts: list[Any] = [*at.args, *(value for _, value in at.keywords)]
            if isinstance(at.func, ir.Attribute) and at.func.attr in FILLING:
                parts.append(at.func.value)
            filled.update(_own(part, myself) for part in parts)
        elif isinstance(at, (ir.Assign, ir.AugAssign)):
            for target in at.targets if isinstance(at, ir.Assign) else (at.target,):
                for part in target.items if isinstance(target, ir.TupleDisplay) else (target,):
                    into = part.value if isinstance(part, ir.Subscript) else None
                    filled.add(_own(part if isinstance(at, ir.AugAssign) else into, myself))
                    assigned.add(_own(part, myself))
    return frozenset(filled), frozenset(assigned)


def _own(node: Any, myself: str) -> str:
    """The attribute of the object itself that an expression is, or what is read of it by index; "" where it is none."""
    while isinstance(node, ir.Subscript):
        node = node.value
    own = isinstance(node, ir.Attribute) and isinstance(node.value, ir.Name) and node.value.id == myself
    return node.attr if own else ""


def nodes(body: Any) -> Iterator[ir.Node]:
    """All nodes of statements, those of functions within too."""
    pending: list[Any] = [body]
    while pending:
        at = pending.pop()
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.FunctionDef):
            pending.append(at.body.statements)
        elif isinstance(at, ir.Node):
            yield at
            pending.extend(ir.parts(at))
