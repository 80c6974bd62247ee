"""The number of channels that arrives, in place of the literal at the constructor."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from shapelint.fixes.arrivals import is_meant
from shapelint.fixes.base import Found, number
from shapelint.fixes.calls import with_argument
from shapelint.fixes.literals import rewritten, value
from shapelint.report import Edit

SAFE = False


def edits(found: Found) -> Sequence[Edit | None]:
    return arriving(found, {"": (0, "in_channels")})


def arriving(found: Found, parameters: dict[str, tuple[int, str]]) -> Sequence[Edit | None]:
    """The size that arrives, written where the constructor states the other; `parameters` tells which argument that is,
    by the beginning of the layer's name."""
    need = found.need
    actual, wanted = (number(need.actual), number(need.wanted)) if need is not None else (None, None)
    if need is None or actual is None or wanted is None or need.built is None or not is_meant(found, need):
        return ()
    layer = need.op.rpartition(".")[2]
    place = next((p for start, p in parameters.items() if layer.startswith(start)), None)
    if place is None:
        return ()

    def change(old: cst.BaseExpression) -> cst.BaseExpression | None:
        return rewritten(old, actual) if value(old) == wanted else None

    return (found.replace(need.built, with_argument(found.text(need.built), *place, change)),)
