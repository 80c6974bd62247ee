"""How many parameters a module has, each counted once; None where that is not known for sure."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint import dims
from shapelint.values import Module, Tensor, Unknown


def modules_in(module: Module, path: str = "") -> Iterator[tuple[str, Module]]:
    """A module and all below it, each once."""
    seen: set[int] = set()
    waiting = [(path, module)]
    while waiting:
        name, at = waiting.pop()
        if id(at) in seen:
            continue
        seen.add(id(at))
        yield name, at
        for attr, value in at.attrs.items():
            if isinstance(value, Module) and attr not in at.hidden:
                waiting.append((f"{name}.{attr}" if name else attr, value))


def parameters_of(*modules: Module) -> dict[int, tuple[str, Tensor]] | None:
    """All parameters by identity, with their last names; None when there may be more."""
    found: dict[int, tuple[str, Tensor]] = {}
    for root in modules:
        for _, module in modules_in(root):
            if module.incomplete or module.cls.unknown_base is not None:
                return None
            for name, value in module.attrs.items():
                if isinstance(value, Unknown) and value.name is None and not value.plain:
                    return None
                if isinstance(value, Tensor) and value.is_parameter and name not in module.hidden:
                    found[id(value)] = (name, value)
    return found


def count(*modules: Module) -> int | None:
    """The number of parameters of several modules together, shared ones once."""
    found = parameters_of(*modules)
    return total(found) if found is not None else None


def total(found: dict[int, tuple[str, Tensor]]) -> int | None:
    sum_of = 0
    for _, tensor in found.values():
        number = dims.witness(tensor.numel) if tensor.known else None
        if number is None:
            return None
        sum_of += number
    return sum_of
