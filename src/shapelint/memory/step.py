"""One operation of a trace as its rule sees it: arrays for tensors, numbers for sizes; and the table of the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapelint.dims import Sym
from shapelint.facts import Ran
from shapelint.memory.graph import Graph
from shapelint.memory.storage import Array
from shapelint.values import Module, Tensor
from shapelint.values.containers import List
from shapelint.values.torch_types import itemsize


class NoRule(Exception):
    """What an operation keeps in memory is not known; the message is a clause."""


Number = Callable[[Any], int]
Rule = Callable[["Step"], Any]
RULES: dict[str, Rule] = {}


def rule(names: str) -> Callable[[Rule], Rule]:
    """Register a rule for operations and layers by their last names; twins are an error."""

    def register(made: Rule) -> Rule:
        for name in names.split():
            assert name not in RULES, name
            RULES[name] = made
        return made

    return register


class Step:
    """`graph` records; `number` gives a size as an int; `arrays` holds what has been made so far, by the tensor's identity."""

    __slots__ = ("arrays", "given", "graph", "layer", "name", "number", "outside", "ran")

    def __init__(
        self,
        ran: Ran,
        graph: Graph,
        number: Number,
        arrays: dict[int, Array],
        outside: Callable[[Tensor], Array],
    ) -> None:
        self.ran = ran
        self.graph = graph
        self.number = number
        self.arrays = arrays
        self.outside = outside
        self.layer: Module | None = ran.layer if isinstance(ran.layer, Module) else None
        self.given = ran.given
        self.name = base(ran.op)

    # ---- what went in

    def value(self, *names: str, default: Any = None) -> Any:
        """An argument, or an attribute of the layer, by the first of the names that there is."""
        for name in names:
            if name in self.given:
                return self.given[name]
        if self.layer is not None:
            for name in names:
                if name in self.layer.attrs:
                    return self.layer.attrs[name]
        return default

    def array(self, *names: str) -> Array | None:
        """A tensor argument, or a parameter or buffer of the layer."""
        found = self.value(*names)
        return self.of(found) if isinstance(found, Tensor) else None

    def first(self, *names: str) -> Array:
        """The operation's tensor. Raises NoRule where there is none."""
        found = self.array(*(names or ("input", "self", "x", "tensor")))
        if found is None:
            raise NoRule(f"{self.ran.op} is given no tensor")
        return found

    def of(self, tensor: Tensor) -> Array:
        held = self.arrays.get(id(tensor))
        return self.outside(tensor) if held is None else held

    def arrays_of(self, *names: str) -> list[Array]:
        """A sequence of tensors."""
        found = self.value(*names)
        items = found.items if isinstance(found, List) else found
        if isinstance(items, tuple) and len(items) == 1 and isinstance(items[0], (tuple, List)):
            items = items[0].items if isinstance(items[0], List) else items[0]
        if not isinstance(items, (list, tuple)) or not all(isinstance(t, Tensor) for t in items):
            raise NoRule(f"the tensors that {self.ran.op} is given are not known")
        return [self.of(t) for t in items]

    def ints(self, value: Any) -> tuple[int, ...]:
        """Axes or sizes: one, or a sequence."""
        items = value.items if isinstance(value, List) else value
        if isinstance(items, (int, Sym)):
            return (self.number(items),)
        if isinstance(items, tuple) and len(items) == 1 and isinstance(items[0], (tuple, List)):
            return self.ints(items[0])
        return tuple(self.number(i) for i in items)

    @property
    def in_place(self) -> bool:
        name = self.ran.op.rpartition(".")[2]
        return (
            self.value("inplace") is True
            or (name.endswith("_") and not name.endswith("__"))
            or name.startswith("__i")
        )

    @property
    def training(self) -> bool:
        return self.value("training") is True

    # ---- what comes out

    @property
    def results(self) -> list[Tensor]:
        """The tensors of the result, in order."""
        return list(_tensors(self.ran.result))

    def shape(self, at: int = 0) -> tuple[int, ...]:
        return tuple(self.number(d) for d in self.results[at].shape)

    def item(self, at: int = 0) -> int:
        """Bytes of an element of the result."""
        dtype = self.results[at].dtype
        if dtype is None:
            raise NoRule(f"the dtype that {self.ran.op} gives is not known")
        return itemsize(dtype)

    def new(self, at: int = 0, like: Array | None = None) -> Array:
        """A fresh tensor for the result."""
        return self.graph.new(self.shape(at), self.item(at), like=like)

    def node(
        self,
        inputs: Sequence[Array | None],
        saved: Sequence[Any],
        results: Sequence[Array],
        backward: Callable[[list[Array | None]], Any],
    ) -> None:
        self.graph.node(inputs, saved, results, backward)


def base(op: str) -> str:
    """The last name of an operation, without the sign of working in place."""
    last = op.rpartition(".")[2]
    if last.startswith("__") and last.endswith("__"):
        inner = last.strip("_")
        return {
            "iadd": "add",
            "isub": "sub",
            "imul": "mul",
            "itruediv": "div",
            "radd": "add",
            "rmul": "mul",
        }.get(inner, inner)
    return last.rstrip("_")


def _tensors(value: Any) -> Any:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _tensors(part)
    elif isinstance(value, List):
        for part in value.items:
            yield from _tensors(part)
    elif getattr(value, "payload", None) is not None:
        yield from _tensors(value.payload)
