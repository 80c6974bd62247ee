"""Which axis the samples of a batch lie along: what can be said of it for sure."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Sym
from shapelint.values import Module

_SEQUENCE_FIRST = frozenset(
    "RNN LSTM GRU MultiheadAttention Transformer TransformerEncoder TransformerDecoder TransformerEncoderLayer "
    "TransformerDecoderLayer".split()
)


def is_batch(size: object) -> bool:
    """Whether a size is the first axis of a model's input."""
    return isinstance(size, Sym) and size.as_symbol is not None and size.as_symbol.name == "B"


def time_major(call: Any) -> bool:
    """Whether a model holds a layer that takes axis 0 for time: its first axis may then be time all through."""
    return call is not None and _holds_sequence_first(call.module, 0)


def _holds_sequence_first(module: Module, depth: int) -> bool:
    if module.cls.name in _SEQUENCE_FIRST and module.attrs.get("batch_first") is not True:
        return True
    return depth < 12 and any(
        _holds_sequence_first(child, depth + 1)
        for child in module.attrs.values()
        if isinstance(child, Module)
    )
