"""Conditions: what is asked for its truth only, `and` and `or`."""

from __future__ import annotations

import functools
from typing import Any

from shapelint import ir
from shapelint.interp import branch
from shapelint.interp.evaluation import HANDLERS, Handler, evaluate
from shapelint.interp.truth import truth
from shapelint.interp.world import Frame
from shapelint.values import Either, Unknown


def test(node: ir.Expr, frame: Frame) -> bool | Unknown:
    """The truth of an expression that is asked for nothing else: of `a and b` it is enough that b is false, whatever a is."""
    if node.__class__ is ir.BoolOp:
        return truth(frame.world, _bool_from(node, 0, frame, test))
    found = HANDLERS[node.__class__](node, frame)
    return found if found is True or found is False else truth(frame.world, found)


def boolop(node: ir.BoolOp, frame: Frame) -> Any:
    return _bool_from(node, 0, frame, evaluate)


def _bool_from(node: ir.BoolOp, start: int, frame: Frame, ask: Handler) -> Any:
    world = frame.world
    for i in range(start, len(node.values)):
        value = ask(node.values[i], frame)
        if i == len(node.values) - 1:
            return value
        known = truth(world, value)
        if isinstance(known, Unknown):
            rest = functools.partial(_bool_from, node, i + 1, frame, ask)
            stay = functools.partial(_held, node.op == "or" if ask is test else value)
            first, second = (rest, stay) if node.op == "and" else (stay, rest)
            found = branch.value(world, known, (first, second))
            if (
                ask is test
                and isinstance(found, Either)
                and all(isinstance(option, bool) for option in found.options)
            ):
                return known  # what comes behind it is told: it alone decides
            return found
        if known is (node.op == "or"):
            return value
    raise AssertionError("a BoolOp has at least two values")


def _held(value: Any) -> Any:
    return value
