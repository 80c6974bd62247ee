"""`keepdim=True` in the reduction."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, callee, with_keyword
from shapelint.report import Edit
from shapelint.values import Made, Tensor

SAFE = False

_KEEP = ("sum", "mean", "prod", "norm", "std", "var", "amax", "amin", "logsumexp")


def edits(found: Found) -> Sequence[Edit | None]:
    made = [_reduction(f.arguments.get("other")) for f in found.here if isinstance(f, facts.Called)]
    places = list(dict.fromkeys(m.site for m in made if m is not None))
    if len(places) != 1:
        return ()
    text = found.text(places[0])
    node = call(text)
    if node is None or callee(node) not in _KEEP:
        return ()
    return (found.replace(places[0], with_keyword(text, "keepdim", "True")),)


def _reduction(value: object) -> Made | None:
    for _ in range(4):
        if not isinstance(value, Tensor) or not isinstance(value.made, Made):
            return None
        if value.made.op.rpartition(".")[2] in _KEEP:
            return value.made
        value = next((p for p in value.made.parents if isinstance(p, Tensor)), None)
    return None
