"""Needs about dtypes that several families share."""

from __future__ import annotations

from shapelint.specs.need import Need
from shapelint.values import Tensor

_AUTOCAST = ("float16", "bfloat16", "float32")


def same_dtype(need: Need, **tensors: Tensor | None) -> None:
    """All tensors must have one dtype. Under autocast torch makes it so for half and single precision; `recorder.autocast`
    is False where the program is known to be outside of it, and silence is kept elsewhere."""
    known = [(name, x.dtype) for name, x in tensors.items() if x is not None and x.dtype is not None]
    for name, dtype in known[1:]:
        first, wanted = known[0]
        if dtype == wanted:
            continue
        if (
            dtype in _AUTOCAST
            and wanted in _AUTOCAST
            and getattr(need.recorder, "autocast", None) is not False
        ):
            continue
        need.refuse("wrong-dtype", f"{name} is {dtype}, {first} is {wanted}")
