"""Methods of torch.nn.utils.rnn.PackedSequence: the data goes to another dtype or device, the rest stays as it is."""

from __future__ import annotations

from typing import Any

from shapelint.specs.need import Need
from shapelint.specs.ops import convert
from shapelint.specs.packed import METHODS, with_data
from shapelint.specs.registry import op
from shapelint.values import Record


@op(METHODS + "to", "self, *args, **keywords")
def to(need: Need, self: Record, args: tuple[Any, ...], keywords: dict[str, Any]) -> Record:
    """to(dtype), to(device, dtype), to(other)"""
    return with_data(self, convert.to(need, self[0], args, keywords))


@op(METHODS + "cpu, " + METHODS + "cuda, " + METHODS + "pin_memory", "self, *args, **keywords")
def move(need: Need, self: Record, args: tuple[Any, ...], keywords: dict[str, Any]) -> Record:
    """Another device."""
    return with_data(self, self[0].like())


def _cast(name: str, dtype: str) -> None:
    @op(METHODS + name, "self")
    def cast(need: Need, self: Record) -> Record:
        return with_data(self, convert.converted(self[0], dtype))


for _name, _dtype in {
    "double": "float64",
    "float": "float32",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "char": "int8",
    "byte": "uint8",
}.items():
    _cast(_name, _dtype)
