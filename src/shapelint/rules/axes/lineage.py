"""Which atoms the axes of a tensor hold, found by walking back the steps that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from shapelint.dims import Dim, Sym
from shapelint.rules.axes.atoms import Atom, Axis, Numbers
from shapelint.rules.axes.regroup import regroup
from shapelint.rules.base import Context
from shapelint.values import List, Made, Module, Tensor

Axes = tuple[Axis, ...]
Law = Callable[["Lineage", Tensor, Made], "Axes | None"]

_LONGEST = 2_000  # steps that are walked back before the rest is taken as it stands


class Lineage:
    """The axes of tensors, each tensor once."""

    def __init__(self) -> None:
        self.number = Numbers()
        self._held: dict[int, tuple[Tensor, Axes]] = {}

    def axes(self, tensor: Tensor) -> Axes:
        """One entry an axis; the tensor's rank must be known."""
        waiting = [tensor]
        queued = {id(tensor)}  # what is waiting, or has been
        steps = 0
        while waiting:
            at = waiting[-1]
            if id(at) in self._held:
                waiting.pop()
                continue
            steps += 1
            made = at.made
            if isinstance(made, Made) and steps < _LONGEST:
                missing = [
                    p
                    for p in made.parents
                    if isinstance(p, Tensor) and id(p) not in queued and id(p) not in self._held and p.known
                ]
                if missing:
                    queued.update(map(id, missing))
                    waiting += missing
                    continue
            self._held[id(at)] = (at, self._found(at))
            waiting.pop()
        return self._held[id(tensor)][1]

    def of(self, value: object) -> Axes | None:
        """The axes of a tensor that was asked for already; None for anything else."""
        held = self._held.get(id(value))
        return held[1] if held is not None else None

    def _found(self, tensor: Tensor) -> Axes:
        made = tensor.made
        if isinstance(made, Made) and made.given is not None and tensor.kind == "tensor":
            law = _law(made)
            found = law(self, tensor, made) if law is not None else None
            if found is not None and len(found) == tensor.rank:
                return self._checked(tensor, found)
            if law is not None and any(isinstance(p, Tensor) and not p.known for p in made.parents):
                return self.natural(tensor, "made")  # an argument of unknown rank: what it gave begins here
            return self.default(tensor, made)
        return self.natural(tensor, "made")

    def _checked(self, tensor: Tensor, axes: Axes) -> Axes:
        """Axes whose atoms make up the sizes there are; others are taken as they stand."""
        kept: list[Axis] = []
        for i, (axis, dim) in enumerate(zip(axes, tensor.shape, strict=True)):
            product: int | None = 1
            for atom in axis:
                n = self.number(atom.size)
                product = None if n is None or product is None else product * n
            if product == self.number(dim) and product is not None:
                kept.append(axis)
            else:
                kept.append(self.own(tensor, i, dim, "foreign"))
        return tuple(kept)

    def own(self, tensor: Tensor, axis: int, dim: Dim, kind: str) -> Axis:
        """An axis that begins here: a symbolic size is what it is wherever it appears."""
        if isinstance(dim, Sym):
            return (Atom(dim, dim, "foreign" if kind == "foreign" else "named"),)
        if dim == 1 and kind != "made":
            return (Atom("one", 1, "one"),)
        return (Atom((id(tensor), axis), dim, kind),)

    def natural(self, tensor: Tensor, kind: str) -> Axes:
        return tuple(self.own(tensor, i, d, kind) for i, d in enumerate(tensor.shape))

    def default(self, tensor: Tensor, made: Made) -> Axes:
        """An operation without a law of its own: axes of its first tensor stay where the shape is the same."""
        first = next((p for p in made.parents if isinstance(p, Tensor) and p.known), None)
        if first is not None and first.shape == tensor.shape:
            held = self.of(first)
            if held is not None:
                return held
        return self.natural(tensor, "foreign")

    # ---- for laws

    def parent(self, made: Made, *names: str) -> tuple[Tensor, Axes] | None:
        """An argument that is a tensor, and its axes."""
        for name in names:
            value = (made.given or {}).get(name)
            if isinstance(value, Tensor) and value.known:
                held = self.of(value)
                return (value, held) if held is not None else None
        return None


def lineage_of(context: Context) -> Lineage:
    """The one lineage of a run."""
    found = context.memo.setdefault("lineage", Lineage())
    assert isinstance(found, Lineage)
    return found


# ---- laws by operation


@lru_cache(4096)  # there are so many operations, and each has one name
def base_name(op: str) -> str:
    """ "torch.Tensor.add_" -> "add"."""
    last = op.rsplit(".", 1)[-1]
    return last[:-1] if last.endswith("_") and not last.endswith("__") else last


def _law(made: Made) -> Law | None:
    name = base_name(made.op)
    if isinstance(made.layer, Module):
        from shapelint.rules.axes.layers import LAWS as OF_LAYERS

        return OF_LAYERS.get(name)
    from shapelint.rules.axes.operations import LAWS as OF_OPERATIONS

    return OF_OPERATIONS.get(name)


def flat(value: object) -> list[Any]:
    """The items of an argument that may be nested: ((0, 2, 1),) or a list."""
    if isinstance(value, List):
        value = tuple(value.items)
    if isinstance(value, tuple):
        return [inner for item in value for inner in flat(item)]
    return [value]


def axis_of(value: object, rank: int) -> int | None:
    """An axis as counted from the front."""
    if isinstance(value, bool) or not isinstance(value, int) or not -rank <= value < rank:
        return None
    return value % rank


def axes_of(value: object, rank: int) -> list[int] | None:
    found = [axis_of(v, rank) for v in flat(value)]
    return [a for a in found if a is not None] if all(a is not None for a in found) else None


def atoms_in(axes: Iterable[Axis]) -> list[Atom]:
    return [atom for axis in axes for atom in axis]


def viewed(lineage: Lineage, x_axes: Axes, tensor: Tensor) -> Axes:
    """The axes of a view; where it mixes them nothing is known any more."""
    found = regroup(atoms_in(x_axes), tensor.shape, lineage.number)
    if isinstance(found, list):
        return tuple(found)
    return lineage.natural(tensor, "foreign")
