"""copy.deepcopy."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Dict, Function, Instance, List, Module, Set, Tensor


def copy(world: World, value: Any, memo: dict[int, Any]) -> Any:
    """copy.deepcopy of a program value: containers, modules and tensors become new objects, everything else is shared."""
    if id(value) in memo:
        return memo[id(value)]
    world.step()
    made: Any
    if isinstance(value, Module):
        made = Module(value.cls)
        memo[id(value)] = made
        made.initialised, made.built_at = value.initialised, value.built_at
        made.buffers, made.hidden = dict(value.buffers), set(value.hidden)
        made.incomplete = list(value.incomplete)
        made.attrs = {k: copy(world, v, memo) for k, v in value.attrs.items()}
        made.hooks = [(kind, copy(world, hook, memo)) for kind, hook in value.hooks]
        made.payload = value.payload
    elif isinstance(value, Instance):
        if value.cls.kind == "enum":
            return value
        hook = calls.special(value, "__deepcopy__")
        if isinstance(hook, Function):
            made = calls.call(world, hook, (value, Dict({})), {})
            memo[id(value)] = made
            return made
        made = Instance(value.cls)
        memo[id(value)] = made
        made.attrs = {k: copy(world, v, memo) for k, v in value.attrs.items()}
        made.payload = copy(world, value.payload, memo)
    elif isinstance(value, Tensor):
        made = Tensor(
            value.box, value.dtype, kind=value.kind, requires_grad=value.requires_grad, data=value.data
        )
        made.made = value.made
        made.after_failure = value.after_failure
        memo[id(value)] = made
    elif isinstance(value, List):
        made = List([], value.open)
        memo[id(value)] = made
        made.items = [copy(world, v, memo) for v in value.items]
        made.made_from = value.made_from
    elif isinstance(value, Dict):
        made = Dict({}, value.open, default=value.default, kind=value.kind)
        memo[id(value)] = made
        made.items = {k: copy(world, v, memo) for k, v in value.items.items()}
        if value.attrs is not None:
            made.attrs = {k: copy(world, v, memo) for k, v in value.attrs.items()}
    elif isinstance(value, Set):
        made = Set(dict(value.items), value.open, frozen=value.frozen)
        memo[id(value)] = made
    elif type(value) is tuple:
        made = memo[id(value)] = tuple(copy(world, v, memo) for v in value)
    elif isinstance(value, BoundMethod):
        made = BoundMethod(value.function, copy(world, value.receiver, memo))
    else:
        return value
    return made
