"""Shapes in annotations: jaxtyping's `Float[Tensor, "batch 3 224 224"]`."""

from __future__ import annotations

import re

from shapelint import dims, ir
from shapelint.dims import Dim
from shapelint.values import Tensor

_DTYPES = {
    "Float": "float32", "Float16": "float16", "Float32": "float32", "Float64": "float64", "BFloat16": "bfloat16",
    "Int": "int64", "Integer": "int64", "Int8": "int8", "Int16": "int16", "Int32": "int32", "Int64": "int64",
    "UInt8": "uint8", "Bool": "bool", "Complex": "complex64", "Num": None, "Shaped": None, "Inexact": None, "Real": None,
}  # fmt: skip


def tensor_of(annotation: ir.Expr) -> Tensor | None:
    """The tensor an annotation describes, names as symbols; None when it gives no rank."""
    if not isinstance(annotation, ir.Subscript) or not isinstance(annotation.index, ir.TupleDisplay):
        return None
    head = annotation.value
    word = head.attr if isinstance(head, ir.Attribute) else head.id if isinstance(head, ir.Name) else ""
    items = annotation.index.items
    if (
        word not in _DTYPES
        or len(items) != 2
        or not isinstance(items[1], ir.Const)
        or not isinstance(items[1].value, str)
    ):
        return None
    shape: list[Dim] = []
    for part in items[1].value.split():
        part = part.partition("=")[2] or part
        if part.isdigit():
            shape.append(int(part))
        elif re.fullmatch(r"[#_]*[A-Za-z_]\w*|_", part):
            shape.append(dims.symbol(part.lstrip("#_") or "n"))
        else:
            return None  # "...", "*axes", "h//2": more than a list of axes
    return Tensor(tuple(shape), _DTYPES[word])
