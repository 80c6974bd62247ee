"""The table from a libcst node's type to what lowers it; filled by the modules beside this one.

Each entry names the `ast` types the node may be paired with, so a pair that lost step is seen at once. Knows no node.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import libcst as cst

from shapelint.ir import Expr, Opaque, Span
from shapelint.lower.positions import NOWHERE, Context

__all__ = ["expression", "lowers", "maybe"]

# (context, libcst node, ast node or NOWHERE, span of the node)
Handler = Callable[[Context, Any, Any, Span], Expr]
_H = TypeVar("_H", bound=Callable[..., Expr])

_TABLE: dict[type, tuple[Handler, tuple[type, ...]]] = {}


def lowers(node: type[cst.CSTNode], *pairs: type) -> Callable[[_H], _H]:
    """Declares what lowers a node, and its partners in `ast`."""

    def declare(handler: _H) -> _H:
        assert node not in _TABLE, f"{node.__name__} is lowered twice"
        _TABLE[node] = handler, pairs
        return handler

    return declare


def expression(cx: Context, n: cst.CSTNode, a: Any, outer: Span) -> Expr:
    """Lowers an expression (or a pattern); `outer` is the span of what encloses it."""
    entry = _TABLE.get(n.__class__)
    if entry is None:
        return Opaque(cx.place(n, a, outer), f"{n.__class__.__name__} is not modelled")
    handler, pairs = entry
    if a.__class__ in pairs:
        return handler(cx, n, a, cx.span(a))
    return handler(cx, n, NOWHERE, cx.place(n, NOWHERE, outer))


def maybe(cx: Context, n: cst.CSTNode | None, a: Any, outer: Span) -> Expr | None:
    """Lowers what may be absent."""
    return None if n is None else expression(cx, n, a if a is not None else NOWHERE, outer)
