"""What an nn.Module holds: children, parameters, buffers, each once, in torch's order; and what may hide more of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shapelint.values import Either, Module, Tensor, Unknown


def children(module: Module) -> Iterator[tuple[str, Module]]:
    """Direct children by name (one that is held twice is given once, as torch does)."""
    seen: set[int] = set()
    for name, value in module.attrs.items():
        if isinstance(value, Module) and name not in module.hidden and id(value) not in seen:
            seen.add(id(value))
            yield name, value


def named_modules(
    module: Module, prefix: str = "", seen: set[int] | None = None, *, once: bool = True
) -> Iterator[tuple[str, Module]]:
    """The module and all below it, depth first, each once; or under every name that reaches it."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen = seen if once else set(seen)
    seen.add(id(module))
    yield prefix, module
    for name, value in module.attrs.items():
        if isinstance(value, Module) and name not in module.hidden:
            yield from named_modules(value, f"{prefix}.{name}" if prefix else name, seen, once=once)


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
    """What may hide parameters: layers that could not be built, attributes that may be modules."""
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
            elif isinstance(value, Either) and any(map(_holds, value.options)) and not _bare(value):
                yield Unknown(f"what {inner.cls.name}.{name} holds is not known: {value.why}", inner.built_at)


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
