"""The table from an `ast` node's type to what lowers it; filled by the modules beside this one. Knows no node."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeVar

from shapelint.ir import Expr, Opaque
from shapelint.lower.from_ast.context import Context
from shapelint.lower.tables import declares

__all__ = ["expression", "expressions", "lowers", "maybe"]

Handler = Callable[[Context, Any], Expr]
_H = TypeVar("_H", bound=Handler)

_TABLE: dict[type, Handler] = {}


def lowers(*nodes: type[ast.AST]) -> Callable[[_H], _H]:
    """Declares what lowers nodes of some types."""
    return declares(_TABLE, nodes)


def expression(cx: Context, a: Any) -> Expr:
    """Lowers an expression or a pattern."""
    handler = _TABLE.get(a.__class__)
    if handler is None:
        return Opaque(cx.span(a), f"{a.__class__.__name__} is not modelled")
    return handler(cx, a)


def maybe(cx: Context, a: Any) -> Expr | None:
    """Lowers what may be absent."""
    return None if a is None else expression(cx, a)


def expressions(cx: Context, nodes: list[Any]) -> tuple[Expr, ...]:
    """Lowers expressions in a row."""
    return tuple([expression(cx, a) for a in nodes])
