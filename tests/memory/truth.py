"""The peak of a training step as torch's MemTracker counts it under FakeTensor: nothing is computed, every storage is counted."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

torch = pytest.importorskip("torch")
TorchDispatchMode = import_module("torch.utils._python_dispatch").TorchDispatchMode


def peak(
    build: Callable[[], Any],
    inputs: dict[str, tuple[tuple[int, ...], str]],
    optimizer: str | None,
) -> int:
    """Bytes of the second step with an optimizer (the first makes its state), or of an inference with None. The loss is the sum
    of all outputs; positional inputs have names of digits."""
    from torch._subclasses.fake_tensor import FakeTensorMode
    from torch.distributed._tools.mem_tracker import MemTracker

    # the step count decides nothing, and a fake tensor has no value
    import_module("torch.optim.adam")._get_value = lambda x: 1.0  # type: ignore[attr-defined]
    model = build()
    model.train(optimizer is not None)
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    held = _faked(model, mode)
    with mode, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = {k: torch.zeros(shape, dtype=getattr(torch, dtype)) for k, (shape, dtype) in inputs.items()}
        args = [v for k, v in given.items() if k.isdigit()]
        kwargs = {k: v for k, v in given.items() if not k.isdigit()}
        frozen = any(
            not p.requires_grad for p in model.parameters()
        )  # MemTracker does not take such parameters
        tracker = Live() if frozen else MemTracker()
        if optimizer is None:
            tracker.track_external(model, *given.values())
            with tracker, torch.no_grad():
                output = model(*args, **kwargs)
            del output
        else:
            stepper = _optimizer(optimizer, model)

            def step() -> None:
                made = [
                    t for t in tensors(model(*args, **kwargs)) if t.is_floating_point() and t.requires_grad
                ]
                loss = made[0].sum()
                for t in made[1:]:
                    loss = loss + t.sum()
                loss.backward()
                stepper.step()

            step()
            stepper.zero_grad()
            model.zero_grad()
            tracker.track_external(model, stepper, *given.values())
            with tracker:
                step()
        found = tracker.peak if frozen else tracker.get_tracker_snapshot("peak")[torch.device("cpu")]["Total"]
    del held
    return int(found)


class Live(TorchDispatchMode):
    """The peak of all storages that operations make, and of those that were there."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0
        self.known: set[int] = set()

    def track_external(self, *things: Any) -> None:
        for thing in things:
            if isinstance(thing, torch.nn.Module):
                found = [*thing.parameters(), *thing.buffers()]
            elif isinstance(thing, torch.Tensor):
                found = [thing]
            else:
                found = [
                    v for state in thing.state.values() for v in state.values() if isinstance(v, torch.Tensor)
                ]
            for tensor in found:
                self.count(tensor)

    def count(self, tensor: Any) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self.known:
            return
        size = storage.nbytes()
        self.known.add(key)
        self.now += size
        self.peak = max(self.peak, self.now)

        def gone() -> None:
            self.known.discard(key)
            self.now -= size

        weakref.finalize(storage, gone)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        for tensor in tensors(result):
            self.count(tensor)
        return result


def _optimizer(name: str, model: Any) -> Any:
    kinds = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "sgd-momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, lr=0.1),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.1),
    }
    return kinds[name](model.parameters())


def _faked(model: Any, mode: Any) -> list[Any]:
    """Put fake tensors in the place of all parameters and buffers; what was there is given back, so that it is not reused."""
    made: dict[int, Any] = {}
    held: list[Any] = []

    def fake(tensor: Any, is_parameter: bool) -> Any:
        if id(tensor) not in made:
            held.append(tensor)
            twin = mode.from_tensor(tensor.detach())
            made[id(tensor)] = torch.nn.Parameter(twin, tensor.requires_grad) if is_parameter else twin
        return made[id(tensor)]

    for module in model.modules():
        for table, is_parameter in ((module._parameters, True), (module._buffers, False)):
            for name, tensor in list(table.items()):
                if tensor is not None:
                    table[name] = fake(tensor, is_parameter)
    return held


def tensors(value: Any) -> list[Any]:
    if isinstance(value, torch.Tensor):
        return [value]
    if hasattr(value, "to_tuple"):
        value = value.to_tuple()
    if isinstance(value, dict):
        value = tuple(value.values())
    return [t for part in value for t in tensors(part)] if isinstance(value, (tuple, list)) else []
