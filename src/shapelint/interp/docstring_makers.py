"""Decorators that only make a docstring: `def documented(cls): …; cls.__doc__ = text; return cls`.

The text is for people, and making it can be most of the work of importing a package. A function is taken for one when

- it always returns one and the same of its parameters, which it does not bind anew,
- it assigns `__doc__` of that parameter, and
- neither it nor any function of the program that it calls by name writes anything else that outlives the call: no other
  attribute, no item of a container that is not its own, no public global.

The body of such a function is not evaluated: the parameter comes back, with a docstring that is not known.
"""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import attribute_writes, put_off
from shapelint.interp.widening import assigned
from shapelint.interp.world import World
from shapelint.values import Function, Namespace, Unknown

_CHANGES = frozenset(
    ("append", "extend", "add", "update", "insert", "pop", "remove", "clear", "setdefault", "discard", "popitem", "sort",
     "reverse", "register", "__setattr__", "__setitem__", "add_module", "register_module", "register_buffer",
     "register_parameter", "register_forward_hook", "register_forward_pre_hook")
)  # fmt: skip
_OPEN_ENDED = frozenset(("exec", "eval", "globals", "delattr", "vars", "locals"))


def subject(world: World, function: Function) -> str | None:
    """The parameter that a docstring-making function returns; None for every other function."""
    held = world.docstring_makers.get(id(function.node))
    if held is None:
        held = world.docstring_makers[id(function.node)] = (function.node, _subject(world, function))
    return held[1]


def document(world: World, documented: Any) -> Any:
    """What a docstring-making function does to its subject."""
    attribute_writes.set(
        world, documented, "__doc__", Unknown("a docstring that the program makes", plain=True)
    )
    return documented


def _subject(world: World, function: Function) -> str | None:
    node = function.node
    if not isinstance(node, ir.FunctionDef) or node.is_generator or node.is_async or not node.params:
        return None
    body = node.body.statements
    if not body or not isinstance(body[-1], ir.Return) or not isinstance(body[-1].value, ir.Name):
        return None
    name = body[-1].value.id
    if name not in {p.name for p in node.params if p.kind in ("positional", "plain")}:
        return None
    file = function.globals.file
    if file is not None and "__doc__" not in file.text:
        return None
    inside = list(ir.walk(body))
    if not any(isinstance(at, ir.Assign) and _documents(at, name) for at in inside):
        return None
    if any(isinstance(at, ir.Return) and not _is_name(at.value, name) for at in inside):
        return None
    if name in assigned(body) or any(isinstance(at, (ir.FunctionDef, ir.ClassDef)) for at in inside):
        return None
    return name if _only_reads(world, function, {id(node)}) else None


def _documents(node: ir.Assign, name: str) -> bool:
    return any(
        isinstance(t, ir.Attribute) and t.attr == "__doc__" and _is_name(t.value, name) for t in node.targets
    )


def _is_name(node: Any, name: str) -> bool:
    return isinstance(node, ir.Name) and node.id == name


def _only_reads(world: World, function: Function, seen: set[int]) -> bool:
    """Whether a function leaves nothing behind but docstrings."""
    node = function.node
    params = frozenset([p.name for p in node.params])
    if isinstance(node, ir.Lambda):
        calls, own, writes = _calls((node.body,), params)
    else:
        calls, own, writes = node.body.told(_calls, params)
    return all(_call_reads(world, function, at, own, params, seen) for at in calls) and not writes


def _calls(body: Any, params: frozenset[str]) -> tuple[tuple[ir.Call, ...], frozenset[str], bool]:
    """The calls in a body, up to where it writes to something that is not its own; the names it binds; whether it does write."""
    calls: list[ir.Call] = []
    own = frozenset(assigned(body))
    for at in ir.walk(body):
        if isinstance(at, ir.ClassDef) or (
            isinstance(at, ir.GlobalDecl) and not all(n.startswith("_") for n in at.names)
        ):
            return tuple(calls), own, True
        if isinstance(at, (ir.Assign, ir.AugAssign, ir.Delete)):
            targets = (at.target,) if isinstance(at, ir.AugAssign) else at.targets
            if not all(_is_own(t, own, params) for t in targets):
                return tuple(calls), own, True
        if isinstance(at, ir.Call):
            calls.append(at)
    return tuple(calls), own, False


def _is_own(target: Any, own: frozenset[str], params: frozenset[str]) -> bool:
    """Whether what is written is a docstring, a name of the function, or an item of something it holds itself."""
    if isinstance(target, ir.Attribute):
        return target.attr == "__doc__"
    if isinstance(target, ir.Subscript):
        return _holds(target.value, own, params)
    if isinstance(target, (ir.TupleDisplay, ir.ListDisplay)):
        return all(_is_own(t, own, params) for t in target.items)
    return True


def _holds(container: Any, own: frozenset[str], params: frozenset[str]) -> bool:
    """Whether a container is the function's own, or was handed to it directly."""
    direct = isinstance(container, ir.Name)
    while isinstance(container, (ir.Attribute, ir.Subscript, ir.Call)):
        container = container.func if isinstance(container, ir.Call) else container.value
    if not isinstance(container, ir.Name):
        return True  # a display, a text
    return container.id in own or (direct and container.id in params)


def _call_reads(
    world: World,
    function: Function,
    node: ir.Call,
    own: frozenset[str],
    params: frozenset[str],
    seen: set[int],
) -> bool:
    """Whether a call changes nothing that outlives the function."""
    called = node.func
    if isinstance(called, ir.Attribute):
        return called.attr not in _CHANGES or _holds(called.value, own, params)
    if not isinstance(called, ir.Name):
        return False
    if called.id in params:
        return False
    if called.id == "setattr":
        return len(node.args) == 3 and isinstance(node.args[1], ir.Const) and node.args[1].value == "__doc__"
    if called.id in _OPEN_ENDED:
        return False
    found = _named(world, function, called.id)
    if isinstance(found, Function) and id(found.node) not in seen:
        seen.add(id(found.node))
        return _only_reads(world, found, seen)
    return True


def _named(world: World, function: Function, name: str) -> Any:
    scope = function.closure
    while scope is not None:
        if name in scope.vars:
            return scope.vars[name]
        scope = scope.parent
    space: Namespace = function.globals
    if name in space.vars:
        return space.vars[name]
    found = put_off.brought(world, space, name)
    return None if found is put_off.MISSING else found
