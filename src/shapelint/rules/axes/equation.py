"""The labels of an einsum, one an axis: nothing is said of equations that leave some out."""

from __future__ import annotations

import re


def labels(text: object, operands: int) -> tuple[tuple[str, ...], str] | None:
    """The labels of each operand and those of the result; None for dots, and where the result is not spelled out."""
    if not isinstance(text, str):
        return None
    found = re.fullmatch(r"([A-Za-z,]+)->([A-Za-z]*)", text.replace(" ", ""))
    if found is None:
        return None
    inputs = tuple(found[1].split(","))
    return (inputs, found[2]) if len(inputs) == operands else None
