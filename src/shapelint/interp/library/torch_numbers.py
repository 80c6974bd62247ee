"""torch.finfo, torch.iinfo, torch's constants, and the tuples that torch.nn.modules.utils makes of sizes."""

from __future__ import annotations

import math
from typing import Any

from shapelint.dims import Sym
from shapelint.interp import iterate, subscripts
from shapelint.interp.control import library_refuses
from shapelint.interp.host.host_calls import Host, takes
from shapelint.interp.library import constant, function
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, DType, External, Instance, Undetermined, Unknown
from shapelint.values.torch_types import itemsize

for _name, _value in {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan, "newaxis": None}.items():
    constant(f"torch.{_name}", _value)
for _name in (
    "strided",
    "sparse_coo",
    "contiguous_format",
    "channels_last",
    "channels_last_3d",
    "preserve_format",
):
    constant(f"torch.{_name}", External(f"torch.{_name}"))

FINFO = Class("finfo", "torch.finfo")
IINFO = Class("iinfo", "torch.iinfo")
# eps, largest, smallest normal, resolution. Source: torch.finfo
_FLOATS = {
    "float16": (0.0009765625, 65504.0, 6.103515625e-05, 0.001),
    "bfloat16": (0.0078125, 3.3895313892515355e38, 1.1754943508222875e-38, 0.01),
    "float32": (1.1920928955078125e-07, 3.4028234663852886e38, 1.1754943508222875e-38, 1e-06),
    "float64": (2.220446049250313e-16, 1.7976931348623157e308, 2.2250738585072014e-308, 1e-15),
}
_FIELDS = ("bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution", "dtype")


@function("torch.finfo")
@takes("type=None", plain=True)
def finfo(world: World, type: Any) -> Any:
    """The limits of a float dtype, the default one unless told."""
    name = type.name if isinstance(type, DType) else world.default_dtype if type is None else None
    made = Instance(FINFO)
    known = _FLOATS.get(name) if isinstance(name, str) else None
    if known is None:
        if isinstance(name, str) and name in _INTEGERS:
            raise library_refuses(
                "TypeError", f"torch.finfo() requires a floating point input type, not torch.{name}"
            )
        made.attrs.update((field, Unknown("the limits of a dtype", plain=True)) for field in _FIELDS)
        return made
    eps, largest, tiny, resolution = known
    values = (8 * itemsize(str(name)), eps, largest, -largest, tiny, tiny, resolution, name)
    made.attrs.update(zip(_FIELDS, values, strict=True))
    return made


_INTEGERS = ("uint8", "int8", "int16", "int32", "int64")


@function("torch.iinfo")
@takes("type", plain=True)
def iinfo(world: World, type: Any) -> Any:
    """The limits of an integer dtype."""
    name = type.name if isinstance(type, DType) else None
    made = Instance(IINFO)
    if name not in _INTEGERS:
        made.attrs.update(
            (field, Unknown("the limits of a dtype", plain=True)) for field in ("bits", "max", "min", "dtype")
        )
        return made
    bits = 8 * itemsize(name)
    signed = not name.startswith("u")
    most = 2 ** (bits - signed) - 1
    made.attrs.update(bits=bits, max=most, min=-most - 1 if signed else 0, dtype=name)
    return made


# ---- sizes for one, two, three axes


def _tupled(count: int) -> Host:
    """A number becomes as many of it; what can be walked becomes a tuple."""

    def law(world: World, x: Any) -> Any:
        if isinstance(x, (int, float, Sym, type(None))):
            return (x,) * count
        return tuple(iterate.known_items(world, x))

    return takes("x")(law)


@function("torch.nn.modules.utils._ntuple")
@takes("n, name='parse'")
def ntuple(world: World, n: Any, name: Any) -> Any:
    if not isinstance(n, int):
        raise Undetermined("how many sizes there are")
    return Builtin("parse", _tupled(n))


for _name, _count in {"_single": 1, "_pair": 2, "_triple": 3, "_quadruple": 4}.items():
    function(f"torch.nn.modules.utils.{_name}")(_tupled(_count))


@function("torch.nn.modules.utils._reverse_repeat_tuple")
@takes("t, n")
def reverse_repeat(world: World, t: Any, n: Any) -> Any:
    """Each item n times, backwards."""
    count = subscripts.index(n)
    return tuple(item for item in reversed(iterate.known_items(world, t)) for _ in range(count))
