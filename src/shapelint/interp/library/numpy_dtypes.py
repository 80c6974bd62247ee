"""numpy's dtypes: their names, and which one comes of two."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Sym
from shapelint.interp.host.host_calls import ABSENT
from shapelint.interp.library.torch_classes import method as as_method
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, DType, Instance, Unknown
from shapelint.values.torch_types import _BYTES

DTYPES = {
    "float16": "float16",
    "half": "float16",
    "float32": "float32",
    "single": "float32",
    "float64": "float64",
    "double": "float64",
    "float": "float64",
    "float_": "float64",
    "int8": "int8",
    "int16": "int16",
    "int32": "int32",
    "intc": "int32",
    "int64": "int64",
    "int": "int64",
    "int_": "int64",
    "long": "int64",
    "intp": "int64",
    "longlong": "int64",
    "uint8": "uint8",
    "ubyte": "uint8",
    "byte": "int8",
    "short": "int16",
    "uint16": "uint16",
    "uint32": "uint32",
    "uint64": "uint64",
    "uint": "uint64",
    "bool": "bool",
    "bool_": "bool",
    "complex64": "complex64",
    "complex128": "complex128",
    "complex": "complex128",
    "f4": "float32",
    "f8": "float64",
    "i4": "int32",
    "i8": "int64",
    "u1": "uint8",
    "f": "float32",
    "d": "float64",
    "<f4": "float32",
    "<f8": "float64",
    "<i4": "int32",
    "<i8": "int64",
    "f2": "float16",
}


DTYPE = Class("dtype", "numpy.dtype_")  # its instances hold their name as payload


def dtype_value(name: str | None) -> Any:
    """An array's dtype as a value of the program."""
    if name is None:
        return Unknown("an array's dtype", plain=True)
    made = Instance(DTYPE)
    made.payload = name
    made.attrs.update(name=name, itemsize=_BYTES[name], kind=name[0])
    return made


def _same_dtype(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    other = dtype_of(args[1])
    return Unknown("whether dtypes are equal", plain=True) if other is None else other == args[0].payload


DTYPE.attrs["__eq__"] = as_method("__eq__", _same_dtype)


def dtype_of(value: Any) -> str | None:
    """The name of a dtype argument: np.float32, "float32", float, an array's dtype. None when it is not known."""
    if isinstance(value, DType):
        return value.name
    if isinstance(value, Instance) and value.cls is DTYPE:
        return str(value.payload)
    if isinstance(value, str):
        return DTYPES.get(value)
    if isinstance(value, Builtin):
        root, _, last = value.name.rpartition(".")
        return DTYPES.get(last) if root == "numpy" else None
    if isinstance(value, Class) and value.qualname in ("int", "float", "bool", "complex"):
        return DTYPES[value.qualname]
    return None


def chosen(dtype: Any, otherwise: str | None) -> str | None:
    return otherwise if dtype is None or dtype is ABSENT else dtype_of(dtype)


_KINDS = {"bool": 0, "uint": 1, "int": 2, "float": 3, "complex": 4}


def _kind(dtype: str) -> int:
    return _KINDS[dtype.rstrip("0123456789")]


def promote(a: str | None, b: str | None) -> str | None:
    """numpy's common dtype of two arrays. Source: numpy.promote_types."""
    if a == b or a is None or b is None:
        return a if a == b else None
    low, high = sorted((a, b), key=_kind)
    if low == "bool":
        return high
    if _kind(low) == _kind(high):
        return max(a, b, key=lambda d: _BYTES[d])
    if _kind(high) == _KINDS["int"]:  # an unsigned and a signed one
        wide = max(_BYTES[high], 2 * _BYTES[low])
        return f"int{8 * wide}" if wide <= 8 else "float64"
    if _kind(high) == _KINDS["complex"]:
        return "complex128" if _BYTES[low] > 4 or (_kind(low) < 3 and _BYTES[low] > 2) else high
    needed = {1: "float16", 2: "float32"}.get(_BYTES[low], "float64")
    return max(needed, high, key=lambda d: _BYTES[d])


def with_number(dtype: str | None, number: Any) -> str | None:
    """The dtype of an array that meets a Python number, which has a kind but no width."""
    if dtype is None:
        return None
    if isinstance(number, bool):
        return dtype
    if isinstance(number, (int, Sym)):
        return "int64" if dtype == "bool" else dtype
    if isinstance(number, float):
        return "float64" if _kind(dtype) < 3 else dtype
    return None


def floating(dtype: str | None) -> str | None:
    """What a true division, a mean or a sine of this dtype is made of (None where that depends on the width)."""
    if dtype is None or _kind(dtype) >= 3:
        return dtype
    return "float64" if _BYTES[dtype] >= 4 else None
