"""Lowers the parameters of a def or a lambda."""

from __future__ import annotations

import libcst as cst

from shapelint.ir import Param
from shapelint.lower.from_libcst.context import Context
from shapelint.lower.from_libcst.dispatch import maybe
from shapelint.lower.from_libcst.names import normal

__all__ = ["parameters"]


def parameters(cx: Context, n: cst.Parameters) -> tuple[Param, ...]:
    """In the order they are written."""
    lowered: list[Param] = []

    def add(param: cst.Param, kind: str) -> None:
        annotation = maybe(cx, param.annotation.annotation if param.annotation else None)
        lowered.append(Param(cx.span(param), normal(param.name), kind, maybe(cx, param.default), annotation))

    for param in n.posonly_params:
        add(param, "positional")
    for param in n.params:
        add(param, "plain")
    if isinstance(n.star_arg, cst.Param):
        add(n.star_arg, "vararg")
    for param in n.kwonly_params:
        add(param, "keyword")
    if n.star_kwarg is not None:
        add(n.star_kwarg, "kwarg")
    return tuple(lowered)
