"""What a program's modules hold, told from the facts: which layers and parameters some module or optimizer has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from shapelint import facts
from shapelint.values import Dict, List, Module, Tensor

_DEPTH = 3


def parameters(module: Module, seen: set[int] | None = None) -> Iterator[Tensor]:
    """All parameters of a module and below it."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen.add(id(module))
    for name, value in module.attrs.items():
        if name in module.hidden:
            continue
        if isinstance(value, Tensor) and value.is_parameter:
            yield value
        elif isinstance(value, Module):
            yield from parameters(value, seen)


def trainable(module: Module) -> bool:
    return any(t.requires_grad is not False for t in parameters(module))


def listed(value: Any, depth: int = 0) -> Iterator[Any]:
    """Layers and parameters in a plain list, dict or tuple, nested ones too."""
    if isinstance(value, (Module, Tensor)):
        if depth:
            yield value
    elif depth < _DEPTH:
        if isinstance(value, List):
            items: Any = [*value.items, *([value.made_from] if value.open is not None else [])]
        elif isinstance(value, Dict):
            items = list(value.items.values())
        else:
            items = value if isinstance(value, tuple) else ()
        for item in items:
            yield from listed(item, depth + 1)


def held_parameters(said: Sequence[facts.Fact]) -> set[int]:
    """The parameters that some module has registered, and the tensors that some optimizer has, by identity."""
    found: set[int] = set()
    for fact in said:
        if isinstance(fact, facts.ModuleBuilt):
            found |= {id(v) for v in fact.module.attrs.values() if isinstance(v, Tensor) and v.is_parameter}
        elif isinstance(fact, facts.OptimizerBuilt) and fact.parameters is not None:
            found |= {id(t) for t in fact.parameters}
    return found


def built(said: Sequence[facts.Fact]) -> Iterator[facts.ModuleBuilt]:
    """The modules of classes that the program itself wrote, each once."""
    seen: set[int] = set()
    for fact in said:
        if (
            isinstance(fact, facts.ModuleBuilt)
            and fact.module.cls.node is not None
            and id(fact.module) not in seen
        ):
            seen.add(id(fact.module))
            yield fact


def overrides(module: Module, *names: str) -> bool:
    """Whether a class of the program defines one of these methods itself."""
    return any(name in cls.attrs for cls in module.cls.mro if cls.node is not None for name in names)
