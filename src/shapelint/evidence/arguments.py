"""Arguments for functions that nobody called: values that are not known, but for what their parameters say."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.evidence import annotations as shape_annotations
from shapelint.interp import functions
from shapelint.values import Class, Dict, External, Function, List, Namespace, Unknown


def unknown_arguments(function: Function, skip: int, *, owner: str | None = None) -> tuple[Any, ...]:
    """An unknown for each positional parameter that has no default, and one for what `*args` takes."""
    made = []
    for p in function.node.params[skip:]:
        if p.kind in ("positional", "plain") and p.default is None:
            made.append(argument(p, owner or function.name, function.globals, operand=owner is None))
        else:
            if p.kind == "vararg":
                why = f"arguments *{p.name} of {owner or function.name} are not known"
                made.append(functions.Rest(Unknown(why, name=p.name)))
            break
    return tuple(made)


def unknown_keywords(
    function: Function, *, owner: str | None = None, open_defaults: bool = False
) -> dict[str, Any]:
    """An unknown for each keyword parameter that has no default; with `open_defaults` also for those that callers fill, and
    for what `**keywords` takes."""
    filled = filled_by_callers(function) if open_defaults else frozenset()
    made = {
        p.name: argument(p, owner or function.name, function.globals, operand=owner is None)
        for p in function.node.params
        if (p.kind == "keyword" and p.default is None) or (p.name in filled and p.kind != "kwarg")
    }
    for p in function.node.params:
        if p.kind == "kwarg" and open_defaults:
            why = f"arguments **{p.name} of {owner or function.name} are not known"
            made[functions.OTHERS] = Unknown(why, name=p.name)
    return made


def argument(p: ir.Param, owner: str, space: Namespace, *, operand: bool = False) -> Any:
    """The value of a parameter nobody passed: a tensor where its annotation gives the shape, else an unknown, which may be found
    to be a tensor unless the annotation names something else in `space`."""
    if p.annotation is not None:
        tensor = shape_annotations.tensor_of(p.annotation)
        if tensor is not None:
            return tensor
    made = Unknown(f"argument {p.name} of {owner} is not known", name=p.name)
    made.entry, made.operand = not _is_other(p.annotation, space), operand
    return made


def _is_other(annotation: ir.Expr | None, space: Namespace) -> bool:
    """Whether an annotation names a class of the program's, or of a library that knows no tensors (`np.ndarray`)."""
    if isinstance(annotation, ir.Attribute) and isinstance(annotation.value, ir.Name):
        held = space.vars.get(annotation.value.id)
        named = held.name if isinstance(held, Namespace) else getattr(held, "qualname", "")
        return named in _NO_TENSORS
    if not isinstance(annotation, ir.Name):
        return False
    held = space.vars.get(annotation.id)
    if isinstance(held, Class):
        if held.node is None:
            return held.name.partition(".")[0] in _NO_TENSORS
        return held.unknown_base is None and not any(base.name.endswith("Tensor") for base in held.mro)
    return isinstance(held, External) and held.qualname.partition(".")[0] in _NO_TENSORS


_NO_TENSORS = frozenset(
    ("numpy", "pandas", "PIL", "PIL.Image", "scipy.sparse", "numpy.typing", "cv2", "matplotlib", "argparse")
)


def filled_by_callers(function: object) -> frozenset[str]:
    """The parameters that callers are likely to fill: `**keywords`, defaults of None, below zero or nothing at all (`num_heads=0`,
    `sizes=()`), classes and functions of the program. A call without them is legal, but what fails then may never be meant."""
    if not isinstance(function, Function):
        return frozenset()
    return frozenset(
        p.name
        for p in function.node.params
        if p.kind == "kwarg"
        or (
            p.kind in ("plain", "keyword")
            and p.name in function.defaults
            and _is_open(function.defaults[p.name])
        )
    )


def _is_open(default: Any) -> bool:
    if default is None or (isinstance(default, (int, tuple, str)) and default is not False and not default):
        return True
    if isinstance(default, (List, Dict)):
        return not default.items
    if isinstance(default, (int, float)):
        return default < 0
    return isinstance(default, (Function, Class)) and default.node is not None
