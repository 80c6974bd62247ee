"""From dims to numbers a report may print: an int that is known for the input at hand, or a formula, or nothing."""

from __future__ import annotations

from typing import Any

from shapelint import dims
from shapelint.dims import Dim, Sym
from shapelint.interp.world import World
from shapelint.report import Shape, TensorType
from shapelint.values import DType, Instance, List, Tensor, Unknown
from shapelint.values.containers import Dict


def number(world: World, value: Dim) -> int | None:
    """The number of a size, by witness when it has one; None when it is not known."""
    return dims.witness(world.resolve(value))


def formula(world: World, value: Dim) -> str | None:
    """The text of a size that is not a number."""
    resolved = world.resolve(value)
    if not isinstance(resolved, Sym) or dims.witness(resolved) is not None or _nameless(resolved):
        return None
    return str(dims.at_witnesses(resolved))


def nameless(world: World, tensor: Tensor) -> bool:
    """Whether a size of the shape depends on something that has no name to print."""
    return any(_nameless(world.resolve(size)) for size in tensor.shape)


def _nameless(size: Dim) -> bool:
    if isinstance(size, int) or dims.witness(size) is not None:
        return False
    return any(symbol.name == "?" for symbol in size.symbols)


def printed(world: World, tensor: Tensor) -> Shape | None:
    """A shape as reports print it: witnesses, and the names of what has none."""
    if not tensor.known:
        return None
    sizes: list[int | str] = []
    for size in tensor.shape:
        known = number(world, size)
        sizes.append(str(dims.at_witnesses(world.resolve(size))) if known is None else known)
    return tuple(sizes)


def tensor_type(world: World, tensor: Tensor) -> TensorType:
    return TensorType(printed(world, tensor), tensor.dtype)


class NotKnown(Exception):
    """An output holds something that is not known."""

    def __init__(self, cause: Unknown | None, why: str) -> None:
        super().__init__(why)
        self.cause = cause
        self.why = why


def tensors(value: Any) -> list[Tensor]:
    """Every tensor of a nested value, in order. Raises NotKnown where something in it is not known."""
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Unknown):
        if value.tensor is not None:
            return [value.tensor]
        raise NotKnown(value, value.why)
    if isinstance(value, tuple):
        return [t for part in value for t in tensors(part)]
    if isinstance(value, List):
        if value.open is not None:
            raise NotKnown(value.open, value.open.why)
        return [t for part in value.items for t in tensors(part)]
    if isinstance(value, Dict):
        if value.open is not None:
            raise NotKnown(value.open, value.open.why)
        return [t for part in value.items.values() for t in tensors(part)]
    if isinstance(value, Instance) and value.payload is not None:
        return tensors(value.payload)
    if isinstance(
        value, Instance
    ):  # an object of the program's own: what it holds itself, not what that holds in turn
        return [held for held in value.attrs.values() if isinstance(held, Tensor)]
    if isinstance(value, (int, float, str, bool, type(None), Sym, DType)):
        return []
    raise NotKnown(None, "the output is a value that is not modelled")
