"""What a model was called with, as plain data: enough to make such a call again.

{"tensor": [2, 3, "H", "W"], "dtype": "float32"} with "data" where the contents are known, {"value": 0.5}, {"size": "2*H"},
{"list": […]}, {"tuple": […]}, {"dict": {…}}, {"unknown": why}.
"""

from __future__ import annotations

from typing import Any

from shapelint.dims import Sym
from shapelint.interp.module_calls import CallRecord
from shapelint.interp.world import World
from shapelint.summary.numbers import number, printed
from shapelint.values import List, Tensor, Unknown
from shapelint.values.containers import Dict

_MAX_DATA = 64  # values of one tensor whose contents are handed on


def call(world: World, record: CallRecord) -> dict[str, Any]:
    """{"args": […], "kwargs": {…}} of a call."""
    return {
        "args": [value(world, a) for a in record.inputs],
        "kwargs": {name: value(world, v) for name, v in record.keywords.items()},
    }


def value(world: World, given: Any) -> dict[str, Any]:
    """One value of a call."""
    if isinstance(given, Unknown) and given.tensor is not None:
        given = given.tensor
    if isinstance(given, Tensor):
        return _tensor(world, given)
    if given is None or isinstance(given, (bool, int, float, str)):
        return {"value": given}
    if isinstance(given, Sym):
        known = number(world, given)
        return {"size": str(world.resolve(given))} if known is None else {"value": known}
    if isinstance(given, List) and given.open is None:
        return {"list": [value(world, part) for part in given.items]}
    if isinstance(given, tuple):
        return {"tuple": [value(world, part) for part in given]}
    if isinstance(given, Dict) and given.open is None and all(isinstance(k, str) for k in given.items):
        return {"dict": {key: value(world, part) for key, part in given.items.items()}}
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
