"""The autograd graph and its engine: nodes that save storages, and a backward that runs them as torch does.

Of the nodes that are ready, the one that was made last runs first. Its gradients are dropped when it is through, then what it
saved; what it gives is handed on, and summed where a tensor was used more than once.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from typing import Any

from shapelint.memory.storage import Array, Meter, Storage, ordered, rows

Gradients = Sequence["Array | None"]
Backward = Callable[[list["Array | None"]], Gradients]


class Leaf:
    """A parameter: where its gradient is kept."""

    __slots__ = ("array", "gradient")

    def __init__(self, array: Array) -> None:
        self.array = array
        self.gradient: Array | None = None
        array.leaf = self


class Node:
    """`edges` are, for each input that a gradient may go to, (a node and the number of its result) or a leaf or None."""

    __slots__ = ("backward", "edges", "order", "results", "saved")

    def __init__(
        self, order: int, edges: list[Any], saved: list[Storage], backward: Backward, results: int
    ) -> None:
        self.order = order
        self.edges = edges
        self.saved = saved
        self.backward: Backward | None = backward
        self.results = results


class Graph:
    """What records nodes, and runs them. `sums_in_place`: eager torch adds a second gradient into the first where nothing else
    holds it; under a dispatch mode, as torch's own memory tracker is, it makes a new one."""

    def __init__(self, meter: Meter, sums_in_place: bool = True, device: str = "cpu") -> None:
        self.meter = meter
        self.sums_in_place = sums_in_place
        self.device = device
        self.recording = True
        self._order = 0

    # ---- making tensors

    def new(
        self, shape: Sequence[int], item: int, kind: str = "activations", like: Array | None = None
    ) -> Array:
        """A fresh tensor; `like` gives the order of its axes where it fills one piece of memory (as empty_like does)."""
        sizes = tuple(shape)
        count = 1
        for size in sizes:
            count *= size
        strides = ordered(like) if like is not None and like.shape == sizes else rows(sizes)
        return Array(Storage(self.meter, count * item, kind), sizes, strides, item)

    def like(self, array: Array, item: int | None = None) -> Array:
        return self.new(array.shape, array.item if item is None else item, like=array)

    def node(
        self,
        inputs: Sequence[Array | None],
        saved: Sequence[Array | Storage | None],
        results: Sequence[Array],
        backward: Backward,
    ) -> None:
        """Make `results` the results of a node, if gradients are recorded and any input needs one. `saved` are kept until the
        node has run."""
        if not self.recording or not any(a is not None and a.needs for a in inputs):
            return
        self._order += 1
        edges = [None if a is None else (a.node, a.place) if a.node is not None else a.leaf for a in inputs]
        held = [s.storage if isinstance(s, Array) else s for s in saved if s is not None]
        made = Node(self._order, edges, held, backward, len(results))
        for place, result in enumerate(results):
            result.node, result.place = made, place

    # ---- running backward

    def run(self, roots: Sequence[tuple[Array, Array]]) -> None:
        """Backward from tensors with their gradients."""
        waiting: dict[int, int] = {}
        seen: dict[int, Node] = {}
        stack = [a.node for a, _ in roots if a.node is not None]
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen[id(node)] = node
            for edge in node.edges:
                if isinstance(edge, tuple):
                    waiting[id(edge[0])] = waiting.get(id(edge[0]), 0) + 1
                    stack.append(edge[0])
        buffers: dict[int, list[Array | None]] = {}
        ready: list[tuple[int, Node]] = []
        for array, gradient in roots:
            self._hand(array.leaf if array.node is None else (array.node, array.place), gradient, buffers)
            if array.node is not None and not waiting.get(id(array.node)):
                entry = (-array.node.order, array.node)
                if entry not in ready:
                    heapq.heappush(ready, entry)
        del roots, seen
        gradient = array = None  # type: ignore[assignment]
        while ready:
            node = heapq.heappop(ready)[1]
            given = buffers.pop(id(node), [None] * node.results)
            gradients = list(node.backward(given)) if node.backward is not None and any(given) else []
            del given
            node.saved.clear()
            node.backward = None
            gradients += [None] * (len(node.edges) - len(gradients))
            for i, edge in enumerate(node.edges):
                found, gradients[i] = gradients[i], None
                if edge is not None and found is not None:
                    self._hand(edge, found, buffers, shared=any(g is found for g in gradients))
                found = None
                if isinstance(edge, tuple):
                    waiting[id(edge[0])] -= 1
                    if not waiting[id(edge[0])]:
                        heapq.heappush(ready, (-edge[0].order, edge[0]))
            node.edges = []

    def _hand(
        self, edge: Any, gradient: Array, buffers: dict[int, list[Array | None]], shared: bool = False
    ) -> None:
        if isinstance(edge, Leaf):
            self._keep(edge, gradient, shared)
            return
        if edge is None:
            return
        node, place = edge
        held = buffers.setdefault(id(node), [None] * node.results)
        before = held[place]
        held[place] = gradient if before is None else self._sum(before, gradient)

    def _sum(self, first: Array, second: Array) -> Array:
        if self.sums_in_place and first.packed:
            return first
        return self.like(first)

    def _keep(self, leaf: Leaf, gradient: Array, shared: bool) -> None:
        """AccumulateGrad: the gradient itself where nothing else holds it and its layout is the parameter's, else a copy."""
        if leaf.gradient is not None:
            return  # added in place
        own = leaf.array
        if shared or (gradient.strides != own.strides and not (gradient.dense and own.dense)):
            gradient = self.new(own.shape, own.item, "gradients", like=own)
        gradient.storage.become("gradients")
        leaf.gradient = gradient
