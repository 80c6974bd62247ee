"""Numbers that a constructor only stores: `self.layer_idx = layer_idx`, `DropPath(rate) if rate > 0.0 else nn.Identity()`.

Such an argument tells no constructions apart but by its type and by how it compares with the constants that the text compares it
with. The text tells where it goes: into attributes of the module that is built, or to constructors of other modules and to functions
that only store it too; which these are is asked of what the names stand for when the call is made. What a function does with it under a
condition besides may never be done. That it is not, and that nobody reads such an attribute while the module is built, whoever
relies on this has to see (`Held.names`, `Held.places`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from shapelint import ir
from shapelint.interp.again import footprints
from shapelint.interp.world import World
from shapelint.values import Class, Function

NUMBERS = (int, float)
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_DEEPEST = 4  # how many constructors hand it on to one another
_MISSING = object()
_OWN = frozenset(("training", "requires_grad"))  # attributes of modules that mean something to torch


class Uses(NamedTuple):
    """What the text of a constructor does with a parameter: the attributes that it becomes, the constants that it is compared with,
    and the calls that it goes to (the name of what is called, the position or the name of the argument)."""

    names: tuple[str, ...]
    tests: tuple[tuple[str, int | float], ...]
    goes: tuple[tuple[str, int | str, int], ...]  # with the place where the parameter stands
    places: frozenset[int]  # of the parameter, by identity, that are understood
    perhaps: set[int]  # places of names that may never be read


class Held(NamedTuple):
    """A number that is only stored: how it compares with constants, the names of the attributes that hold it, and by parameter that
    is given it the places in the text where that may be read."""

    outcomes: tuple[bool, ...]
    names: frozenset[str]
    places: tuple[tuple[str, frozenset[int]], ...]


class Plan(NamedTuple):
    """What becomes of a parameter, worked out while nobody had renamed anything since (`renamed`)."""

    renamed: int
    stored: bool
    tests: tuple[tuple[str, int | float], ...]
    names: frozenset[str]
    places: tuple[tuple[str, frozenset[int]], ...]
    depends: bool  # on what the function is given besides
    kept: Function | None


def held(
    world: World, cls: Class, init: Function, name: str, value: int | float, bound: dict[str, Any]
) -> Held | None:
    """How an argument of a class's constructor is stored; None where more may be done with it. `bound`: the arguments by name."""
    key = "plan", id(cls), id(init), name
    plan: Plan | None = world.footprints.get(key)
    if plan is None or plan.renamed != world.journal.renamed or plan.depends:
        plan = world.footprints[key] = _plan(world, cls, init, name, bound, 0)
    if not plan.stored:
        return None
    return Held(
        tuple([_COMPARED[op](value, constant) for op, constant in plan.tests]), plan.names, plan.places
    )


def _plan(
    world: World, cls: Class | None, function: Function, name: str, bound: dict[str, Any], deep: int
) -> Plan:
    used = uses(world, function, cls is not None).get(name)
    own = {p.name for p in function.node.params}
    depends = used is not None and any(called in own for called, _, _ in used.goes)
    renamed = world.journal.renamed
    no = Plan(renamed, False, (), frozenset(), (), depends, function)
    if used is None or deep > _DEEPEST or function.closure is not None:
        return no
    if cls is not None and not _stores_plainly(cls, used.names):
        return no
    tests, names, understood = list(used.tests), set(used.names), set(used.places)
    places: list[tuple[str, frozenset[int]]] = []
    for called, at, place in used.goes:
        if called in own:
            target = bound[called] if called in bound else function.defaults.get(called)
        else:
            target = function.globals.vars.get(called)
        found = None
        if target.__class__ is Class:
            inner = constructor(target)
            takes = None if inner is None else _takes(inner, at, 1)
            if inner is not None and takes is not None:
                found = _plan(world, target, inner, takes, {}, deep + 1)
        elif target.__class__ is Function:
            takes = _takes(target, at, 0)
            if takes is not None:
                found = _plan(world, None, target, takes, {}, deep + 1)
        if found is None or not found.stored:
            if place not in used.perhaps:
                return no
            understood.discard(place)
            continue
        tests += found.tests
        names |= found.names
        places += found.places
        depends |= found.depends
    return Plan(
        renamed,
        True,
        tuple(tests),
        frozenset(names),
        ((name, frozenset(understood)), *places),
        depends,
        function,
    )


def constructor(cls: Class) -> Function | None:
    """The constructor that the program has written for a class, where nothing else makes its instances."""
    maker, init = (
        next((c.attrs[name] for c in cls.mro if name in c.attrs), None) for name in ("__new__", "__init__")
    )
    return init if init.__class__ is Function and maker.__class__ is not Function else None


def _stores_plainly(cls: Class, names: tuple[str, ...]) -> bool:
    """Whether an assignment to an attribute of a module of this class does nothing but keep what is assigned."""
    from shapelint.interp.nets.modules import MODULE

    if not cls.is_module or cls.metaclass is not None or cls.intercepts or cls.unknown_base is not None:
        return False
    for base in cls.mro:
        if base is MODULE:
            break
        if base.node is None or "__setattr__" in base.attrs or "__call__" in base.attrs:
            return False
    return all(
        cls.held(name, _MISSING).__class__ in (object, int, float, str, bool, type(None)) for name in names
    )


def _takes(function: Function, at: int | str, before: int) -> str | None:
    """The parameter that takes an argument, where it has one of its own. `before`: how many others are given first."""
    if isinstance(at, str):
        return at if at in footprints.takes_by_name(function.node) else None
    names = footprints.takes_by_place(function.node)
    return names[at + before] if at + before < len(names) else None


# ---- what the text tells


def uses(world: World, function: Function, constructs: bool) -> dict[str, Uses]:
    """By parameter that is only stored, compared and handed on, whatever a function does with it under a condition besides."""
    key = "only stored", constructs, id(function.node)
    kept = world.footprints.get(key)
    if kept is None:
        kept = world.footprints[key] = (function.node, _of(function.node, constructs))
    found: dict[str, Uses] = kept[1]
    return found


def _of(node: Any, constructs: bool) -> dict[str, Uses]:
    if isinstance(node, ir.Lambda) or (constructs and not node.params):
        return {}
    nodes = list(ir.walk(node.body.statements))
    if any(isinstance(at, ir.Match) for at in nodes):
        return {}
    bound = {text for at in nodes for text in (*footprints.texts(at), *footprints.written(at, owners=False))}
    receiver = node.params[0].name if constructs else None
    if receiver in bound:
        return {}
    perhaps = set() if constructs else {id(name) for at in nodes for name in _under(at)}
    found = {}
    for param in node.params[1:] if constructs else node.params:
        if param.name not in bound and param.kind in ("plain", "positional", "keyword"):
            used = _of_one(nodes, bound, receiver, param.name, perhaps)
            if used is not None:
                found[param.name] = used
    return found


def _under(at: ir.Node) -> list[ir.Name]:
    """The names that stand under a condition."""
    sides: Any = ()
    if isinstance(at, (ir.If, ir.IfExp)):
        sides = (at.body, at.orelse)
    return [name for name in ir.walk(sides) if isinstance(name, ir.Name)]


def _of_one(
    nodes: list[ir.Node], bound: set[str], receiver: str | None, name: str, perhaps: set[int]
) -> Uses | None:
    known: set[int] = set()  # the places of the name that are understood
    names: list[str] = []
    tests: list[tuple[str, int | float]] = []
    goes: list[tuple[str, int | str, int]] = []
    for at in nodes:
        if isinstance(at, ir.Assign) and _is(at.value, name):
            stored = [_attribute(target, receiver) for target in at.targets]
            if None not in stored:
                known.add(id(at.value))
                names += [attribute for attribute in stored if attribute is not None]
        elif isinstance(at, ir.Compare) and len(at.ops) == 1 and at.ops[0] in _COMPARED:
            left, right = at.left, at.rights[0]
            if _is(left, name) and _is_number(right):
                known.add(id(left))
                tests.append((at.ops[0], right.value))  # type: ignore[attr-defined]
            elif _is(right, name) and _is_number(left):
                known.add(id(right))
                tests.append((_TURNED[at.ops[0]], left.value))  # type: ignore[attr-defined]
        elif isinstance(at, ir.Call) and isinstance(at.func, ir.Name) and at.func.id not in bound:
            if any(isinstance(arg, ir.Starred) for arg in at.args):
                continue
            for place, value in (*enumerate(at.args), *at.keywords):
                if place is not None and _is(value, name):
                    known.add(id(value))
                    goes.append((at.func.id, place, id(value)))
    if any(
        isinstance(at, ir.Name) and at.id == name and id(at) not in known and id(at) not in perhaps
        for at in nodes
    ):
        return None
    return Uses(tuple(names), tuple(tests), tuple(goes), frozenset(known), perhaps)


def _is(at: Any, name: str) -> bool:
    return isinstance(at, ir.Name) and at.id == name


def _is_number(at: Any) -> bool:
    return isinstance(at, ir.Const) and at.value.__class__ in NUMBERS


def _attribute(target: Any, receiver: str | None) -> str | None:
    """The attribute of the receiver that a target is."""
    if receiver is not None and isinstance(target, ir.Attribute) and _is(target.value, receiver):
        return None if target.attr.startswith("_") or target.attr in _OWN else target.attr
    return None
