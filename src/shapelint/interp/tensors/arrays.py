"""numpy arrays as values: an Instance whose payload is a Tensor that lends shape and dtype; and how torch takes them."""

from __future__ import annotations

from typing import Any

from shapelint.values import ArrayItem, Class, Instance, List, Shape, Tensor

ARRAY = Class("ndarray", "numpy.ndarray")
ARRAY.kind = "array"


def array(shape: Shape, dtype: str | None, data: tuple[object, ...] | None = None) -> Instance:
    if not ARRAY.attrs:
        from shapelint.interp import library

        library.bring("numpy.ndarray")  # what arrays can do is written there
    made = Instance(ARRAY)
    made.payload = Tensor(shape, dtype, data=data)
    return made


def is_array(value: Any) -> bool:
    return value.__class__ is Instance and value.cls is ARRAY


def may_be_number(value: Any) -> bool:
    """Whether an array without axes is asked for what it is: an item or a mean of an array is a number of numpy's, no array."""
    if not is_array(value):
        return False
    held = value.payload
    return not held.known or held.rank == 0


def lent(value: Any) -> Any:
    """What a torch function is given for an array, or for a list of arrays: a new tensor of its shape and dtype."""
    if value.__class__ is Tensor:
        return value
    if is_array(value):
        held = value.payload
        made: Tensor = held.like()
        made.data = held.data
        return made
    if value.__class__ is List and value.items and is_array(value.items[0]):
        return List([_item(v.payload) if is_array(v) else v for v in value.items], value.open)
    return value


def _item(held: Tensor) -> ArrayItem:
    made = ArrayItem(held.box, held.dtype, data=held.data)
    made.after_failure = held.after_failure
    return made
