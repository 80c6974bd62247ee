"""Texts that a function only hands on: `init_all(child, f"{name}.{key}")` to itself, `init(module, name=name)` to one that never reads it.

Such an argument tells no calls apart but by whether it is empty, which a condition may ask. The text of the function tells which
calls it goes to, as it is or within a longer text; whether they read it is asked of the functions that the names stand for when
the call is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from shapelint import ir
from shapelint.interp.again import footprints
from shapelint.interp.again.footprints import NOTHING
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Function, Instance

_LONGEST = 200  # a text that is put together of names may not come near what the world thinks too long


class To(NamedTuple):
    """A call that a parameter goes to: the name of what is called, the position or the name of the argument, and which
    parameters are handed on under their own name with it."""

    called: str
    at: int | str
    kept: frozenset[str]


def is_handed_on(world: World, function: Function, name: str, value: Any, bound: dict[str, Any]) -> bool:
    """Whether nothing hangs on what text an argument is, only on whether it is empty. `bound`: the arguments by name."""
    if value.__class__ is not str or len(value) > _LONGEST or function.closure is not None:
        return False
    goes = _goes(world, function.node).get(name)
    if goes is None:
        return False
    params = {p.name for p in function.node.params}
    called = {to.called for to in goes} & params
    for to in goes:
        if to.called in params:
            found = bound[to.called] if to.called in bound else function.defaults.get(to.called)
        else:
            found = function.globals.vars.get(to.called)
        if found is function and footprints.takes(function, to.at) == name:
            if not called <= to.kept:
                return False
        elif not _is_unread(world, found, to.at):
            return False
    return True


def _is_unread(world: World, called: Any, at: int | str) -> bool:
    """Whether something that is called never reads one of its arguments."""
    from shapelint.interp.library.functools import PARTIAL

    if isinstance(called, Instance) and called.cls is PARTIAL:
        if isinstance(at, int):
            at += len(called.attrs["args"])
        called = called.attrs["func"]
    if called.__class__ is BoundMethod:
        called = called.function
        if isinstance(at, int):
            at += 1
    if called.__class__ is not Function:
        return False
    name = footprints.takes(called, at)
    return name is not None and footprints.of(world, called)[name] == NOTHING


# ---- what the text tells


def _goes(world: World, node: Any) -> dict[str, tuple[To, ...]]:
    """By parameter that is only handed on: the calls that it goes to."""
    key = ~id(node)  # beside what footprints keeps under id(node)
    held = world.footprints.get(key)
    if held is None:
        held = world.footprints[key] = (node, _of(node))
    found: dict[str, tuple[To, ...]] = held[1]
    return found


def _of(node: Any) -> dict[str, tuple[To, ...]]:
    if isinstance(node, ir.Lambda):
        return {}
    nodes = list(ir.walk(node.body.statements))
    names = [p.name for p in node.params]
    bound = {text for at in nodes for text in (*footprints.texts(at), *footprints.written(at))}
    found = {}
    for name in names:
        goes = _of_one(nodes, names, bound, name)
        if goes is not None:
            found[name] = goes
    return found


def _of_one(nodes: list[ir.Node], names: list[str], bound: set[str], name: str) -> tuple[To, ...] | None:
    """The calls that one parameter goes to; None where it goes elsewhere too."""
    texts = {name}
    assigned = [at for at in nodes if isinstance(at, ir.Assign) and len(at.targets) == 1]
    while True:
        more = {
            at.targets[0].id
            for at in assigned
            if isinstance(at.targets[0], ir.Name) and any(_within(at.value, texts))
        }
        if more <= texts:
            break
        texts |= more
    known: set[int] = set()  # the places of these names that are understood
    goes: list[To] = []
    for at in nodes:
        if isinstance(at, ir.Assign) and len(at.targets) == 1 and isinstance(at.targets[0], ir.Name):
            if at.targets[0].id in texts:
                known.add(id(at.targets[0]))
                known.update(id(part) for part in _within(at.value, texts))
        elif isinstance(at, ir.If) and isinstance(at.test, ir.Name):
            known.add(id(at.test))
        elif isinstance(at, (ir.For, ir.CompFor)):
            known.update(id(part) for part in ir.walk((at.target,)) if isinstance(part, ir.Name))
        elif isinstance(at, ir.Call) and isinstance(at.func, ir.Name) and at.func.id not in bound:
            if any(isinstance(arg, ir.Starred) for arg in at.args):
                continue
            given = [*enumerate(at.args), *at.keywords]
            kept = frozenset(
                value.id
                for place, value in given
                if isinstance(value, ir.Name) and value.id not in bound and _place(names, place) == value.id
            )
            for place, value in given:
                if isinstance(value, ir.Name) and value.id in texts and place is not None:
                    known.add(id(value))
                    goes.append(To(at.func.id, place, kept))
    for at in nodes:
        if isinstance(at, ir.Name) and at.id in texts and id(at) not in known:
            return None
        if any(text in texts for text in footprints.texts(at)):
            return None
    return tuple(goes)


def _place(names: list[str], place: Any) -> Any:
    return names[place] if isinstance(place, int) and place < len(names) else place


def _within(value: Any, texts: set[str]) -> Iterator[ir.Name]:
    """The names of texts of which an expression puts one together, or that it asks whether they are empty."""
    if isinstance(value, ir.Name):
        if value.id in texts:
            yield value
    elif isinstance(value, ir.IfExp):
        if isinstance(value.test, ir.Name):
            yield from _within(value.test, texts)
        yield from _within(value.body, texts)
        yield from _within(value.orelse, texts)
    elif isinstance(value, ir.FString):
        for part in value.parts:
            if isinstance(part, ir.FormattedValue) and part.spec is None and part.conversion is None:
                yield from _within(part.value, texts) if isinstance(part.value, ir.Name) else ()
    elif isinstance(value, ir.Call) and len(value.args) == 1 and not value.keywords:
        joined, func = value.args[0], value.func
        if (
            isinstance(func, ir.Attribute)
            and func.attr == "join"
            and isinstance(func.value, ir.Const)
            and isinstance(func.value.value, str)
            and isinstance(joined, (ir.TupleDisplay, ir.ListDisplay))
        ):
            for item in joined.items:
                yield from _within(item, texts) if isinstance(item, ir.Name) else ()
