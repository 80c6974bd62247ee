"""`batch_first=True` where the layer is built; for a TransformerEncoder, where the layer it repeats is built."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint import facts
from shapelint.fixes.base import Found
from shapelint.fixes.calls import call, callee, with_keyword
from shapelint.report import Edit
from shapelint.rules.modes import tree
from shapelint.values import Module, Site

SAFE = False

_TAKE_IT = {
    "RNN",
    "LSTM",
    "GRU",
    "MultiheadAttention",
    "TransformerEncoderLayer",
    "TransformerDecoderLayer",
    "Transformer",
}


def edits(found: Found) -> Sequence[Edit | None]:
    layers = [f.layer for f in found.here if isinstance(f, facts.Called) and isinstance(f.layer, Module)]
    places = list(dict.fromkeys(p for layer in layers for p in _built(layer)))
    made = [
        found.replace(p, with_keyword(found.text(p), "batch_first", "True"))
        for p in places
        if _takes(found, p)
    ]
    return made if len(made) == len(places) else ()


def _built(layer: Module) -> list[Site]:
    """Where the layers that know the option were built."""
    places = (inner.built_at for inner in tree(layer) if inner.cls.name in _TAKE_IT)
    return list(dict.fromkeys(place for place in places if place is not None))


def _takes(found: Found, place: Site) -> bool:
    node = call(found.text(place))
    return node is not None and callee(node) in _TAKE_IT
