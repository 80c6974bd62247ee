"""Layers of torch's that are built alike: what the constructor made of the same arguments before is made again, not worked out.

Exact, since a layer's constructor is a function of its arguments and of the default dtype: only what is told apart by these
alone is kept (plain arguments; nothing assumed, refused or counted meanwhile), and every layer gets tensors of its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from shapelint.interp.world import World
from shapelint.specs.registry import Layer
from shapelint.values import DType, Module, Tensor, nesting

_PLAIN = (int, str, bool, type(None), DType)
_MOST = 4_000  # layers that are told apart in one run


class Template(NamedTuple):
    """What a constructor leaves behind: attributes, with parameters and buffers as patterns of tensors."""

    attrs: tuple[tuple[str, Any, bool], ...]  # name, value, whether it is a tensor to be made anew
    buffers: dict[str, bool]
    slots_none: dict[str, str]


class Before(NamedTuple):
    """What would tell that a constructor did more than fill its layer."""

    clock: int
    steps: int
    failures: int
    said: int


def key_of(world: World, entry: Layer, module: Any, args: list[Any], keywords: dict[str, Any]) -> Any:
    """What tells one construction from another; None where more than plain arguments does, or the layer is not a new one."""
    if (
        not world.once
        or module.__class__ is not Module
        or module.attrs
        or module.buffers
        or module.slots_none
    ):
        return None
    given = [_plain(value) for value in args]
    named = [(name, _plain(value)) for name, value in keywords.items()]
    if None in given or any(value is None for _, value in named):
        return None
    return entry.name, world.default_dtype, tuple(given), tuple(named)


def _plain(value: Any) -> Any:
    """A plain value with its type, which `==` does not tell (1, True and 1.0); None for anything else."""
    return None if value.__class__ is tuple and nesting.endless(value) else _typed(value)


def _typed(value: Any) -> Any:
    kind = value.__class__
    if kind in _PLAIN:
        return kind, value
    if kind is float:
        return kind, repr(value)
    if kind is tuple:
        parts = tuple([_typed(part) for part in value])
        return None if None in parts else (kind, parts)
    return None


def before(world: World) -> Before:
    return Before(world.clock, world.steps, world.failures, len(world.facts))


def keep(world: World, key: Any, module: Module, began: Before) -> None:
    """Remember what a constructor has made, where that is all it did."""
    if began != before(world) or len(world.equal_layers) >= _MOST:
        return
    if module.incomplete or module.hooks or module.hidden or not module.initialised:
        return
    attrs = []
    seen: set[int] = set()
    for name, value in module.attrs.items():
        is_tensor = value.__class__ is Tensor
        if is_tensor and (id(value) in seen or not _is_pattern(value)):
            return
        if not is_tensor and value.__class__ is not float and _plain(value) is None:
            return
        seen.add(id(value))
        attrs.append((name, _again(value) if is_tensor else value, is_tensor))
    template = Template(tuple(attrs), dict(module.buffers), dict(module.slots_none))
    world.equal_layers[key] = module.template = template


def unchanged(module: Module) -> list[Tensor] | None:
    """The tensors of a layer that is all of what its template made, but for its mode; None for any other module."""
    template: Template | None = module.template
    if (
        template is None
        or len(module.attrs) != len(template.attrs)
        or module.hidden
        or module.payload is not None
        or not module.initialised
        or module.buffers != template.buffers
        or module.slots_none != template.slots_none
    ):
        return None
    tensors: list[Tensor] = []
    for (name, held), (wanted, value, is_tensor) in zip(module.attrs.items(), template.attrs, strict=True):
        if name != wanted:
            return None
        if is_tensor:
            if held.__class__ is not Tensor or not _is_as_made(held, value):
                return None
            if any(held is other for other in tensors):
                return None
            tensors.append(held)
        elif held is not value and name != "training":
            return None
    return tensors


def _is_as_made(tensor: Tensor, pattern: Tensor) -> bool:
    return (
        tensor._box is pattern._box
        and tensor.dtype == pattern.dtype
        and tensor.requires_grad is pattern.requires_grad
        and tensor.kind == pattern.kind
        and tensor.data is pattern.data
        and tensor.made is None
        and tensor.layout is pattern.layout
        and tensor.name is pattern.name
        and tensor.extra is None
        and tensor.after_failure is pattern.after_failure
        and tensor.marks == pattern.marks
    )


def _is_pattern(tensor: Tensor) -> bool:
    """Whether a tensor is told by its own plain fields."""
    return tensor.made is None and tensor.extra is None and all(d.__class__ is int for d in _sizes(tensor))


def _sizes(tensor: Tensor) -> tuple[Any, ...]:
    return tensor.box if isinstance(tensor.box, tuple) else (None,)


def _again(tensor: Tensor) -> Tensor:
    made = Tensor(
        tensor.box, tensor.dtype, kind=tensor.kind, requires_grad=tensor.requires_grad, data=tensor.data
    )
    made.marks, made.name, made.after_failure = tensor.marks, tensor.name, tensor.after_failure
    made.layout = tensor.layout
    return made


def fill(world: World, template: Template, module: Module) -> None:
    """What the constructor would do to a new layer, whose attributes the journal has been told of."""
    module.initialised = True
    module.template = template
    attrs = module.attrs
    for name, value, is_tensor in template.attrs:
        attrs[name] = _again(value) if is_tensor else value
    if template.buffers:
        world.journal.touch(module.buffers)
        module.buffers.update(template.buffers)
    module.slots_none.update(template.slots_none)
