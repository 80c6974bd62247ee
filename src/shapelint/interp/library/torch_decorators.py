"""What torch wraps functions and modules in without changing what they compute: torch.jit, torch.compile, torch.fx, …"""

from __future__ import annotations

from typing import Any

from shapelint.interp.library import constant, function
from shapelint.interp.library.functools import IDENTITY, is_function
from shapelint.interp.world import World
from shapelint.values import External, Unknown


def given_back(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`@name` and `@name(…)`: the function or module itself, or a decorator that gives it."""
    first = args[0] if args else next((keywords[k] for k in _SUBJECTS if keywords.get(k) is not None), None)
    if isinstance(first, Unknown) or (first is not None and is_function(first)):
        return first
    return IDENTITY


_SUBJECTS = ("obj", "model", "fn", "func", "mod")

for _name in (
    "jit.script jit.script_method jit.ignore jit.export jit.unused jit.script_if_tracing jit.interface jit._overload "
    "jit._overload_method jit.optimize_for_inference jit.freeze jit._script_if_tracing jit.trace_module "
    "compile compiler.disable compiler.allow_in_graph compiler.assume_constant_result compiler.substitute_in_graph "
    "_dynamo.disable _dynamo.allow_in_graph _dynamo.disallow_in_graph _dynamo.optimize "
    "_dynamo.assume_constant_result _disable_dynamo compiler.set_stance _C._jit_script_class_compile "
    "fx.wrap fx.symbolic_trace "
    "overrides.wrap_torch_function utils._python_dispatch.is_traceable_wrapper_subclass_method"
).split():
    function(f"torch.{_name}")(given_back)


def _decorator(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`@name("key", …)`: the arguments are about the function, which is given back."""
    last = args[-1] if args else None
    return last if last is not None and len(args) > 1 and is_function(last) else IDENTITY


for _name in (
    "library.custom_op library.register_fake library.register_kernel library.impl library.impl_abstract "
    "library.register_autograd library.register_vmap library.triton_op library.wrap_triton "
    "library.opcheck fx._symbolic_trace.wrap autograd.function.once_differentiable autograd.once_differentiable "
    "autograd.function._is_setup_context_defined"
).split():
    function(f"torch.{_name}")(_decorator)

for _name in ("jit.Final", "jit.Attribute", "jit.ScriptFunction", "jit.Future"):
    constant(f"torch.{_name}", External(f"torch.{_name}"))


def _always(value: Any, *names: str) -> None:
    """Functions that give the same in every ordinary run."""
    for name in names:
        function(f"torch.{name}")(lambda world, args, keywords: value)


_always(False, "jit.is_scripting", "jit.is_tracing", "_jit_internal.is_scripting", "_C._get_tracing_state")
_always(False, "compiler.is_compiling", "compiler.is_dynamo_compiling", "compiler.is_exporting", "_dynamo.is_compiling")
_always(False, "_utils.is_compiling", "_dynamo.external_utils.is_compiling", "onnx.is_in_onnx_export", "is_vulkan_available")
_always(False, "overrides.has_torch_function", "overrides.has_torch_function_unary", "overrides.has_torch_function_variadic")
_always(False, "_C._is_tracing", "fx._symbolic_trace.is_fx_tracing", "utils._pytree.is_namedtuple", "jit._trace.is_tracing")
_always(None, "_dynamo.reset", "compiler.reset", "_dynamo.mark_dynamic", "_dynamo.mark_static", "_dynamo.graph_break")
_always(None, "_check", "_check_is_size", "jit.save", "jit.set_fusion_strategy", "jit.enable_onednn_fusion")
_always(None, "_C._jit_set_profiling_executor", "_C._jit_set_profiling_mode", "_C._log_api_usage_once", "_logging.set_logs")
_always(None, "_C._jit_override_can_fuse_on_gpu", "_C._jit_override_can_fuse_on_cpu", "_C._jit_set_bailout_depth")


@function("torch.jit.annotate")
def annotate(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """annotate(type, value)."""
    return args[1] if len(args) > 1 else keywords.get("the_value")


@function("torch.jit.isinstance")
def isinstance_(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import classes

    return classes.is_instance(world, args[0], args[1])


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
