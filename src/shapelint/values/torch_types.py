"""torch's small value types: dtype, device, Size."""

from __future__ import annotations

from typing import Any

from shapelint.records import dataclass
from shapelint.values.unknown import Unknown

_BYTES = {
    "bool": 1, "uint8": 1, "int8": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "int64": 8, "uint64": 8,
    "float8_e4m3fn": 1, "float8_e5m2": 1, "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8,
    "complex32": 4, "complex64": 8, "complex128": 16,
}  # fmt: skip
ALIASES = {
    "float": "float32", "double": "float64", "half": "float16", "long": "int64", "int": "int32", "short": "int16",
    "cfloat": "complex64", "cdouble": "complex128", "chalf": "complex32",
}  # fmt: skip
_FLOATS = ("float8_e4m3fn", "float8_e5m2", "float16", "bfloat16", "float32", "float64")


@dataclass(frozen=True, slots=True)
class DType:
    """`torch.float32` and so on; `name` is the canonical one ("float32", never "float")."""

    name: str

    def __repr__(self) -> str:
        return f"torch.{self.name}"


@dataclass(frozen=True, slots=True)
class Device:
    """`torch.device`; `type` is an Unknown where only that it is a device is known."""

    type: Any
    index: int | None = None


# The one device that everything lies on before a program names another: the CPU, or the meta device.
HERE = Device(Unknown("the device that tensors lie on is the CPU or the meta device", plain=True))


class Size(tuple[Any, ...]):
    """`torch.Size`: a tuple of dims."""

    __slots__ = ()


def itemsize(dtype: str) -> int:
    """Bytes of one element. KeyError for an unknown name."""
    return _BYTES[dtype]


def is_float(dtype: str | None) -> bool:
    return dtype in _FLOATS


def is_complex(dtype: str | None) -> bool:
    return dtype is not None and dtype.startswith("complex")


def is_integral(dtype: str | None) -> bool:
    """Integer types, bool excluded."""
    return dtype is not None and dtype != "bool" and not is_float(dtype) and not is_complex(dtype)


def promote(a: str | None, b: str | None) -> str | None:
    """The common dtype of two tensors of equal category rank; None when either is unknown.

    Source: torch.promote_types, https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc
    """
    if a == b:
        return a
    if a is None or b is None:
        return None
    if is_complex(a) or is_complex(b):
        parts = [_COMPLEX_OF.get(d, d) for d in (a, b)]
        return max(parts, key=lambda d: _BYTES[d] if is_complex(d) else 0)
    fa, fb = is_float(a), is_float(b)
    if fa or fb:
        if not fb:
            return a
        if not fa:
            return b
        if a.startswith("float8") or b.startswith("float8"):
            return None
        if {a, b} == {"float16", "bfloat16"}:
            return "float32"
        return max(a, b, key=lambda d: _BYTES[d])
    if "bool" in (a, b):
        return b if a == "bool" else a
    signed = [d for d in (a, b) if d.startswith("int")]
    unsigned = [d for d in (a, b) if d.startswith("uint")]
    if len(signed) == 2 or (len(unsigned) == 2):
        return max(a, b, key=lambda d: _BYTES[d]) if len(signed) == 2 else None
    if unsigned[0] != "uint8":
        return None
    return "int16" if signed[0] == "int8" else signed[0]


_COMPLEX_OF = {
    "float16": "complex32",
    "bfloat16": "complex64",
    "float32": "complex64",
    "float64": "complex128",
}


def complex_of(dtype: str) -> str:
    """The complex dtype whose parts are of this float dtype."""
    return _COMPLEX_OF.get(dtype, "complex64")


class Record(tuple[Any, ...]):
    """A tuple whose items have names too, as `torch.return_types.max` and user NamedTuples."""

    fields: tuple[str, ...]
    type_name: str

    def __new__(cls, items: tuple[Any, ...], fields: tuple[str, ...], type_name: str = "") -> Record:
        made = super().__new__(cls, items)
        made.fields = fields
        made.type_name = type_name
        return made


NUMBERS = ("float", "int", "bool", "complex")

# What tensors have, and no number has, neither Python's nor numpy's.
NOT_OF_NUMBERS = frozenset(
    "backward detach cpu cuda to numpy requires_grad requires_grad_ grad unsqueeze permute".split()
)
