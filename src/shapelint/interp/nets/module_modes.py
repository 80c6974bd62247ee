"""What changes a whole module at once: training mode, `requires_grad_`, device and dtype."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from shapelint.interp import calls
from shapelint.interp.nets import module_tree
from shapelint.interp.tensors import placement
from shapelint.interp.world import World
from shapelint.values import Device, DType, Either, External, Function, Module, Tensor, Unknown
from shapelint.values.torch_types import is_complex, is_float


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
    dtype = _dtype_given(args[1:], keywords)
    if dtype is not None:
        _cast(world, args[0], dtype, also_complex=True)
    placement.given(world, given)
    return moved(world, args, keywords) if any(map(_is_elsewhere, given)) else args[0]


def _dtype_given(args: tuple[Any, ...], keywords: dict[str, Any]) -> DType | Unknown | None:
    """The dtype among the arguments of `to`; unknown where one of them may be one, None where none is."""
    for value in (*args[:2], keywords.get("dtype"), keywords.get("tensor")):
        if isinstance(value, Tensor):
            return DType(value.dtype) if value.dtype is not None else Unknown("the tensor's dtype")
        if isinstance(value, DType):
            return value
        if isinstance(value, (Unknown, Either, External)) and not _is_named_device(value):
            return Unknown("a dtype, or a device")
    return None


def _is_named_device(value: Any) -> bool:
    if isinstance(value, Either):
        return all(isinstance(option, (str, Device)) or option is None for option in value.options)
    name = value.qualname if isinstance(value, External) else value.name
    return "device" in (name or "")


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


def _cast(world: World, module: Module, dtype: DType | Unknown, also_complex: bool = False) -> None:
    """Puts the floating-point parameters and buffers in another dtype; those of unknown dtype may be of integers, and stay so."""
    name = dtype.name if isinstance(dtype, DType) else None
    for tensor in _tensors(module):
        if is_float(tensor.dtype) or (also_complex and is_complex(tensor.dtype)):
            world.journal.touch_slot(tensor, "dtype")
            tensor.dtype = name


def caster(dtype: str) -> Callable[..., Any]:
    """`half()` and its like: what is complex stays, unlike by `to`."""

    def cast(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        _cast(world, args[0], DType(dtype))
        return moved(world, args, keywords) if dtype != "float32" else args[0]

    return cast


def retype(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`type(dst_type)`: everything that the module holds, counters and masks too."""
    given = args[1] if len(args) > 1 else keywords.get("dst_type")
    for tensor in _tensors(args[0]):
        world.journal.touch_slot(tensor, "dtype")
        tensor.dtype = given.name if isinstance(given, DType) else None
    return moved(world, args, keywords)


def _tensors(module: Module) -> Iterator[Tensor]:
    for _, inner in module_tree.named_modules(module):
        for _, tensor in (*module_tree.own_parameters(inner), *module_tree.own_buffers(inner)):
            yield tensor
