"""Storages that are counted while they live, and tensors as views of them: a shape, strides, an element's size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

KINDS = ("parameters", "buffers", "inputs", "gradients", "optimizer", "activations")


class Meter:
    """Bytes that live, by kind; the most there were, and what they were then."""

    __slots__ = ("at_peak", "live", "peak", "total")

    def __init__(self) -> None:
        self.live = dict.fromkeys(KINDS, 0)
        self.total = 0
        self.peak = 0
        self.at_peak = dict(self.live)

    def add(self, kind: str, size: int) -> None:
        self.live[kind] += size
        self.total += size
        if self.total > self.peak:
            self.peak = self.total
            self.at_peak = dict(self.live)

    def remove(self, kind: str, size: int) -> None:
        self.live[kind] -= size
        self.total -= size

    def restart(self) -> None:
        """Forget the peak so far."""
        self.peak = self.total
        self.at_peak = dict(self.live)


class Storage:
    """Bytes that are counted from here until nothing refers to them any more."""

    __slots__ = ("kind", "meter", "size")

    def __init__(self, meter: Meter, size: int, kind: str = "activations") -> None:
        self.meter = meter
        self.size = size
        self.kind = kind
        meter.add(kind, size)

    def __del__(self) -> None:
        self.meter.remove(self.kind, self.size)

    def become(self, kind: str) -> None:
        self.meter.live[self.kind] -= self.size
        self.meter.live[kind] += self.size
        self.kind = kind


class Array:
    """A tensor. `node` is the graph node that made it and `place` its number among the node's results; `leaf` is set for one
    whose gradient is kept."""

    __slots__ = ("item", "leaf", "node", "place", "shape", "storage", "strides")

    def __init__(self, storage: Storage, shape: tuple[int, ...], strides: tuple[int, ...], item: int) -> None:
        self.storage = storage
        self.shape = shape
        self.strides = strides
        self.item = item
        self.node: Any = None
        self.place = 0
        self.leaf: Any = None

    @property
    def needs(self) -> bool:
        """Whether a gradient is wanted of it."""
        return self.node is not None or self.leaf is not None

    @property
    def numel(self) -> int:
        return product(self.shape)

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def dense(self) -> bool:
        """Whether it is contiguous, in row-major order."""
        wanted = 1
        for size, stride in zip(reversed(self.shape), reversed(self.strides), strict=True):
            if size != 1:
                if stride != wanted:
                    return False
                wanted *= size
        return True

    @property
    def packed(self) -> bool:
        """Whether its elements fill one piece of memory, in whatever order of the axes."""
        wanted = 1
        for stride, size in sorted((s, n) for s, n in zip(self.strides, self.shape, strict=True) if n != 1):
            if stride != wanted:
                return False
            wanted *= size
        return True

    def view(self, shape: Sequence[int], strides: Sequence[int] | None = None) -> Array:
        """The same storage, seen otherwise; without a place in the graph."""
        sizes = tuple(shape)
        return Array(self.storage, sizes, rows(sizes) if strides is None else tuple(strides), self.item)


def product(sizes: Sequence[int]) -> int:
    made = 1
    for size in sizes:
        made *= size
    return made


def rows(shape: Sequence[int]) -> tuple[int, ...]:
    """The strides of a contiguous tensor."""
    strides: list[int] = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


def ordered(array: Array) -> tuple[int, ...]:
    """The strides of a fresh tensor whose axes lie in memory in the same order, without gaps."""
    if array.packed:
        return array.strides
    if any(stride == 0 and size > 1 for size, stride in zip(array.shape, array.strides, strict=True)):
        return rows(array.shape)
    strides = [1] * array.rank
    step = 1
    for axis in sorted(range(array.rank), key=lambda i: (array.strides[i], -i)):
        strides[axis] = step
        step *= array.shape[axis]
    return tuple(strides)


def viewed(array: Array, shape: Sequence[int]) -> tuple[int, ...] | None:
    """The strides with which a tensor can be seen in another shape without a copy; None where that cannot be.

    Adjacent axes that lie one behind the other in memory form a block; the new axes must divide each block among them."""
    if not array.numel:
        return rows(shape)
    blocks: list[tuple[int, int]] = []  # (elements, the last axis's stride), innermost first
    for size, stride in zip(reversed(array.shape), reversed(array.strides), strict=True):
        if size == 1:
            continue
        if blocks and stride == blocks[-1][0] * blocks[-1][1]:
            blocks[-1] = (blocks[-1][0] * size, blocks[-1][1])
        else:
            blocks.append((size, stride))
    strides: list[int] = []
    blocks.reverse()
    left, stride = blocks.pop() if blocks else (1, 1)
    for size in reversed(tuple(shape)):
        if size == 1:
            strides.append(stride)
            continue
        if left == 1 and blocks:
            left, stride = blocks.pop()
        if left % size:
            return None
        strides.append(stride)
        left //= size
        stride *= size
    return tuple(reversed(strides))
