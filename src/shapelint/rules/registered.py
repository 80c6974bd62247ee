"""What a program's modules hold, told from the facts: which layers and parameters some module or optimizer has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shapelint import facts
from shapelint.rules.base import Context
from shapelint.values import Dict, List, Module, Tensor

_DEPTH = 3


def parameters(module: Module) -> Iterator[Tensor]:
    """All parameters of a module and below it."""
    seen = {id(module)}
    ahead = [(module.hidden, iter(module.attrs.items()))]
    while ahead:
        hidden, rest = ahead[-1]
        for name, value in rest:
            if isinstance(value, Tensor):
                if value.is_parameter and name not in hidden:
                    yield value
            elif isinstance(value, Module) and id(value) not in seen and name not in hidden:
                seen.add(id(value))
                ahead.append((value.hidden, iter(value.attrs.items())))
                break
        else:
            ahead.pop()


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


def held_parameters(said: Sequence[facts.Fact], context: Context) -> set[int]:
    """The parameters that some module has registered, and the tensors that some optimizer has, by identity; gathered once."""
    held = context.memo.get("held parameters")
    if isinstance(held, set):
        return held
    found: set[int] = set()
    for fact in said:
        if isinstance(fact, facts.ModuleBuilt):
            found |= {id(v) for v in fact.module.attrs.values() if isinstance(v, Tensor) and v.is_parameter}
        elif isinstance(fact, facts.OptimizerBuilt) and fact.parameters is not None:
            found |= {id(t) for t in fact.parameters}
    context.memo["held parameters"] = found
    return found


def built(said: Sequence[facts.Fact], context: Context) -> Iterable[facts.ModuleBuilt]:
    """The modules of classes that the program itself wrote, each once; gathered once."""
    held = context.memo.get("built")
    if isinstance(held, dict):
        return held.values()
    found: dict[int, facts.ModuleBuilt] = {}
    for fact in said:
        if isinstance(fact, facts.ModuleBuilt) and fact.module.cls.node is not None:
            found.setdefault(id(fact.module), fact)
    context.memo["built"] = found
    return found.values()


def overrides(module: Module, *names: str) -> bool:
    """Whether a class of the program defines one of these methods itself."""
    return any(name in cls.attrs for cls in module.cls.mro if cls.node is not None for name in names)
