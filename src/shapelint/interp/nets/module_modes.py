"""What changes a whole module at once: training mode, `requires_grad_`, device and dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import calls
from shapelint.interp.nets import module_tree
from shapelint.interp.tensors import placement
from shapelint.interp.world import World
from shapelint.values import DType, Function, Module, Unknown


def train(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    mode = args[1] if len(args) > 1 else keywords.get("mode", True)
    return set_training(world, args[0], mode)


def eval(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return switch(world, args[0], False)


def switch(world: World, module: Module, training: bool) -> Module:
    """What `module.train(training)` does, by the class's own `train` where it has one."""
    own = module.cls.find("train")
    if isinstance(own, Function):
        calls.call(world, own, (module, training), {})
        return module
    return set_training(world, module, training)


def set_training(world: World, module: Module, mode: Any) -> Module:
    seen: set[int] = set()  # a module may hold itself
    pending = [module]
    while pending:
        layer = pending.pop()
        if id(layer) in seen:
            continue
        seen.add(id(layer))
        world.journal.touch(layer.attrs)
        layer.attrs["training"] = mode
        for child in reversed([child for _, child in module_tree.children(layer)]):
            own = child.cls.find("train")
            if isinstance(own, Function):
                calls.call(world, own, (child, mode), {})
            else:
                pending.append(child)
    return module


def requires_grad(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    flag = args[1] if len(args) > 1 else keywords.get("requires_grad", True)
    for _, tensor in module_tree.named_parameters(args[0]):
        world.journal.touch_slot(tensor, "requires_grad")
        tensor.requires_grad = flag if isinstance(flag, bool) else None
    return args[0]


def to(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    given = (*args[1:], *keywords.values())
    dtype = next((a for a in given if isinstance(a, DType)), None)
    if dtype is not None:
        _cast(world, args[0], dtype.name)
    placement.given(world, given)
    return moved(world, args, keywords) if any(map(_is_elsewhere, given)) else args[0]


def _is_elsewhere(value: Any) -> bool:
    """Whether an argument of `to` may name another place or dtype than everything starts with."""
    name = getattr(value, "type", value)
    return isinstance(value, (DType, Unknown)) or (isinstance(name, str) and not name.startswith("cpu"))


def moved(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """To another device or dtype: the parameters and buffers go, and nothing else."""
    for _, inner in module_tree.named_modules(args[0]):
        inner.history.moved = True
    return args[0]


def cuda(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    placement.elsewhere(world)
    return moved(world, args, keywords)


def _cast(world: World, module: Module, dtype: str) -> None:
    from shapelint.values.torch_types import is_complex, is_float

    for _, inner in module_tree.named_modules(module):
        for _, tensor in (*module_tree.own_parameters(inner), *module_tree.own_buffers(inner)):
            if is_float(tensor.dtype) or is_complex(tensor.dtype) or tensor.dtype is None:
                world.journal.touch_slot(tensor, "dtype")
                tensor.dtype = dtype


def caster(dtype: str) -> Callable[..., Any]:
    def cast(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        _cast(world, args[0], dtype)
        return moved(world, args, keywords) if dtype != "float32" else args[0]

    return cast
