"""Lowers the parameters of a def or a lambda."""

from __future__ import annotations

import ast
from typing import Any

from shapelint.ir import Param
from shapelint.lower.from_ast.context import Context
from shapelint.lower.from_ast.dispatch import maybe

__all__ = ["parameters"]


def parameters(cx: Context, a: ast.arguments) -> tuple[Param, ...]:
    """In the order they are written."""
    lowered: list[Param] = []

    def add(arg: ast.arg, kind: str, default: Any) -> None:
        lowered.append(Param(cx.span(arg), arg.arg, kind, maybe(cx, default), maybe(cx, arg.annotation)))

    positional = len(a.posonlyargs)
    plain = [*a.posonlyargs, *a.args]
    # Those that are there belong to the last parameters.
    defaults = [None] * (len(plain) - len(a.defaults)) + a.defaults
    for place, (arg, default) in enumerate(zip(plain, defaults, strict=True)):
        add(arg, "positional" if place < positional else "plain", default)
    if a.vararg is not None:
        add(a.vararg, "vararg", None)
    for arg, default in zip(a.kwonlyargs, a.kw_defaults, strict=True):
        add(arg, "keyword", default)
    if a.kwarg is not None:
        add(a.kwarg, "kwarg", None)
    return tuple(lowered)
