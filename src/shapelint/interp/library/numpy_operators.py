"""numpy's operators under their names: `numpy.power(a, b)` is `a ** b`."""

from __future__ import annotations

from typing import Any

from shapelint.interp import operators
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.tensors import arrays
from shapelint.interp.world import World
from shapelint.values import Undetermined

_NAMES = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "floor_divide": "//", "mod": "%",
    "remainder": "%", "power": "**",
}  # fmt: skip


_LIMIT = 2**63  # of numpy's integers, which begin anew behind it


def _supply(name: str, op: str) -> None:
    @function(f"numpy.{name}")
    @takes("x1, x2, **keywords", plain=True)
    def law(world: World, x1: Any, x2: Any, keywords: dict[str, Any]) -> Any:
        if keywords:
            raise Undetermined(f"numpy.{name} with {', '.join(keywords)}")
        both = (x1, x2)
        if not all(arrays.is_array(x) or isinstance(x, (int, float)) for x in both):
            raise Undetermined(f"numpy.{name} of what is no array or number")
        if any(map(arrays.is_array, both)):
            return operators.binary(world, op, x1, x2)
        odd = x2 < 0 if op == "**" else x2 == 0 and op not in "+-*"
        result = None if odd else operators.binary(world, op, x1, x2)
        if result is None or (isinstance(result, int) and not -_LIMIT <= result < _LIMIT):
            raise Undetermined(f"numpy.{name} follows other rules than Python for these numbers")
        return result


for _name, _op in _NAMES.items():
    _supply(_name, _op)
