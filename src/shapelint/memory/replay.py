"""One training step, or one inference, replayed from the operations that were evaluated: its peak, and what that consists of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from shapelint.facts import Ran
from shapelint.memory import rules_layers, rules_pointwise, rules_views
from shapelint.memory.graph import Graph, Leaf
from shapelint.memory.optimizers import OPTIMIZERS, prepare, step
from shapelint.memory.step import RULES, NoRule, Number, Step, base
from shapelint.memory.storage import KINDS, Array, Meter, Storage, product, rows
from shapelint.records import dataclass, field
from shapelint.values import Tensor
from shapelint.values.torch_types import itemsize

assert rules_layers and rules_pointwise and rules_views  # they register themselves


@dataclass(frozen=True, slots=True)
class Model:
    """What a network holds and is given. `ran` are its operations in order, `outputs` the tensors it gives."""

    parameters: Sequence[Tensor]
    buffers: Sequence[Tensor]
    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    ran: Sequence[Ran]


@dataclass(frozen=True, slots=True)
class Setting:
    """`training` asks for a step with backward and optimizer; `device` for its habits; `sums_in_place` as `Graph` has it."""

    training: bool = True
    optimizer: str = "sgd"
    device: str = "cpu"
    sums_in_place: bool = True


@dataclass(slots=True)
class Replayed:
    """Bytes at the peak, in all and by kind; `missing` names each operation without a rule, and why."""

    peak: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


_CONTAINERS = frozenset("Sequential ModuleList ModuleDict TransformerEncoder TransformerDecoder".split())


class _Replay:
    def __init__(self, model: Model, setting: Setting, number: Number) -> None:
        self.model = model
        self.number = number
        self.setting = setting
        self.meter = Meter()
        self.graph = Graph(self.meter, setting.sums_in_place, setting.device)
        self.graph.recording = setting.training
        self.arrays: dict[int, Array] = {}
        self.kept: dict[int, Array] = {}
        self.missing: dict[str, str] = {}
        self.leaves: list[Leaf] = []
        for kind, tensors in (
            ("parameters", model.parameters),
            ("buffers", model.buffers),
            ("inputs", model.inputs),
        ):
            for tensor in tensors:
                if id(tensor) not in self.kept:
                    self.kept[id(tensor)] = self.made(tensor, kind)
                    if kind == "parameters" and tensor.requires_grad:
                        self.leaves.append(Leaf(self.kept[id(tensor)]))
        self.last = self._last_uses()

    def made(self, tensor: Tensor, kind: str) -> Array:
        """A tensor that no operation of the trace has made."""
        shape = tuple(self.number(d) for d in tensor.shape)
        item = itemsize(tensor.dtype or "float32")
        return Array(Storage(self.meter, product(shape) * item, kind), shape, rows(shape), item)

    def outside(self, tensor: Tensor) -> Array:
        held = self.kept.get(id(tensor))
        if held is None:
            held = self.kept[id(tensor)] = self.made(tensor, "buffers")
        return held

    def _last_uses(self) -> dict[int, int]:
        """For each tensor, the last operation that takes or gives it; what the network gives lives on."""
        last: dict[int, int] = {}
        for i, ran in enumerate(self.model.ran):
            for tensor in _tensors((ran.given, ran.result)):
                last[id(tensor)] = i
            last.update(dict.fromkeys(ran.held, i))
        for tensor in self.model.outputs:
            last[id(tensor)] = len(self.model.ran)
        return last

    def forward(self) -> None:
        dying: dict[int, list[int]] = {}
        for key, at in self.last.items():
            dying.setdefault(at, []).append(key)
        for i, ran in enumerate(self.model.ran):
            self._one(ran)
            for key in dying.get(i, ()):
                self.arrays.pop(key, None)

    def _one(self, ran: Ran) -> None:
        name = base(ran.op)
        recording = self.graph.recording
        self.graph.recording = recording and ran.grad is not False
        try:
            made = self._by_rule(ran, name)
        except NoRule as problem:
            self.missing.setdefault(ran.op, str(problem))
            made = self._guessed(ran)
        finally:
            self.graph.recording = recording
        for tensor, array in zip(_tensors(ran.result), _arrays(made), strict=False):
            if (
                id(tensor) in self.kept
                and ran.result is tensor
                and array.storage is self.kept[id(tensor)].storage
            ):
                if array.node is None:
                    continue
            self.arrays[id(tensor)] = array

    def _by_rule(self, ran: Ran, name: str) -> Any:
        if name in _CONTAINERS:
            return ()
        if not ran.certain:
            self.missing.setdefault(
                "a condition", "some of it runs under a condition, or in a loop, that is not known"
            )
        rule = RULES.get(name)
        results = list(_tensors(ran.result))
        if not results:
            return ()
        if any(not t.known for t in results):
            raise NoRule("the shape of its result is not known")
        if rule is None:
            raise NoRule("there is no rule for what it keeps")
        try:
            return rule(Step(ran, self.graph, self.number, self.arrays, self.outside))
        except (TypeError, ValueError, AttributeError, IndexError, KeyError) as problem:
            raise NoRule(f"its arguments are not understood ({type(problem).__name__})") from None

    def _guessed(self, ran: Ran) -> list[Array]:
        """For an operation without a rule: a fresh result that saves what it was given, so that the rest can be followed."""
        given = [self.arrays.get(id(t)) or self.outside(t) for t in _tensors(ran.given) if t.known]
        made = [self.made(t, "activations") for t in _tensors(ran.result) if t.known]
        if made and given:
            g = self.graph
            shapes = [(x.shape, x.item, x.needs) for x in given]
            g.node(given, given, made, lambda grads: [g.new(s, n) if need else None for s, n, need in shapes])
        return made

    def train(self) -> None:
        kind = OPTIMIZERS[self.setting.optimizer]
        state = prepare(self.graph, kind, self.leaves)
        self.meter.restart()
        self.forward()
        roots = []
        for tensor in self.model.outputs:
            array = self.arrays.get(id(tensor))
            if (
                array is not None
                and array.needs
                and (tensor.dtype or "float").startswith(("float", "bfloat"))
            ):
                gradient = self.graph.new((), array.item)
                roots.append((array, gradient.view(array.shape, (0,) * array.rank)))
        loss = self.graph.new((), 4)
        gradient = None  # type: ignore[assignment]
        self.graph.run(roots)
        roots.clear()
        step(self.graph, kind, self.leaves)
        del state, loss


def replay(model: Model, setting: Setting, number: Number) -> Replayed:
    """Replay a network with sizes as `number` gives them."""
    state = _Replay(model, setting, number)
    if setting.training:
        state.train()
    else:
        state.meter.restart()
        state.forward()
    return Replayed(state.meter.peak, {k: state.meter.at_peak[k] for k in KINDS}, state.missing)


def _tensors(value: Any) -> Any:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _tensors(part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _tensors(part)
    elif isinstance(getattr(value, "items", None), list):
        for part in value.items:
            yield from _tensors(part)


def _arrays(value: Any) -> list[Array]:
    if isinstance(value, Array):
        return [value]
    return [a for part in value or () for a in _arrays(part)]


Peak = Callable[[int], int]
