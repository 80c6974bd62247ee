"""copy: shallow and deep."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.host import deep_copies
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.world import World
from shapelint.values import Deque, Dict, Instance, List, Module, Set, Tensor


@function("copy.deepcopy")
@takes("x, memo=None")
def deepcopy(world: World, x: Any, memo: Any) -> Any:
    return deep_copies.copy(world, x, {})


@function("copy.copy")
@takes("x")
def copy(world: World, x: Any) -> Any:
    own = calls.special(x, "__copy__") if isinstance(x, Instance) else None
    if own is not None:
        return calls.call(world, own, (x,), {})
    return shallow(x)


def shallow(value: Any) -> Any:
    """A new object that holds the same values."""
    made: Any
    if isinstance(value, Module):
        made = Module(value.cls)
        for name in ("initialised", "built_at"):
            setattr(made, name, getattr(value, name))
        made.buffers, made.hidden, made.slots_none = (
            dict(value.buffers),
            set(value.hidden),
            dict(value.slots_none),
        )
        made.hooks, made.incomplete = list(value.hooks), list(value.incomplete)
        made.attrs = dict(value.attrs)
    elif isinstance(value, Instance):
        if value.cls.kind == "enum":
            return value
        made = Instance(value.cls)
        made.attrs = dict(value.attrs)
        made.payload = shallow(value.payload)
    elif isinstance(value, Deque):
        made = Deque(list(value.items), value.open, value.maxlen)
    elif isinstance(value, List):
        made = List(list(value.items), value.open)
        made.made_from = value.made_from
    elif isinstance(value, Dict):
        made = Dict(dict(value.items), value.open, default=value.default, kind=value.kind)
    elif isinstance(value, Set):
        made = Set(dict(value.items), value.open, frozen=value.frozen)
    elif isinstance(value, Tensor):
        made = Tensor(
            value.box, value.dtype, kind=value.kind, requires_grad=value.requires_grad, data=value.data
        )
        made.made, made.after_failure = value.made, value.after_failure
    else:
        return value
    return made
