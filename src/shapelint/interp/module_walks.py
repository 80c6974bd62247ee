"""Walking a module: `parameters()`, `named_modules()`, `state_dict()`, `apply(…)`."""

from __future__ import annotations

from typing import Any

from shapelint.interp import attributes, calls, module_tree
from shapelint.interp.world import World
from shapelint.values import Dict, Iterator, Module, Tensor, Undetermined, Unknown


def _whole(module: Module) -> None:
    """Walking is exact only when nothing is hidden."""
    for gap in module_tree.gaps(module):
        raise Undetermined(gap.why)


def parameters(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    _whole(args[0])
    return Iterator([t for _, t in _walk_parameters(args, keywords)])


def named_parameters(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    _whole(args[0])
    prefix = keywords.get("prefix", args[1] if len(args) > 1 else "")
    return Iterator([(f"{prefix}.{n}" if prefix else n, t) for n, t in _walk_parameters(args, keywords)])


def _once(keywords: dict[str, Any]) -> bool:
    return keywords.get("remove_duplicate", True) is not False


def _walk_parameters(args: tuple[Any, ...], keywords: dict[str, Any]) -> list[tuple[str, Tensor]]:
    module = args[0]
    module.history.walked = True
    recurse = keywords.get("recurse", True)
    if recurse is False:
        return list(module_tree.own_parameters(module))
    return list(module_tree.named_parameters(module, once=_once(keywords)))


def buffers(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([t for _, t in module_tree.named_buffers(args[0])])


def named_buffers(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([(n, t) for n, t in module_tree.named_buffers(args[0], once=_once(keywords))])


def children(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([m for _, m in module_tree.children(args[0])])


def named_children(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([(n, m) for n, m in module_tree.children(args[0])])


def modules(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return Iterator([m for _, m in module_tree.named_modules(args[0])])


def named_modules(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    prefix = keywords.get("prefix", "")
    return Iterator(
        [
            (".".join(p for p in (prefix, n) if p), m)
            for n, m in module_tree.named_modules(args[0], once=_once(keywords))
        ]
    )


def state_dict(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module = args[0]
    module.history.walked = True
    items: dict[Any, Any] = {}
    for path, inner in module_tree.named_modules(module):
        for name, tensor in (*module_tree.own_parameters(inner), *module_tree.own_buffers(inner)):
            if tensor.kind == "parameter" or inner.buffers.get(name, True):
                items[f"{path}.{name}" if path else name] = tensor
    return Dict(items, next((Unknown(g.why) for g in module_tree.gaps(module)), None), kind="OrderedDict")


def apply(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    module, function = args[0], args[1] if len(args) > 1 else keywords["fn"]
    for _, child in list(module_tree.children(module)):
        calls.call(world, attributes.get(world, child, "apply"), (function,), {})
    calls.call(world, function, (module,), {})
    return module


def submodule(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    target = args[1] if len(args) > 1 else keywords["target"]
    value: Any = args[0]
    if not isinstance(target, str):
        return attributes.part_of(args[0], "a layer whose name is not known")
    for part in target.split(".") if target else ():
        value = attributes.get(world, value, part)
    return value
