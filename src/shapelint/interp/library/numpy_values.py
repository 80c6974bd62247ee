"""Arrays out of values, and sizes out of arguments: what numpy's functions are given."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.interp import iterate
from shapelint.interp.library.numpy_dtypes import promote
from shapelint.interp.tensors.arrays import array, is_array
from shapelint.interp.world import World
from shapelint.values import Instance, List, Shape, Tensor, Undetermined, Unknown, nesting


def tensor_of(value: Any) -> Tensor:
    """The shape and dtype of an array, or of a tensor that is used as one. Undetermined for anything else."""
    found = value.payload if is_array(value) else value
    if isinstance(found, Unknown):
        raise Undetermined(found.why, found)
    if not isinstance(found, Tensor) or not found.known:
        raise Undetermined("an array that is not known")
    return found


def from_values(value: Any) -> Instance:
    """np.array of nested lists and tuples of numbers and arrays."""
    if nesting.endless(value):
        raise Undetermined("an array of what holds itself, or more than can be followed")
    shape, dtype = _contents(value)
    if type(value) in (int, float):
        return array(shape, dtype, (value,))
    items = list(value) if isinstance(value, tuple) else value.items if isinstance(value, List) else ()
    items = [_plain(item) for item in items]
    plain = (
        dtype in ("int64", "float64") and len(shape) == 1 and all(isinstance(i, (int, float)) for i in items)
    )
    convert = float if dtype == "float64" else int
    return array(
        shape, dtype, tuple(map(convert, items)) if plain and items and len(items) <= 1_024 else None
    )


def _plain(item: Any) -> Any:
    """The number in an array without axes, where it is known; everything else is what it is."""
    held = item.payload if is_array(item) else None
    return held.data[0] if isinstance(held, Tensor) and held.data and held.shape == () else item


def _contents(value: Any) -> tuple[Shape, str | None]:
    if is_array(value) or isinstance(value, Tensor):
        held = tensor_of(value)
        return held.shape, held.dtype
    if isinstance(value, bool):
        return (), "bool"
    if isinstance(value, (int, Sym)):
        return (), "int64"
    if isinstance(value, float):
        return (), "float64"
    if isinstance(value, complex):
        return (), "complex128"
    if isinstance(value, range):
        return (iterate.range_length(value),), "int64"
    items = list(value) if isinstance(value, tuple) else value.items if isinstance(value, List) else None
    if items is None or (isinstance(value, List) and value.open is not None):
        raise Undetermined("what an array is made of")
    if not items:
        return (0,), "float64"
    if all(isinstance(i, (int, float)) for i in items):
        return (len(items),), _numbers(items)
    inner = [_contents(i) for i in items]
    first = inner[0][0]
    dtype: str | None = inner[0][1]
    for shape, other in inner[1:]:
        if len(shape) != len(first) or not all(
            dims.equal(a, b).yes for a, b in zip(first, shape, strict=True)
        ):
            raise Undetermined("an array of parts that differ")
        dtype = promote(dtype, other)
    return (len(items), *first), dtype


def _numbers(items: list[Any]) -> str:
    if any(isinstance(i, float) for i in items):
        return "float64"
    return "bool" if all(isinstance(i, bool) for i in items) else "int64"


def sizes(world: World, value: Any) -> Shape:
    """A shape argument: one size or several. What is not known may be either, unless it was used as a number before."""
    if isinstance(value, (tuple, List)):
        return tuple(one_size(v) for v in iterate.known_items(world, value))
    if isinstance(value, Unknown) and value.symbol is None:
        raise Undetermined(value.why, value)
    return (one_size(value),)


def one_size(value: Any) -> Dim:
    """An argument that is one size."""
    if isinstance(value, (int, Sym)):
        return value
    if isinstance(value, Unknown):
        return value.as_size()
    raise Undetermined("a size that is not known")
