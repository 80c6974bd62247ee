"""Arguments for functions that nobody called: values that are not known, but for what their parameters say."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.evidence import annotations as shape_annotations
from shapelint.interp import functions
from shapelint.values import Function, Unknown


def unknown_arguments(function: Function, skip: int, *, owner: str | None = None) -> tuple[Any, ...]:
    """An unknown for each positional parameter that has no default, and one for what `*args` takes."""
    made = []
    for p in function.node.params[skip:]:
        if p.kind in ("positional", "plain") and p.default is None:
            made.append(argument(p, owner or function.name))
        else:
            if p.kind == "vararg":
                why = f"arguments *{p.name} of {owner or function.name} are not known"
                made.append(functions.Rest(Unknown(why, name=p.name)))
            break
    return tuple(made)


def unknown_keywords(
    function: Function, *, owner: str | None = None, open_nones: bool = False
) -> dict[str, Any]:
    """An unknown for each keyword parameter that has no default; with `open_nones` also for those whose default is None."""
    return {
        p.name: argument(p, owner or function.name)
        for p in function.node.params
        if (p.kind == "keyword" and p.default is None)
        or (open_nones and p.kind in ("plain", "keyword") and _is_none(p.default))
    }


def argument(p: ir.Param, owner: str) -> Any:
    """The value of a parameter nobody passed: a tensor where its annotation gives the shape, else an unknown."""
    if p.annotation is not None:
        tensor = shape_annotations.tensor_of(p.annotation)
        if tensor is not None:
            return tensor
    made = Unknown(f"argument {p.name} of {owner} is not known", name=p.name)
    made.entry = True
    return made


def defaults_to_none(function: object) -> bool:
    """Whether a function has a parameter whose default is None: a call without it is legal, but may not be meant."""
    return isinstance(function, Function) and any(_is_none(p.default) for p in function.node.params)


def _is_none(default: ir.Expr | None) -> bool:
    return isinstance(default, ir.Const) and default.value is None
