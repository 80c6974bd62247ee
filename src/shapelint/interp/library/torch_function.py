"""torch.autograd: functions with a backward of their own, Variable, gradients of outputs."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls, iterate
from shapelint.interp.control import library_refuses
from shapelint.interp.host import host_classes
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.library.torch_classes import give, nothing, plain_class
from shapelint.interp.tensors import autograd, torch_calls
from shapelint.interp.world import World
from shapelint.values import (
    Builtin,
    Class,
    ClassMethod,
    Instance,
    StaticMethod,
    Tensor,
    Undetermined,
    Unknown,
)

CONTEXT = plain_class("torch.autograd.function.FunctionCtx")
CONTEXT.unknown_base = Unknown("what a context holds", plain=True)
give(
    CONTEXT,
    mark_dirty=nothing,
    mark_non_differentiable=nothing,
    set_materialize_grads=nothing,
    save_for_forward=nothing,
)


def _save(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> None:
    context, *tensors = args
    world.journal.touch(context.attrs)
    context.attrs["saved_tensors"] = tuple(tensors)


give(CONTEXT, save_for_backward=_save)


def _apply(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`F.apply(…)`: forward, with a context first unless the class has a setup_context."""
    cls, *given = args
    assert isinstance(cls, Class)
    forward = _static(cls, "forward")
    if forward is None:
        raise Undetermined(f"{cls.name} has no forward")
    context = Instance(CONTEXT)
    context.attrs["needs_input_grad"] = Unknown("which inputs need gradients", plain=True)
    setup = _static(cls, "setup_context")
    if setup is None:
        return calls.call(world, forward, (context, *given), keywords)
    made = calls.call(world, forward, tuple(given), keywords)
    calls.call(world, setup, (context, tuple(given), made), {})
    return made


def _static(cls: Class, name: str) -> Any:
    try:
        found = cls.find(name)
    except KeyError:
        return None
    return found.function if isinstance(found, StaticMethod) else found


FUNCTION = plain_class(
    "torch.autograd.Function", "torch.autograd.function.Function", "torch.autograd.function.InplaceFunction"
)
FUNCTION.attrs["apply"] = ClassMethod(Builtin("torch.autograd.Function.apply", _apply))


@function("torch.autograd.Variable", "torch.autograd.variable.Variable")
@takes("data, requires_grad=None, volatile=None")
def variable(world: World, data: Any, requires_grad: Any, volatile: Any) -> Any:
    """A leaf with the same numbers: what they were computed from is not part of its graph, whatever the flag says."""
    if not isinstance(data, Tensor):
        return data
    if data.requires_grad is not False:
        data = torch_calls.op(world, "torch.Tensor.detach", (data,), {})
        if not isinstance(data, Tensor):
            return data
    made = data.like()
    made.data, made.made, made.marks, made.extra = data.data, data.made, data.marks, data.extra
    made.requires_grad = requires_grad if isinstance(requires_grad, bool) else False
    if made.requires_grad:
        world.leaves[id(made)] = made
    return made


host_classes.CLASSES["torch.autograd.Variable"] = host_classes.TENSOR
host_classes.CLASSES["torch.autograd.variable.Variable"] = host_classes.TENSOR


@function("torch.autograd.grad")
@takes(
    "outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True, allow_unused=None, "
    "is_grads_batched=False, materialize_grads=False"
)
def grad(
    world: World,
    outputs: Any,
    inputs: Any,
    grad_outputs: Any,
    allow_unused: Any,
    is_grads_batched: Any,
    **_: Any,
) -> Any:
    """A gradient is shaped as what it belongs to."""
    if is_grads_batched is not False:
        raise Undetermined("batched gradients")
    wanted = [inputs] if isinstance(inputs, (Tensor, Unknown)) else iterate.known_items(world, inputs)
    why = autograd.refused_gradients(world, outputs, wanted, grad_outputs)
    if why is not None:
        raise library_refuses("RuntimeError", why)
    return tuple(
        t.like()
        if isinstance(t, Tensor) and (allow_unused is None or allow_unused is False)
        else Unknown("a gradient", world.site())
        for t in wanted
    )
