"""What an nn.Module holds: children, parameters, buffers, each once, in torch's order; and what may hide more of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shapelint.interp.world import World
from shapelint.values import Either, Instance, Module, Tensor, Unknown


def children(module: Module) -> Iterator[tuple[str, Module]]:
    """Direct children by name (one that is held twice is given once, as torch does)."""
    seen: set[int] = set()
    for name, value in module.attrs.items():
        if isinstance(value, Module) and name not in module.hidden and id(value) not in seen:
            seen.add(id(value))
            yield name, value


def named_modules(module: Module, *, once: bool = True) -> Iterator[tuple[str, Module]]:
    """The module and all below it, depth first, each once; or under every name that reaches it."""
    found: list[tuple[str, Module]] = []
    _gather(module, "", set(), once, found)
    return iter(found)


def _gather(module: Module, path: str, seen: set[int], once: bool, found: list[tuple[str, Module]]) -> None:
    if id(module) in seen:
        return
    seen = seen if once else set(seen)
    seen.add(id(module))
    found.append((path, module))
    for name, value in module.attrs.items():
        if isinstance(value, Module) and name not in module.hidden:
            _gather(value, f"{path}.{name}" if path else name, seen, once, found)


def own_parameters(module: Module) -> Iterator[tuple[str, Tensor]]:
    for name, value in module.attrs.items():
        if isinstance(value, Tensor) and value.kind == "parameter" and name not in module.hidden:
            yield name, value


def own_buffers(module: Module) -> Iterator[tuple[str, Tensor]]:
    for name, value in module.attrs.items():
        if isinstance(value, Tensor) and name in module.buffers:
            yield name, value


def named_parameters(module: Module, prefix: str = "", *, once: bool = True) -> Iterator[tuple[str, Tensor]]:
    """All parameters, each once however many names reach it; or under each of its names."""
    seen: set[int] = set()
    for path, inner in named_modules(module, once=once):
        for name, tensor in own_parameters(inner):
            if not once or id(tensor) not in seen:
                seen.add(id(tensor))
                yield ".".join(p for p in (prefix, path, name) if p), tensor


def named_buffers(module: Module, *, once: bool = True) -> Iterator[tuple[str, Tensor]]:
    seen: set[int] = set()
    for path, inner in named_modules(module, once=once):
        for name, tensor in own_buffers(inner):
            if not once or id(tensor) not in seen:
                seen.add(id(tensor))
                yield f"{path}.{name}" if path else name, tensor


def gaps(module: Module) -> Iterator[Unknown]:
    """What may hide parameters: layers that could not be built, attributes that may be modules, and parameters of which it is not
    known whether they are one."""
    undecided: list[tuple[Module, str, Tensor]] = []
    for _, inner in named_modules(module):
        yield from inner.incomplete
        base = inner.cls.unknown_base
        if base is not None:
            yield base if isinstance(base, Unknown) else Unknown("a base class is not known")
        for name, value in inner.attrs.items():
            if name in inner.hidden:
                continue
            if isinstance(value, Unknown) and may_be_module(value):
                yield value
            elif may_be_layer(value, inner, name):
                yield Unknown(f"what {value.cls.name} derives from is not known", inner.built_at)
            elif isinstance(value, Either) and any(map(_holds, value.options)) and not _bare(value):
                yield Unknown(f"what {inner.cls.name}.{name} holds is not known: {value.why}", inner.built_at)
            elif isinstance(value, Tensor) and value.made is not None and value.made.op == "either":
                undecided.append((inner, name, value))
    if undecided:
        yield from _perhaps_shared(module, undecided)


def has_hidden(module: Module) -> str | None:
    """Why a module may have children under names that are not known."""
    for gap in module.incomplete:
        return str(gap.why)
    base = module.cls.unknown_base
    if base is None:
        return None
    return str(base.why) if isinstance(base, Unknown) else "a base class is not known"


def perhaps_children(module: Module) -> Iterator[tuple[str, Any]]:
    """The attributes of a module that are no module for certain and may be one."""
    for name, value in module.attrs.items():
        if name in module.hidden or isinstance(value, Module):
            continue
        options = value.options if isinstance(value, Either) else (value,)
        if any(_may_be_child(option, module, name) for option in options):
            yield name, value


def _may_be_child(value: Any, holder: Module, name: str) -> bool:
    if isinstance(value, Unknown):
        return may_be_module(value)
    return isinstance(value, Module) or may_be_layer(value, holder, name)


def may_be_layer(value: Any, holder: Module, name: str) -> bool:
    """Whether an object of a class whose base is not known looks like a layer: it has a forward, holds layers or parameters, stands
    where containers have theirs, or is called by who holds it. (Most others are settings.)"""
    if not _derives_from_unknown(value):
        return False
    return (
        name.isdigit()
        or any("forward" in c.attrs for c in value.cls.mro)
        or any(
            isinstance(held, Module) or (isinstance(held, Tensor) and held.is_parameter)
            for held in value.attrs.values()
        )
        or _is_called(holder, name)
    )


def perhaps_layers(module: Module) -> Iterator[Instance]:
    """Whatever may be a layer, though it does not look like one: objects of classes whose base is not known."""
    for _, inner in named_modules(module):
        for value in inner.attrs.values():
            if _derives_from_unknown(value):
                yield value


def _derives_from_unknown(value: Any) -> bool:
    return (
        isinstance(value, Instance) and not isinstance(value, Module) and value.cls.unknown_base is not None
    )


def _is_called(holder: Module, name: str) -> bool:
    """Whether the text of a class that the program wrote calls what it holds under this name."""
    texts = (c.namespace.file.text for c in holder.cls.mro if c.namespace is not None and c.namespace.file)
    return any(f"self.{name}(" in text for text in texts)


def _perhaps_shared(module: Module, undecided: list[tuple[Module, str, Tensor]]) -> Iterator[Unknown]:
    """Of tensors that are one of several: those that may be a parameter or buffer that is held elsewhere too, or none at all."""
    held: dict[int, int] = {}
    for _, tensor in (*named_parameters(module), *named_buffers(module)):
        for part in _parts(tensor):
            held[id(part)] = held.get(id(part), 0) + 1
    for inner, name, tensor in undecided:
        parts = list(_parts(tensor))
        odd = tensor.kind != "parameter" and any(part.kind == "parameter" for part in parts)
        if odd or (tensor.kind != "tensor" and any(held.get(id(part), 0) > 1 for part in parts)):
            yield Unknown(
                f"which tensor {inner.cls.name}.{name} is depends on a condition that is not known",
                inner.built_at,
            )


def _parts(tensor: Tensor) -> Iterator[Tensor]:
    """The tensors that it may be, each once: itself, or those that it was joined of."""
    seen = {id(tensor)}
    pending = [tensor]
    while pending:
        at = pending.pop()
        if at.made is None or at.made.op != "either":
            yield at
            continue
        for part in at.made.parents:
            if isinstance(part, Tensor) and id(part) not in seen:
                seen.add(id(part))
                pending.append(part)


def _bare(value: Either) -> bool:
    """Whether nothing that it may be has parameters or buffers: then it does not matter which it is."""
    return all(
        option is None or (isinstance(option, Module) and next(_contents(option), None) is None)
        for option in value.options
    )


def _contents(module: Module) -> Iterator[object]:
    yield from named_parameters(module)
    yield from named_buffers(module)
    yield from gaps(module)


def _holds(value: Any) -> bool:
    return (
        isinstance(value, Module)
        or (isinstance(value, Tensor) and value.is_parameter)
        or (isinstance(value, Unknown) and may_be_module(value))
    )


def may_be_module(value: Unknown) -> bool:
    """Whether an unknown attribute may be a layer: not when it was used as a number, and an argument (or what hangs on
    one) only when it was called."""
    if value.symbol is not None or value.plain:
        return False
    if value.name is not None:
        return "called" in value.members
    return True


def doubt_members(world: World, module: Module, why: str) -> None:
    """From here on a module may hold more than is seen."""
    world.journal.touch(module.incomplete)
    module.incomplete.append(Unknown(why, world.site()))
