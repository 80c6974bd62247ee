"""numpy.ceil, floor, trunc and rint. A quotient of sizes that is rounded is a size again, which int() gives back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from shapelint.interp.arithmetic import Quotient
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.library.numpy_shapes import given
from shapelint.interp.tensors.arrays import array
from shapelint.interp.world import World
from shapelint.values import Instance, Undetermined

_LAWS: dict[str, Callable[[float], int]] = {
    "ceil": math.ceil, "floor": math.floor, "trunc": math.trunc, "rint": round,
}  # fmt: skip
_EXACT = 2.0**53  # no double beyond it has a fraction


def _supply(name: str, law: Callable[[float], int]) -> None:
    @function(f"numpy.{name}")
    @takes("x, /, **keywords", plain=True)
    def rounded(world: World, x: Any, keywords: dict[str, Any]) -> Instance:
        if keywords:
            raise Undetermined(f"numpy.{name} with {', '.join(keywords)}")
        if isinstance(x, Quotient) and name in ("ceil", "floor"):
            return array((), "float64", (x.rounded(world, up=name == "ceil"),))
        held = given(x)
        if held.dtype == "float64" and held.data is not None:
            known = [n for n in held.data if isinstance(n, float) and abs(n) < _EXACT]
            data = tuple(float(law(n)) for n in known)
            return array(held.shape, "float64", data if len(data) == len(held.data) else None)
        # Integers stay what they are since numpy 2.1, and became doubles before.
        kept = held.dtype is not None and held.dtype.startswith(("float", "complex"))
        return array(held.shape, held.dtype if kept else None, held.data if not kept else None)


for _name, _law in _LAWS.items():
    _supply(_name, _law)
