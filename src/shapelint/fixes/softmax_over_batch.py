"""The axis that the rule names, where it names one only."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.base import Found
from shapelint.fixes.calls import argument, call, callee, expression, spelled, with_value
from shapelint.fixes.softmax_without_dim import softmax_site
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    fits = found.diagnostic.fits
    match = re.fullmatch(r"dim=(-?\d+)", fits[0]) if len(fits) == 1 else None
    site = softmax_site(found)
    node = call(found.text(site))
    value = expression(match.group(1)) if match is not None else None
    if node is None or value is None:
        return ()
    layer = callee(node)[
        :1
    ].isupper()  # nn.Softmax(0) has nothing before its axis, F.softmax(x, 0) and x.softmax(0) differ
    position = 0 if layer else 1 if _takes_tensor(node) else 0
    index = argument(node, position, "dim")
    if index is None:
        return ()
    return (found.replace(site, spelled(with_value(node, index, value))),)


def _takes_tensor(node: cst.Call) -> bool:
    """Whether it is a function of a module (`F.softmax(x, 0)`), not a method of the tensor (`x.softmax(0)`)."""
    owner = node.func.value if isinstance(node.func, cst.Attribute) else None
    return owner is None or spelled(owner) in (
        "F",
        "torch",
        "nn.functional",
        "torch.nn.functional",
        "functional",
    )
