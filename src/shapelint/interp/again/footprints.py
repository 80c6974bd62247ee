"""What a function may read of each of its arguments, told from its text: nothing, the attributes that it names, or anything.

Read `module.weight` and `isinstance(module, nn.Linear)`, and the rest of the module does not matter; read `init(module)`, and
all of it may. A name that other statements bind anew is taken for read as a whole. (That a function asks for all its names at once
whoever relies on this has to see.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from shapelint import ir
from shapelint.interp.world import World
from shapelint.values import Function


class Footprint(NamedTuple):
    """`whole`: anything may be read. Else `paths`: attributes of attributes that are (`("config", "std")`; `()` is the class)."""

    whole: bool
    paths: tuple[tuple[str, ...], ...]


WHOLE = Footprint(True, ())
NOTHING = Footprint(False, ())
_BY_NAME = frozenset(("hasattr", "getattr"))
UNDERSTOOD_BY = frozenset(("isinstance", "type", "hasattr", "getattr", "super"))


def of(world: World, function: Function) -> dict[str, Footprint]:
    """By parameter."""
    key = id(function.node)
    held = world.footprints.get(key)
    if held is None:
        held = world.footprints[key] = (function.node, _of(function.node))
    found: dict[str, Footprint] = held[1]
    return dict.fromkeys(found, WHOLE) if shadowed(function) else found


def shadowed(function: Function) -> bool:
    """Whether a name that the text is understood by may stand for something else."""
    scopes = [function.globals.vars]
    env = function.closure
    while env is not None:
        scopes.append(env.vars)
        env = env.parent
    return not all(scope.keys().isdisjoint(UNDERSTOOD_BY) for scope in scopes)


def takes_by_place(node: Any) -> list[str]:
    """The parameters that take an argument of their own by its position, in order."""
    names = []
    for p in node.params:
        if p.kind != "plain" and p.kind != "positional":
            break
        names.append(p.name)
    return names


def takes_by_name(node: Any) -> list[str]:
    return [p.name for p in node.params if p.kind == "plain" or p.kind == "keyword"]


def takes(function: Function, at: int | str) -> str | None:
    """The parameter that takes an argument, given by position or by name, where it has one of its own."""
    if isinstance(at, str):
        return at if at in takes_by_name(function.node) else None
    names = takes_by_place(function.node)
    return names[at] if at < len(names) else None


def _of(node: Any) -> dict[str, Footprint]:
    names = tuple(p.name for p in node.params)
    return told((node.body,), names) if isinstance(node, ir.Lambda) else node.body.told(told, names)


def told(body: Any, names: tuple[str, ...]) -> dict[str, Footprint]:
    """By parameter, of the names of all."""
    found: dict[str, set[tuple[str, ...]] | None] = {name: set() for name in names}
    for name, path in _reads(body, names):
        if name not in found:  # any name
            return dict.fromkeys(names, WHOLE)
        paths = found[name]
        if path is None:
            found[name] = None
        elif paths is not None:
            paths.add(path)
    return {
        name: WHOLE if paths is None else Footprint(False, tuple(sorted(paths)))
        for name, paths in found.items()
    }


def _reads(body: Any, names: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """(a parameter, the path that is read of it: () for its class, None for anything); ("", None) for all of them."""
    pending: list[Any] = [body]
    while pending:
        at = pending.pop()
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.LazyBody):
            pending.append(at.statements)
        elif isinstance(at, ir.Name):
            if at.id in names:
                yield at.id, None
            elif at.id == "super":
                yield names[0] if names else "", None
        elif isinstance(at, ir.Node):
            if isinstance(at, ir.Match) or any(t in names or t in UNDERSTOOD_BY for t in texts(at)):
                yield "", None
            chain = _chain(at)
            known = _asked(at)
            if chain is not None and chain[0] in names:
                yield chain[0], chain[1]
            elif known is not None and known[0] in names:
                yield known[0], known[1]
                pending.extend(at.args[1:])  # type: ignore[attr-defined]
                pending.extend(value for _, value in at.keywords)  # type: ignore[attr-defined]
            else:
                for name in written(at):
                    if name in names:
                        yield name, None
                    elif name in UNDERSTOOD_BY:
                        yield "", None
                pending.extend(ir.parts(at))


def _chain(at: ir.Node) -> tuple[str, tuple[str, ...]] | None:
    """`name.a.b` as (name, (a, b))."""
    path: list[str] = []
    while isinstance(at, ir.Attribute):
        path.append(at.attr)
        at = at.value
    return (at.id, tuple(reversed(path))) if path and isinstance(at, ir.Name) else None


def _asked(at: ir.Node) -> tuple[str, tuple[str, ...]] | None:
    """`isinstance(name, …)`, `type(name)`, `hasattr(name, "a")`, `getattr(name, "a", …)` in the same form."""
    if not isinstance(at, ir.Call) or not isinstance(at.func, ir.Name) or not at.args:
        return None
    first, called = at.args[0], at.func.id
    if not isinstance(first, ir.Name) or any(isinstance(arg, ir.Starred) for arg in at.args):
        return None
    if called == "isinstance" or (called == "type" and len(at.args) == 1 and not at.keywords):
        return first.id, ()
    if called in _BY_NAME and len(at.args) > 1 and isinstance(at.args[1], ir.Const):
        name = at.args[1].value
        return (first.id, (name,)) if isinstance(name, str) else None
    return None


def written(at: ir.Node, *, owners: bool = True) -> Iterator[str]:
    """The names that a statement binds, and (`owners`) those of which it writes or deletes something: what that means all of them
    decides."""
    targets: list[Any] = []
    if isinstance(at, (ir.Assign, ir.Delete)):
        targets = list(at.targets)
    elif isinstance(at, (ir.AugAssign, ir.For, ir.CompFor)):
        targets = [at.target]
    elif isinstance(at, ir.With):
        targets = [target for _, target in at.items]
    while targets:
        target = targets.pop()
        if isinstance(target, (ir.TupleDisplay, ir.ListDisplay)):
            targets.extend(target.items)
        elif isinstance(target, ir.Starred) or (owners and isinstance(target, (ir.Subscript, ir.Attribute))):
            targets.append(target.value)
        elif isinstance(target, ir.Name):
            yield target.id


def texts(at: ir.Node) -> tuple[Any, ...]:
    """The names that a node binds, or makes mean something else, without a node of their own."""
    if isinstance(at, (ir.GlobalDecl, ir.NonlocalDecl)):
        return at.names
    if isinstance(at, ir.NamedExpr):
        return (at.target,)
    if isinstance(at, (ir.Handler, ir.FunctionDef, ir.ClassDef, ir.Param)):
        return (at.name,)
    if isinstance(at, (ir.Import, ir.ImportFrom)):
        return tuple(bound or name.partition(".")[0] for name, bound in at.names)
    return ()
