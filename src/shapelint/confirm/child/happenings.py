"""What is remembered of a run: calls of modules, where each module was built, how each tensor came to be."""

from __future__ import annotations

import weakref
from typing import Any, NamedTuple

from shapelint.confirm.child.places import Own, Place
from shapelint.confirm.child.pytorch import Tensor, weak
from shapelint.confirm.job import Claim
from shapelint.records import dataclass, field

_TRAIL = 12  # steps that are remembered of a tensor
_KEPT_CALLS = 3  # outermost calls of one class whose arguments are kept, to be made again


@dataclass(slots=True, eq=False)
class Call:
    """One call of a module, in progress or over."""

    module: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    place: Place | None
    training: bool


class Step(NamedTuple):
    """One step of how a tensor came to be: the function's or module's name, its place, the shapes it was given."""

    name: str
    place: Place | None
    built: Place | None
    shapes: tuple[tuple[int, ...], ...]
    module: Any
    axis: Any = None  # the `dim` it was given


@dataclass(slots=True, eq=False)
class Event:
    """A torch function or a module (then `call` is its call) was called and gave `result`. `stack` holds the calls in progress."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    result: Any
    place: Place | None
    stack: tuple[Call, ...]
    call: Call | None = None

    @property
    def last(self) -> str:
        """The name without its module."""
        return self.name.rsplit(".", 1)[-1]

    def argument(self, at: int, *names: str) -> Any:
        """An argument by position or by one of its names; None where it was not given."""
        if at < len(self.args):
            return self.args[at]
        return next((self.kwargs[n] for n in names if n in self.kwargs), None)


@dataclass(slots=True, eq=False)
class Traced:
    """One traced frame: the claims whose lines are being executed, and whether an exception is passing."""

    inside: list[Claim] = field(default_factory=list)
    raising: bool = False


class Run:
    """The state of one run."""

    def __init__(self, own: Own) -> None:
        self.own = own
        self.stack: list[Call] = []
        self.reached: dict[int, int] = {}  # claim -> how often its line was begun
        self.passed: dict[int, int] = {}  # … and left without an exception
        self.called: dict[int, int] = {}  # id of a module -> calls
        self.modules: list[weakref.ref[Any]] = []
        self.built_at: dict[int, Place | None] = {}
        self.built_inside: dict[int, bool] = {}  # whether it was built while another module ran
        self.optimizers: list[Any] = []
        self.replaced: list[
            tuple[Place | None, str, str, int]
        ] = []  # place, attribute, class and calls of what was lost
        self.steps = 0  # of optimizers
        self.cleared = 0  # calls of zero_grad
        self.notes: dict[Any, Any] = {}  # what a measure remembers from one event to the next
        self.outer: dict[type, list[Call]] = {}
        self.used: dict[
            int, int
        ] = {}  # id of a tensor that is held by an attribute -> how often it was an argument
        self._trails: Any = weak.WeakTensorKeyDictionary()

    def begin(self, call: Call) -> None:
        if not self.stack:
            kept = self.outer.setdefault(type(call.module), [])
            if len(kept) < _KEPT_CALLS:
                kept.append(call)
        self.stack.append(call)
        self.called[id(call.module)] = self.called.get(id(call.module), 0) + 1

    def finish(self, call: Call) -> None:
        while self.stack and self.stack.pop() is not call:
            pass

    def built(self, module: Any, place: Place | None) -> None:
        self.modules.append(weakref.ref(module))
        self.built_at[id(module)] = place
        self.built_inside[id(module)] = bool(self.stack)

    def alive(self) -> list[Any]:
        """The modules that still exist, in the order they were built."""
        found = {id(m): m for m in (r() for r in self.modules) if m is not None}
        return list(found.values())

    def place_built(self, module: Any) -> Place | None:
        return self.built_at.get(id(module))

    def samples(self) -> int | None:
        """How many rows the outermost call in progress was given: the size of the first axis of its first tensor."""
        return samples_of(self.stack[0]) if self.stack else None

    # ---- how tensors came to be

    def remember(self, event: Event) -> None:
        """Note for each tensor of a result how it was made."""
        made = list(tensors(event.result))
        if not made:
            return
        given = list(tensors((event.args, event.kwargs)))
        for tensor in given:
            self.used[id(tensor)] = self.used.get(id(tensor), 0) + 1
        layer = (
            event.call.module if event.call is not None else event.stack[-1].module if event.stack else None
        )
        of_torch = layer is not None and type(layer).__module__.startswith("torch.")
        built = self.place_built(layer) if of_torch else None
        shapes = tuple(tuple(t.shape) for t in given[:4])
        axis = event.kwargs.get("dim", event.args[1] if len(event.args) > 1 else None)
        own = Step(
            event.name, event.place, built, shapes, layer, axis if isinstance(axis, (int, tuple)) else None
        )
        before = [step for t in given[:4] for step in self.trail(t)[:_TRAIL]]
        trail = (own, *before)[:_TRAIL]
        for tensor in made:
            held = self.trail(tensor) if event.call is not None else ()
            self._trails[tensor] = (own, *held)[:_TRAIL] if event.call is not None else trail

    def trail(self, tensor: Any) -> tuple[Step, ...]:
        """The steps behind a tensor, the last first."""
        if not isinstance(tensor, Tensor):
            return ()
        found: tuple[Step, ...] = self._trails.get(tensor, ())
        return found


def tensors(value: Any, depth: int = 0) -> Any:
    """The tensors in nested tuples, lists and dicts."""
    if isinstance(value, Tensor):
        yield value
    elif depth < 4 and isinstance(value, (tuple, list)):
        for part in value[:64]:
            yield from tensors(part, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for part in list(value.values())[:64]:
            yield from tensors(part, depth + 1)


def samples_of(call: Call) -> int | None:
    """The size of the first axis of a call's first tensor."""
    first = next(tensors((call.args, call.kwargs)), None)
    return int(first.shape[0]) if first is not None and first.dim() else None
