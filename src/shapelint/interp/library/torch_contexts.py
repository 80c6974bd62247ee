"""torch's context managers, which are decorators too: gradients on and off, autocast, and those that only measure."""

from __future__ import annotations

from typing import Any

from shapelint.interp.host import host_constructors
from shapelint.interp.library import function
from shapelint.interp.library.functools import is_function
from shapelint.interp.library.torch_classes import method as as_method
from shapelint.interp.world import World
from shapelint.values import Class, Function, Instance, Unknown

# ---- gradients


def under(function: Any, grad: bool | None) -> Any:
    """A function that runs with gradients on or off. Everything else is given back as it is."""
    if not isinstance(function, Function):
        return function
    made = Function(
        function.node, function.name, function.qualname, function.defaults, function.closure, function.globals
    )
    made.cell, made.wrapped = function.cell, function.wrapped
    made.attrs = {**function.attrs, "__grad__": grad}
    return made


def set_grad(world: World, mode: Any) -> None:
    world.journal.touch_slot(world, "grad_enabled")
    world.grad_enabled = mode if isinstance(mode, bool) else None


def _mode(made: Instance) -> bool | None:
    mode = made.attrs["mode"]
    return mode if isinstance(mode, bool) else None


def _enter_grad(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    made = args[0]
    if "before" not in made.attrs:
        world.journal.touch(made.attrs)
        made.attrs["before"] = world.grad_enabled
    set_grad(world, made.attrs["mode"])


def _leave_grad(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    made = args[0]
    world.journal.touch(made.attrs)
    set_grad(world, made.attrs.pop("before", True))


def _decorate_grad(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made, decorated = args[:2]
    if "before" in made.attrs:  # set_grad_enabled had switched at once
        _leave_grad(world, (made,), {})
    return under(decorated, _mode(made))


def _no_grad(mode: bool) -> host_constructors.Constructor:
    """torch.no_grad() and torch.enable_grad(); `@torch.no_grad` without a call decorates too."""

    def construct(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        if args and is_function(args[0]):
            return under(args[0], mode)
        made = Instance(cls)
        made.attrs["mode"] = mode
        return made

    return construct


def _inference_mode(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    given = args[0] if args else keywords.get("mode", True)
    if is_function(given):
        return under(given, False)
    made = Instance(cls)
    made.attrs["mode"] = not given if isinstance(given, bool) else given
    return made


def _set_grad_enabled(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """It switches when it is made; leaving it as a context manager switches back."""
    made = Instance(cls)
    made.attrs["mode"] = args[0] if args else keywords.get("mode")
    _enter_grad(world, (made,), {})
    return made


for _name, _construct in {
    "no_grad": _no_grad(False),
    "enable_grad": _no_grad(True),
    "inference_mode": _inference_mode,
    "set_grad_enabled": _set_grad_enabled,
}.items():
    for _qualname in (f"torch.{_name}", f"torch.autograd.{_name}", f"torch.autograd.grad_mode.{_name}"):
        _cls = host_constructors.supply(_name, _qualname, _construct, kind="context")
        _cls.attrs["__enter__"] = as_method("__enter__", _enter_grad)
        _cls.attrs["__exit__"] = as_method("__exit__", _leave_grad)
        _cls.attrs["__call__"] = as_method("__call__", _decorate_grad)


@function("torch.is_grad_enabled")
def is_grad_enabled(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    held = world.grad_enabled
    return (
        held
        if isinstance(held, bool)
        else Unknown("whether gradients are on is not known", world.site(), plain=True)
    )


@function("torch.is_inference_mode_enabled")
def is_inference_mode_enabled(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return (
        False
        if world.grad_enabled is True
        else Unknown("whether gradients are on is not known", world.site(), plain=True)
    )


# ---- autocast


def _autocast(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = Instance(cls)
    at = 0 if cls.qualname.startswith(("torch.cuda.", "torch.cpu.")) else 2
    made.attrs["enabled"] = args[at] if len(args) > at else keywords.get("enabled", True)
    return made


def _enter_autocast(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    made = args[0]
    world.journal.touch(made.attrs)
    world.journal.touch_slot(world, "autocast")
    made.attrs["before"] = world.autocast
    world.autocast = made.attrs["enabled"] is not False
    return made


def _leave_autocast(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    made = args[0]
    world.journal.touch(made.attrs)
    world.journal.touch_slot(world, "autocast")
    world.autocast = made.attrs.pop("before", False) is not False


def _decorate_autocast(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`@autocast()`: what the function computes in is not followed."""
    made, decorated = args[:2]
    if isinstance(decorated, Function):
        marked = under(decorated, None)
        del marked.attrs["__grad__"]
        marked.attrs["__autocast__"] = made.attrs["enabled"] is not False
        return marked
    return decorated


for _qualname in (
    "torch.autocast torch.amp.autocast torch.amp.autocast_mode.autocast torch.cuda.amp.autocast torch.cpu.amp.autocast "
    "torch.cuda.amp.autocast_mode.autocast"
).split():
    _cls = host_constructors.supply("autocast", _qualname, _autocast, kind="context")
    _cls.attrs["__enter__"] = as_method("__enter__", _enter_autocast)
    _cls.attrs["__exit__"] = as_method("__exit__", _leave_autocast)
    _cls.attrs["__call__"] = as_method("__call__", _decorate_autocast)


@function("torch.is_autocast_enabled", "torch.is_autocast_cpu_enabled", "torch.amp.is_autocast_available")
def is_autocast_enabled(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Unknown("whether autocast is on", world.site(), plain=True) if world.autocast else False


# ---- those that measure, or change what no shape depends on


def _quiet(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return args[0] if args and isinstance(args[0], Function) else Instance(cls)


def _decorate(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return args[1]


def _itself(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return args[0]


def _nothing(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    return None


for _name in (
    "profiler.record_function profiler.profile autograd.profiler.record_function autograd.profiler.profile "
    "autograd.profiler.emit_nvtx autograd.set_detect_anomaly autograd.detect_anomaly "
    "autograd.anomaly_mode.set_detect_anomaly autograd.graph.save_on_cpu autograd.graph.saved_tensors_hooks "
    "autograd.graph.allow_mutation_on_saved_tensors "
    "autograd.set_multithreading_enabled autograd.forward_ad.dual_level "
    "cuda.device cuda.stream cuda.nvtx.range cuda.StreamContext cuda.graph cuda.device_of random.fork_rng "
    "backends.cuda.sdp_kernel backends.mkldnn.flags backends.mkl.verbose nn.attention.sdpa_kernel "
    "nn.utils.parametrize.cached jit.fuser jit.optimized_execution jit.strict_fusion "
    "fx.traceback.preserve_node_meta distributed.algorithms.join.Join "
    "utils.data._utils.signal_handling._set_SIGCHLD_handler _C.DisableTorchFunction "
    "_C.DisableTorchFunctionSubclass _C._DisableFuncTorch utils.flop_counter.FlopCounterMode "
    "compiler.set_stance _dynamo.config.patch _dynamo.utils.disable_cache_limit "
    "_dynamo._trace_wrapped_higher_order_op.TransformGetItemToIndex"
).split():
    _cls = host_constructors.supply(_name.rpartition(".")[2], f"torch.{_name}", _quiet, kind="context")
    _cls.unknown_base = Unknown(f"torch.{_name} is not modelled", plain=True)
    _cls.attrs["__enter__"] = as_method("__enter__", _itself)
    _cls.attrs["__exit__"] = as_method("__exit__", _nothing)
    _cls.attrs["__call__"] = as_method("__call__", _decorate)
    _cls.attrs["step"] = as_method("step", _nothing)
