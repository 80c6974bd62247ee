"""`match`: patterns against a subject."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import assignment, branch, compare, iterate
from shapelint.interp.branch import Split
from shapelint.interp.conditions import test
from shapelint.interp.control import Completion, ProgramRaises
from shapelint.interp.evaluation import evaluate
from shapelint.interp.truth import truth
from shapelint.interp.world import Frame, World
from shapelint.values import Class, Dict, Either, External, Instance, List, Stream, Tensor, Unknown


def run(node: ir.Match, subject: Any, frame: Frame, start: int = 0) -> Completion | Split:
    """Execute the first case that matches; an undecided one is a branch."""
    from shapelint.interp.blocks import block

    world = frame.world
    for i in range(start, len(node.cases)):
        case = node.cases[i]
        bound: dict[str, Any] = {}
        known = matches(case.pattern, subject, frame, bound)
        if known is False:
            continue
        for name, value in bound.items():
            assignment.assign(ir.Name(case.at, name), value, frame)
        if known is True and case.guard is not None:
            known = test(case.guard, frame)
        if known is True:
            return block(case.body, frame)
        if known is False:
            continue
        assert isinstance(known, Unknown)
        sides = (
            lambda body=case.body: block(body, frame),
            lambda after=i + 1: run(node, subject, frame, after),
        )
        return branch.statements(world, known, sides)
    return None


def matches(pattern: ir.Expr, subject: Any, frame: Frame, bound: dict[str, Any]) -> bool | Unknown:
    """Whether a pattern matches; what it captures goes to `bound`."""
    world = frame.world
    if isinstance(pattern, ir.Name):
        if pattern.id != "_":
            bound[pattern.id] = subject
        return True
    if isinstance(pattern, (ir.Const, ir.Attribute, ir.UnaryOp)):
        value = evaluate(pattern, frame)
        op = "is" if value is None or isinstance(value, bool) else "=="
        return truth(world, compare.compare(world, op, subject, value))
    if isinstance(pattern, ir.NamedExpr):
        known = matches(pattern.value, subject, frame, bound)
        bound[pattern.target] = subject
        return known
    if isinstance(pattern, ir.BoolOp):
        unknown: Unknown | None = None
        for option in pattern.values:
            known = matches(option, subject, frame, bound)
            if known is True:
                return True
            if isinstance(known, Unknown):
                unknown = known
        return False if unknown is None else unknown
    if isinstance(pattern, ir.TupleDisplay):
        return _sequence(pattern, subject, frame, bound)
    if isinstance(pattern, ir.DictDisplay):
        return _mapping(pattern, subject, frame, bound)
    if isinstance(pattern, ir.Call):
        return _class(pattern, subject, frame, bound)
    return _not_modelled(pattern, bound)


def _not_modelled(pattern: Any, bound: dict[str, Any]) -> Unknown:
    """What a pattern captures that may match is not known."""
    why = "a pattern that is not modelled"
    pending = [pattern]
    while pending:
        at = pending.pop()
        if isinstance(at, ir.Name) and at.id != "_":
            bound[at.id] = Unknown(why)
        elif isinstance(at, ir.NamedExpr):
            bound[at.target] = Unknown(why)
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.Node):
            pending.extend(ir.parts(at))
    return Unknown(why)


def _each(
    parts: list[tuple[Any, Any]], frame: Frame, bound: dict[str, Any], known: bool | Unknown = True
) -> bool | Unknown:
    """Whether patterns match, each its subject."""
    for pattern, subject in parts:
        found = matches(pattern, subject, frame, bound)
        if found is False:
            return False
        if isinstance(found, Unknown):
            known = found
    return known


def _mapping(pattern: ir.DictDisplay, subject: Any, frame: Frame, bound: dict[str, Any]) -> bool | Unknown:
    if isinstance(subject, Instance) and isinstance(subject.payload, Dict):
        subject = subject.payload
    if not isinstance(subject, Dict):
        return _not_modelled(pattern, bound) if isinstance(subject, _UNCLEAR) else False
    parts, rest = [], dict(subject.items)
    for key_node, value_pattern in zip(pattern.keys, pattern.values, strict=True):
        if key_node is None:
            if isinstance(value_pattern, ir.Name):
                bound[value_pattern.id] = Dict(rest, subject.open)
            continue
        key = evaluate(key_node, frame)
        if key not in subject.items:
            return False if subject.open is None else _not_modelled(pattern, bound)
        rest.pop(key, None)
        parts.append((value_pattern, subject.items[key]))
    return _each(parts, frame, bound)


_UNCLEAR = (Unknown, Either, External, Stream)
_WHOLE = (
    "bool",
    "bytes",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "set",
    "str",
    "tuple",
)  # `case int(n)`


def _class(pattern: ir.Call, subject: Any, frame: Frame, bound: dict[str, Any]) -> bool | Unknown:
    """`case Point(0, y=q)`: the class, then attributes by __match_args__ and by name."""
    from shapelint.interp import attributes, classes

    world = frame.world
    cls = evaluate(pattern.func, frame)
    if not isinstance(cls, Class):
        return _not_modelled(pattern, bound)
    known = truth(world, classes.is_instance(world, subject, cls))
    if known is False:
        return False
    if isinstance(known, Unknown):
        _not_modelled(pattern.args, bound)
        _not_modelled(pattern.keywords, bound)
        return known
    parts: list[tuple[Any, Any]] = []
    names = _match_args(world, cls)
    for i, inner in enumerate(pattern.args):
        if cls.qualname in _WHOLE and len(pattern.args) == 1:
            parts.append((inner, subject))
            continue
        if names is None:
            return _not_modelled(pattern, bound)
        if i >= len(names):
            raise ProgramRaises("TypeError", f"{cls.name}() accepts {len(names)} positional sub-patterns")
        found = attributes.find(world, subject, names[i])
        if found is attributes.MISSING:
            return False
        parts.append((inner, found))
    for name, inner in pattern.keywords:
        if name is None:
            return _not_modelled(pattern, bound)
        found = attributes.find(world, subject, name)
        if found is attributes.MISSING:
            return False
        parts.append((inner, found))
    return _each(parts, frame, bound)


def _match_args(world: World, cls: Class) -> tuple[str, ...] | None:
    """The attributes that positional sub-patterns stand for; None when they are not known."""
    for name in ("__match_args__", "_fields"):
        for ancestor in cls.mro:
            held = ancestor.attrs.get(name)
            if isinstance(held, tuple) and all(isinstance(n, str) for n in held):
                return held
    if cls.unknown_base is not None or any(c.attrs.get("__dataclass_fields__") is not None for c in cls.mro):
        return None
    return ()


def _sequence(pattern: ir.TupleDisplay, subject: Any, frame: Frame, bound: dict[str, Any]) -> bool | Unknown:
    if isinstance(subject, List) and subject.open is None:
        items = list(subject.items)
    elif isinstance(subject, tuple):
        items = list(subject)
    elif isinstance(subject, Instance) and isinstance(subject.payload, tuple):
        items = list(subject.payload)
    elif isinstance(subject, (*_UNCLEAR, List, Tensor, Instance)):
        return _not_modelled(pattern, bound)
    elif isinstance(subject, range):
        if iterate.range_length(subject) > iterate.MAX_ITEMS:
            return _not_modelled(pattern, bound)
        items = list(subject)
    else:
        return False
    starred = next((i for i, part in enumerate(pattern.items) if isinstance(part, ir.Starred)), None)
    if starred is None and len(items) != len(pattern.items):
        return False
    if starred is not None:
        after = len(pattern.items) - starred - 1
        if len(items) < starred + after:
            return False
        middle = items[starred : len(items) - after]
        items = [*items[:starred], List(middle), *items[len(items) - after :]]
    parts = [part.value if isinstance(part, ir.Starred) else part for part in pattern.items]
    return _each(list(zip(parts, items, strict=True)), frame, bound)
