"""`match`: patterns against a subject."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import branch, compare, functions
from shapelint.interp.truth import truth
from shapelint.interp.world import Frame
from shapelint.values import Class, Dict, List, Unknown


def run(node: ir.Match, subject: Any, frame: Frame, start: int = 0) -> Any:
    """Execute the first case that matches; an undecided one is a branch."""
    from shapelint.interp.blocks import block
    from shapelint.interp.expressions import evaluate

    world = frame.world
    for i in range(start, len(node.cases)):
        case = node.cases[i]
        bound: dict[str, Any] = {}
        known = matches(case.pattern, subject, frame, bound)
        if known is False:
            continue
        for name, value in bound.items():
            functions.assign(ir.Name(case.at, name), value, frame)
        if known is True and case.guard is not None:
            known = truth(world, evaluate(case.guard, frame))
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
    from shapelint.interp.expressions import evaluate

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
    if isinstance(pattern, ir.DictDisplay) and isinstance(subject, Dict) and subject.open is None:
        for key_node, value_pattern in zip(pattern.keys, pattern.values, strict=True):
            if key_node is None:
                return Unknown("a ** pattern is not modelled")
            key = evaluate(key_node, frame)
            if key not in subject.items:
                return False
            known = matches(value_pattern, subject.items[key], frame, bound)
            if known is not True:
                return known
        return True
    if isinstance(pattern, ir.Call) and not pattern.args and not pattern.keywords:
        from shapelint.interp import classes

        cls = evaluate(pattern.func, frame)
        if isinstance(cls, Class):
            return truth(world, classes.is_instance(world, subject, cls))
    return Unknown("a pattern that is not modelled")


def _sequence(pattern: ir.TupleDisplay, subject: Any, frame: Frame, bound: dict[str, Any]) -> bool | Unknown:
    if isinstance(subject, List) and subject.open is None:
        items = list(subject.items)
    elif isinstance(subject, tuple):
        items = list(subject)
    elif isinstance(subject, Unknown):
        return Unknown(subject.why)
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
    for part, item in zip(pattern.items, items, strict=True):
        known = matches(part.value if isinstance(part, ir.Starred) else part, item, frame, bound)
        if known is not True:
            return known
    return True
