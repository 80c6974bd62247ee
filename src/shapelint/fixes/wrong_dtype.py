"""`criterion(out, y.long())` for `criterion(out, y)`: the conversion that the operation asks for, where it is taken."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import with_argument
from shapelint.report import Edit

SAFE = False

# What the message says, the argument that is meant, and the method that converts it.
_MENDS = (
    ("a target of class numbers must be int64", 1, "target", "long"),
    ("the class numbers must be int64", 0, "tensor", "long"),
    ("the input of an embedding must be int64", 0, "input", "long"),
    ("input is float64, weight is float32", 0, "input", "float"),
    ("input is int64, weight is float32", 0, "input", "float"),
)


def edits(found: Found) -> Sequence[Edit | None]:
    need = found.need
    message = need.message if need is not None else ""
    for told, position, name, method in _MENDS:
        if told in message:

            def change(old: cst.BaseExpression, method: str = method) -> cst.BaseExpression | None:
                if not isinstance(old, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)):
                    return None
                return cst.Call(cst.Attribute(old, cst.Name(method)))

            return (found.replace(found.site, with_argument(found.text(found.site), position, name, change)),)
    return ()
