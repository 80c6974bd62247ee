"""Evaluating expressions: one handler a node type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import ir
from shapelint.interp.world import Frame

Handler = Callable[[Any, Frame], Any]

HANDLERS: dict[
    type, Handler
] = {}  # filled by statements.py, so that whatever needs a value can import this file


def evaluate(node: ir.Expr, frame: Frame) -> Any:
    """The value of an expression. Raises ProgramRaises where the program raises."""
    return HANDLERS[node.__class__](node, frame)
