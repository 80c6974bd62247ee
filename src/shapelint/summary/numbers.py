"""From dims to numbers a report may print: an int that is known for the input at hand, or a formula, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


_DEEPEST = 64  # containers within containers, and
_MOST = 100_000  # values: what holds itself, or the same many times over, has no end


def tensors(value: Any) -> list[Tensor]:
    """Every tensor of a nested value, in order. Raises NotKnown where something in it is not known, or it has no end."""
    found: list[Tensor] = []
    read = 0
    stack: list[Iterator[Any]] = [iter((value,))]
    while stack:
        part = next(stack[-1], stack)
        if part is stack:
            stack.pop()
            continue
        read += 1
        if len(stack) > _DEEPEST or read > _MOST:
            raise NotKnown(None, "it holds itself, or more than can be told")
        if isinstance(part, Tensor):
            found.append(part)
        elif isinstance(part, Instance) and part.payload is None:
            # an object of the program's own: what it holds itself, not what that holds in turn
            found += [held for held in part.attrs.values() if isinstance(held, Tensor)]
        elif isinstance(part, Unknown):
            if part.tensor is None:
                raise NotKnown(part, part.why)
            found.append(part.tensor)
        elif not isinstance(part, (int, float, str, bool, type(None), Sym, DType)):
            stack.append(iter(_parts(part)))
    return found


def _parts(value: Any) -> Iterable[Any]:
    """What a container holds. Raises NotKnown where that is not known, and for other values."""
    if isinstance(value, Instance) and value.payload is not None:
        return (value.payload,)
    if isinstance(value, tuple):
        return value
    if isinstance(value, (List, Dict)):
        if value.open is not None:
            raise NotKnown(value.open, value.open.why)
        return value.items.values() if isinstance(value, Dict) else value.items
    raise NotKnown(None, "the output is a value that is not modelled")
