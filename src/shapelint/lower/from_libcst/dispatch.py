"""The table from a libcst node's type to what lowers it; filled by the modules beside this one. Knows no node."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import libcst as cst

from shapelint.ir import Expr, Opaque
from shapelint.lower.from_libcst.context import Context
from shapelint.lower.tables import declares

__all__ = ["expression", "expressions", "lowers", "maybe"]

Handler = Callable[[Context, Any], Expr]
_H = TypeVar("_H", bound=Handler)

_TABLE: dict[type, Handler] = {}


def lowers(*nodes: type[cst.CSTNode]) -> Callable[[_H], _H]:
    """Declares what lowers nodes of some types."""
    return declares(_TABLE, nodes)


def expression(cx: Context, n: cst.CSTNode) -> Expr:
    """Lowers an expression or a pattern."""
    handler = _TABLE.get(n.__class__)
    if handler is None:
        return Opaque(cx.span(n), f"{n.__class__.__name__} is not modelled")
    return handler(cx, n)


def maybe(cx: Context, n: cst.CSTNode | None) -> Expr | None:
    """Lowers what may be absent."""
    return None if n is None else expression(cx, n)


def expressions(cx: Context, nodes: Iterable[cst.CSTNode]) -> tuple[Expr, ...]:
    """Lowers expressions in a row."""
    return tuple([expression(cx, n) for n in nodes])
