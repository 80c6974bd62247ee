"""What an optimizer keeps for each parameter, and what one step of it takes on top: one parameter after the other, as torch
does on the CPU, or all at once, as it does on CUDA ("foreach")."""

from __future__ import annotations

from shapelint.memory.graph import Graph, Leaf
from shapelint.memory.storage import Array
from shapelint.records import dataclass

STEP_BYTES = 4  # the step count of Adam, a tensor of its own


@dataclass(frozen=True, slots=True)
class Optimizer:
    """`copies` of each parameter are kept; `temporaries` of the parameter's size live together in a step."""

    copies: int
    counts_steps: bool
    temporaries: int


OPTIMIZERS = {
    "sgd": Optimizer(0, False, 0),
    "sgd-momentum": Optimizer(1, False, 0),
    "adam": Optimizer(2, True, 2),
    "adamw": Optimizer(2, True, 2),
}


def prepare(graph: Graph, kind: Optimizer, leaves: list[Leaf]) -> list[Array]:
    """The state that the first step makes."""
    state = []
    for leaf in leaves:
        state += [graph.new(leaf.array.shape, leaf.array.item, "optimizer") for _ in range(kind.copies)]
        if kind.counts_steps:
            state.append(graph.new((), STEP_BYTES, "optimizer"))
    return state


def step(graph: Graph, kind: Optimizer, leaves: list[Leaf]) -> None:
    """One step, with its temporaries."""
    together = graph.device == "cuda"
    held: list[Array] = []
    for leaf in leaves:
        if leaf.gradient is None:
            continue
        if not together:
            held = []
        held += [graph.like(leaf.array) for _ in range(kind.temporaries)]
    held.clear()
