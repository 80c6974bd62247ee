"""`criterion(out, y.long())` for `criterion(out, y)`: the conversion that the operation asks for, where it is taken."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import with_argument
from shapelint.report import Edit
from shapelint.rules.axes.steps import MOVES, before, step
from shapelint.values import Tensor
from shapelint.values.torch_types import is_integral

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
            if method == "long" and need is not None and not all(map(_counts, need.tensors[-1:])):
                return ()

            def change(old: cst.BaseExpression, method: str = method) -> cst.BaseExpression | None:
                if not isinstance(old, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)):
                    return None
                return cst.Call(cst.Attribute(old, cst.Name(method)))

            return (found.replace(found.site, with_argument(found.text(found.site), position, name, change)),)
    return ()


# What only moves values, or picks among them.
_MOVES = MOVES | frozenset("stack cat concat concatenate gather index_select masked_select where".split())
_CREATED = frozenset(
    "zeros ones full empty eye arange linspace zeros_like ones_like full_like empty_like tensor as_tensor from_numpy asarray Tensor "
    "FloatTensor DoubleTensor round floor ceil trunc".split()
)


def _counts(value: object) -> bool:
    """Whether a tensor of floats may hold whole numbers: it is not computed, nor drawn at random."""
    at = value if isinstance(value, Tensor) else None
    for _ in range(20):
        if at is None or at.made is None or at.dtype == "bool" or is_integral(at.dtype):
            return True
        if at.requires_grad is True:
            return False
        name = step(at)
        if name not in _MOVES:
            return name in _CREATED
        at = before(at)
    return False
