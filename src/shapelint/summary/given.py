"""What a model was called with, as plain data: enough to make such a call again.

{"tensor": [2, 3, "H", "W"], "dtype": "float32"} with "data" where the contents are known, {"value": 0.5}, {"size": "2*H"},
{"list": […]}, {"tuple": […]}, {"dict": {…}}, {"unknown": why}.
"""

from __future__ import annotations

from typing import Any

from shapelint.dims import Sym
from shapelint.interp.nets.module_calls import CallRecord
from shapelint.interp.world import World
from shapelint.summary.numbers import number, printed
from shapelint.values import List, Tensor, Unknown
from shapelint.values.containers import Dict

_MAX_DATA = 64  # values of one tensor whose contents are handed on
_MAX_DEPTH = 64  # containers within containers
_MAX_VALUES = 10_000


def call(world: World, record: CallRecord) -> dict[str, Any]:
    """{"args": […], "kwargs": {…}} of a call."""
    reader = _Reader(world)
    return {
        "args": [reader.value(a) for a in record.inputs],
        "kwargs": {name: reader.value(v) for name, v in record.keywords.items()},
    }


class _Reader:
    """Reads the values of one call: so many, and so deep, since a list may hold itself, or another many times over."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._left = _MAX_VALUES

    def value(self, given: Any, deep: int = 0) -> dict[str, Any]:
        """One value of the call, `deep` within others."""
        self._left -= 1
        if deep > _MAX_DEPTH or self._left < 0:
            return {"unknown": "a value that holds itself, or more than can be told"}
        if isinstance(given, Unknown) and given.tensor is not None:
            given = given.tensor
        if isinstance(given, Tensor):
            return _tensor(self._world, given)
        if given is None or isinstance(given, (bool, int, float, str)):
            return {"value": given}
        if isinstance(given, Sym):
            known = number(self._world, given)
            return {"size": str(self._world.resolve(given))} if known is None else {"value": known}
        if isinstance(given, List) and given.open is None:
            return {"list": [self.value(part, deep + 1) for part in given.items]}
        if isinstance(given, tuple):
            return {"tuple": [self.value(part, deep + 1) for part in given]}
        if isinstance(given, Dict) and given.open is None and all(isinstance(k, str) for k in given.items):
            return {"dict": {key: self.value(part, deep + 1) for key, part in given.items.items()}}
        return {"unknown": given.why if isinstance(given, Unknown) else f"a {type(given).__name__.lower()}"}


def _tensor(world: World, tensor: Tensor) -> dict[str, Any]:
    shape = printed(world, tensor)
    if shape is None:
        return {"unknown": "a tensor whose number of axes is not known"}
    row: dict[str, Any] = {"tensor": list(shape), "dtype": tensor.dtype or "float32"}
    data = tensor.data
    if data is not None and len(data) <= _MAX_DATA and all(isinstance(n, (bool, int, float)) for n in data):
        row["data"] = list(data)
    return row
