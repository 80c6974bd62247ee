"""The number of features that arrives, in place of the one that is written at the constructor; `x.flatten(1)` where a sample has
just as many values as the layer takes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import libcst as cst

from shapelint.fixes.arrivals import is_meant
from shapelint.fixes.base import Found, number
from shapelint.fixes.calls import with_argument, with_method
from shapelint.fixes.literals import rewritten, value
from shapelint.report import Edit
from shapelint.values import Made, Tensor

SAFE = False

FLATTENING = ("flatten", "view", "reshape", "Flatten", "squeeze")


def edits(found: Found) -> Sequence[Edit | None]:
    need = found.need
    if need is None or need.op != "torch.nn.Linear" or not need.tensors:
        return ()
    x = need.tensors[0]
    actual, wanted = number(need.actual), number(need.wanted)
    if actual is None or wanted is None or not isinstance(x, Tensor) or not x.known:
        return ()
    sizes = flattened(x, actual)
    if x.rank > 2 and _values(x) == wanted:
        return (
            found.replace(
                found.site, with_argument(found.text(found.site), 0, "input", with_method("flatten(1)"))
            ),
        )
    if _numel(x) == wanted:  # one sample without its batch axis: the layer is right
        return ()
    if x.rank != 2 or sizes is None or not is_meant(found, need):
        return ()

    def change(old: cst.BaseExpression) -> cst.BaseExpression | None:
        return rewritten(old, actual, sizes or ()) if value(old) == wanted else None

    return (found.replace(need.built, with_argument(found.text(need.built), 0, "in_features", change)),)


def _numel(x: Tensor) -> int | None:
    sizes = [n for n in map(number, x.shape) if n is not None]
    return prod(sizes) if len(sizes) == x.rank else None


def _values(x: Tensor) -> int | None:
    """How many values a sample has."""
    sizes = [n for n in map(number, x.shape[1:]) if n is not None]
    return prod(sizes) if len(sizes) == x.rank - 1 else None


def flattened(x: Tensor, features: int) -> list[int] | None:
    """The sizes of the axes that were made into the last one, where a flattening did that; nothing where
    none did; None where one made another number of samples."""
    at: object = x
    for _ in range(12):
        if not isinstance(at, Tensor) or not isinstance(at.made, Made) or not at.known:
            return []
        parent = next((p for p in at.made.parents if isinstance(p, Tensor)), None)
        if parent is None or not parent.known:
            return []
        if at.made.op.rpartition(".")[2] in FLATTENING and parent.rank > at.rank:
            if number(parent.shape[0]) != number(at.shape[0]):
                return None
            sizes: list[int] = []
            for d in reversed(parent.shape):
                n = number(d)
                if n is None or prod(sizes) == features:
                    break
                sizes.insert(0, n)
            return sizes if prod(sizes) == features else []
        if parent.rank != at.rank or number(parent.shape[-1]) != features:
            return []
        at = parent
    return []
