"""What a model is, measured: parameters, buffers, each layer's output shapes, FLOPs, and the peak of memory on CUDA."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

from shapelint.confirm.child.happenings import tensors
from shapelint.confirm.child.pytorch import flop_counter, torch


def take(model: Any, args: tuple[Any, ...], kwargs: dict[str, Any], backward: bool) -> dict[str, Any]:
    """One forward (and backward) of a model, as plain data. Raises whatever the model raises."""
    torch.manual_seed(0)
    parameters = list(model.parameters())
    found: dict[str, Any] = {
        "params": sum(p.numel() for p in parameters),
        "trainable": sum(p.numel() for p in parameters if p.requires_grad),
        "buffers": sum(b.numel() for b in model.buffers()),
        "inputs": [list(t.shape) for t in tensors((args, kwargs))],
    }
    on_cuda = any(t.is_cuda for t in tensors((args, kwargs)))
    if on_cuda:
        torch.cuda.reset_peak_memory_stats()
    with _shapes(model) as layers, contextlib.nullcontext() if backward else torch.no_grad():
        output = model(*args, **kwargs)
    made = list(tensors(_plain(output)))
    found["outputs"] = [[list(t.shape), str(t.dtype).removeprefix("torch.")] for t in made]
    if backward:
        found["no_gradient"] = _without_gradient(model, made)
    if on_cuda:
        torch.cuda.synchronize()
        found["peak_bytes"] = int(torch.cuda.max_memory_allocated())
    # lazy layers have their parameters only now
    found["params"] = sum(p.numel() for p in model.parameters())
    found["layers"] = layers
    found["flops"] = _flops(model, args, kwargs)
    return found


def _flops(model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int | None:
    """FLOPs of a forward as the counter sees them on the meta device: on others, recurrent layers are one kernel that it does
    not know. None where the model does not run there."""
    try:
        twin = copy.deepcopy(model).to("meta")
        given, named = _on_meta((args, kwargs))
        counter = flop_counter.FlopCounterMode(display=False)
        with torch.no_grad(), torch.device("meta"), counter:
            twin(*given, **named)
        return int(counter.get_total_flops())
    except Exception:
        return None


def _on_meta(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.detach().to("meta")
    if isinstance(value, (tuple, list)):
        return type(value)(_on_meta(part) for part in value)
    return {k: _on_meta(v) for k, v in value.items()} if isinstance(value, dict) else value


def _without_gradient(model: Any, made: list[Any]) -> list[str]:
    """Backward from the sum of all outputs; the parameters whose gradient is None afterwards."""
    total = sum(t.float().sum() for t in made if t.requires_grad)
    if not torch.is_tensor(total):
        return [name for name, p in model.named_parameters() if p.requires_grad]
    total.backward()
    return [name for name, p in model.named_parameters() if p.requires_grad and p.grad is None]


@contextlib.contextmanager
def _shapes(model: Any) -> Iterator[dict[str, list[list[int]]]]:
    """The shapes that each layer puts out at its first call, by name."""
    seen: dict[str, list[list[int]]] = {}
    hooks = []
    for name, module in model.named_modules():
        if name:

            def hook(layer: Any, given: Any, result: Any, name: str = name) -> None:
                seen.setdefault(name, [list(t.shape) for t in tensors(_plain(result))])

            hooks.append(module.register_forward_hook(hook))
    try:
        yield seen
    finally:
        for handle in hooks:
            handle.remove()


def _plain(value: Any) -> Any:
    """Data classes and mappings of outputs as tuples and dicts."""
    if hasattr(value, "to_tuple"):
        return value.to_tuple()
    if hasattr(value, "items") and not isinstance(value, dict):
        return dict(value.items())
    if hasattr(value, "__dataclass_fields__"):
        return tuple(getattr(value, name) for name in value.__dataclass_fields__)
    return value
