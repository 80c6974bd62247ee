"""What torch wraps functions and modules in without changing what they compute: torch.jit, torch.compile, torch.fx, …"""

from __future__ import annotations

from typing import Any

from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import constant, function
from shapelint.interp.library.functools import IDENTITY, is_function
from shapelint.interp.world import World
from shapelint.values import Either, External, Function, Module, Unknown


def given_back(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`@name` and `@name(…)`: the function or module itself, or a decorator that gives it."""
    first = args[0] if args else next((keywords[k] for k in _SUBJECTS if keywords.get(k) is not None), None)
    if isinstance(first, (Unknown, Either)) or (first is not None and is_function(first)):
        return first
    return IDENTITY


_SUBJECTS = ("obj", "model", "fn", "func", "mod")

for _name in (
    "jit.script_method jit.ignore jit.export jit.unused jit.script_if_tracing jit.interface jit._overload "
    "jit._overload_method jit._script_if_tracing compiler.disable compiler.allow_in_graph "
    "compiler.assume_constant_result compiler.substitute_in_graph _dynamo.disable _dynamo.allow_in_graph "
    "_dynamo.disallow_in_graph _dynamo.assume_constant_result _disable_dynamo fx.wrap fx._symbolic_trace.wrap "
    "amp.custom_fwd amp.custom_bwd cuda.amp.custom_fwd cuda.amp.custom_bwd overrides.wrap_torch_function"
).split():
    function(f"torch.{_name}")(given_back)

# What a scripted, traced or compiled module has besides its own attributes.
_ADDED = (
    "save",
    "save_to_buffer",
    "graph",
    "inlined_graph",
    "code",
    "code_with_constants",
    "graph_for",
    "original_name",
)


def dressed(world: World, value: Any) -> Any:
    """A module or function that was scripted or compiled: itself, with the attributes that this adds."""
    if isinstance(value, Module):
        world.journal.touch(value.attrs)
        world.journal.touch(value.hidden)
        for name in _ADDED:
            if name not in value.attrs and not _has(value, name):
                value.attrs[name] = Unknown(f"{name} of a compiled module", plain=True)
        if "_orig_mod" not in value.attrs:
            value.attrs["_orig_mod"] = value
            value.hidden.add("_orig_mod")
    elif isinstance(value, Function):
        world.journal.touch(value.attrs)
        for name in _ADDED:
            value.attrs.setdefault(name, Unknown(f"{name} of a compiled function", plain=True))
    return value


def _has(module: Module, name: str) -> bool:
    return any(name in cls.attrs for cls in module.cls.mro)


@function(
    "torch.jit.script", "torch.jit.freeze", "torch.jit.optimize_for_inference", "torch.jit.trace_module", "torch.compile",
    "torch._dynamo.optimize",
)  # fmt: skip
def compiled(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """What is computed stays the same."""
    value = given_back(world, args, keywords)
    return value if value is IDENTITY else dressed(world, value)


def _decorator(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`@name("key", …)`: the arguments are about the function, which is given back."""
    last = args[-1] if args else None
    return last if last is not None and len(args) > 1 and is_function(last) else IDENTITY


for _name in (
    "library.register_kernel library.impl library.register_autograd "
    "library.register_vmap autograd.function.once_differentiable"
).split():
    function(f"torch.{_name}")(_decorator)

for _name in ("jit.Final", "jit.Attribute", "jit.ScriptFunction", "jit.Future"):
    constant(f"torch.{_name}", External(f"torch.{_name}"))


def _always(value: Any, *names: str) -> None:
    """Functions that give the same in every ordinary run."""
    for name in names:
        function(f"torch.{name}")(lambda world, args, keywords: value)


_always(False, "cuda.is_current_stream_capturing", "xpu.is_current_stream_capturing")
_always(False, "jit.is_scripting", "jit.is_tracing", "_jit_internal.is_scripting", "_C._get_tracing_state")
_always(
    False,
    "compiler.is_compiling",
    "compiler.is_dynamo_compiling",
    "compiler.is_exporting",
    "_dynamo.is_compiling",
)
_always(
    False,
    "_utils.is_compiling",
    "_dynamo.external_utils.is_compiling",
    "onnx.is_in_onnx_export",
    "is_vulkan_available",
)
_always(
    False,
    "overrides.has_torch_function",
    "overrides.has_torch_function_unary",
    "overrides.has_torch_function_variadic",
)
_always(False, "_C._is_tracing", "fx._symbolic_trace.is_fx_tracing", "jit._trace.is_tracing")
_always(
    None,
    "_dynamo.reset",
    "compiler.reset",
    "_dynamo.mark_dynamic",
    "_dynamo.mark_static",
    "_dynamo.mark_static_address",
    "_dynamo.maybe_mark_dynamic",
    "_dynamo.mark_unbacked",
    "_dynamo.graph_break",
)
_always(None, "jit.save", "jit.set_fusion_strategy", "jit.enable_onednn_fusion")
_always(
    None,
    "_C._jit_set_profiling_executor",
    "_C._jit_set_profiling_mode",
    "_C._log_api_usage_once",
    "_logging.set_logs",
)
_always(
    None, "_C._jit_override_can_fuse_on_gpu", "_C._jit_override_can_fuse_on_cpu", "_C._jit_set_bailout_depth"
)


@function("torch.jit.annotate")
def annotate(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """annotate(type, value)."""
    return args[1] if len(args) > 1 else keywords.get("the_value")


@function("torch.jit.isinstance")
@takes("obj, target_type")
def isinstance_(world: World, obj: Any, target_type: Any) -> Any:
    from shapelint.interp import classes

    return classes.is_instance(world, obj, target_type)


@function("torch._assert", "torch._assert_async")
def assert_(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """torch._assert(condition, message)."""
    from shapelint.interp.control import ProgramRaises
    from shapelint.interp.truth import truth

    asked = args[0] if args else keywords.get("condition")
    if truth(world, asked) is False:
        said = args[1] if len(args) > 1 else keywords.get("message", "")
        raise ProgramRaises("AssertionError", said if isinstance(said, str) else "")
    return None


@function("torchvision.utils._log_api_usage_once", "torchvision.extension._assert_has_ops")
def logged(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    """Said to nobody."""
    return None
