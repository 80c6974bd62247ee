"""Lowers the parameters of a def or a lambda."""

from __future__ import annotations

from typing import Any

import libcst as cst

from shapelint.ir import Param, Span
from shapelint.lower.dispatch import maybe
from shapelint.lower.names import normal
from shapelint.lower.positions import NOWHERE, Context, steps

__all__ = ["parameters"]


def parameters(cx: Context, n: cst.Parameters, a: Any, outer: Span) -> tuple[Param, ...]:
    """In the order they are written. `a` is an `ast.arguments`."""
    positional, plain, keyword = n.posonly_params, n.params, n.kwonly_params
    lowered: list[Param] = []

    # `ast` keeps the defaults apart: those of positional ones fill from the right.
    a_defaults = a.defaults if a.defaults.__class__ is list else []
    missing = len(positional) + len(plain) - len(a_defaults)
    defaults = [NOWHERE] * missing + a_defaults

    def add(param: cst.Param, kind: str, a_arg: Any, a_default: Any) -> None:
        at = cx.span(a_arg) if a_arg is not NOWHERE and a_arg is not None else cx.place(param, NOWHERE, outer)
        a_annotation = a_arg.annotation if a_arg is not None else NOWHERE
        annotation = maybe(cx, param.annotation.annotation if param.annotation else None, a_annotation, at)
        default = maybe(cx, param.default, a_default, outer)
        lowered.append(Param(at, normal(param.name), kind, default, annotation))

    for param, a_arg, a_default in zip(
        positional, steps(a.posonlyargs, len(positional)), defaults, strict=False
    ):
        add(param, "positional", a_arg, a_default)
    for param, a_arg, a_default in zip(
        plain, steps(a.args, len(plain)), defaults[len(positional) :], strict=False
    ):
        add(param, "plain", a_arg, a_default)
    if isinstance(n.star_arg, cst.Param):
        add(n.star_arg, "vararg", a.vararg, NOWHERE)
    a_keyword_defaults = steps(a.kw_defaults, len(keyword))
    for param, a_arg, a_default in zip(
        keyword, steps(a.kwonlyargs, len(keyword)), a_keyword_defaults, strict=False
    ):
        add(param, "keyword", a_arg, a_default)
    if n.star_kwarg is not None:
        add(n.star_kwarg, "kwarg", a.kwarg, NOWHERE)
    return tuple(lowered)
