"""`nn.Sequential(*layers)` for `nn.Sequential(layers)`, `nn.ReLU()` for `nn.ReLU` among the layers."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, spelled
from shapelint.report import Edit
from shapelint.values import Class

SAFE = True


def edits(found: Found) -> Sequence[Edit | None]:
    cause = next((f.cause for f in found.here if isinstance(f, facts.Raised)), None)
    node = call(found.text(found.site))
    if node is None or not isinstance(cause, facts.RegisteredNoLayer):
        return ()
    args = list(node.args)
    if any(a.keyword is not None or a.star for a in args):
        return ()
    if cause.type_name in ("list", "tuple") and len(args) == 1:
        args[0] = args[0].with_changes(star="*")
    elif isinstance(cause.value, Class) and cause.value.is_module:
        named = [i for i, a in enumerate(args) if _last_name(a.value) == cause.value.name]
        if not named or _needs_arguments(cause.value):
            return ()
        for i in named:
            args[i] = args[i].with_changes(value=cst.Call(func=args[i].value))
    else:
        return ()
    return (found.replace(found.site, spelled(node.with_changes(args=args))),)


def _last_name(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def _needs_arguments(cls: Class) -> bool:
    """Whether a layer cannot be built without arguments; one of the program's own is taken to need some."""
    spec = cls.spec
    return spec is None or any(p.required for p in spec.signature.parameters)
