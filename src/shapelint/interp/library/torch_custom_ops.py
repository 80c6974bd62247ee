"""torch.library: operators that a program makes of its own functions, and finds again under torch.ops.

What an operator gives has the shape that its fake implementation says: that is what torch wants of one. torch's counter sees the
operator and not what it computes.
"""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.host import host_constructors
from shapelint.interp.host.host_calls import method, takes
from shapelint.interp.library import function
from shapelint.interp.library.functools import IDENTITY, is_function
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, External, Instance, Undetermined

_PREFIX = "torch.ops."


def _made(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    raise Undetermined("an operator that is not made by torch.library.custom_op")


OPERATOR = host_constructors.supply("CustomOpDef", "torch._library.custom_ops.CustomOpDef", _made)


def _key(name: str) -> tuple[str, str]:
    return "torch.ops", name


def _by_name(world: World) -> None:
    """An operator is looked for or entered under its name, where no name of the program tells of it."""
    if world.recording is not None:
        world.recording.spoilt = True


@function("torch.library.custom_op")
@takes("name, fn=None, *, mutates_args=(), device_types=None, schema=None, tags=None")
def custom_op(
    world: World, name: Any, fn: Any, mutates_args: Any, device_types: Any, schema: Any, tags: Any
) -> Any:
    """`custom_op("space::name", …)(function)`: the operator."""
    if not isinstance(name, str):
        raise Undetermined("an operator's name is not known")

    def make(world: World, fn: Any) -> Instance:
        made = Instance(OPERATOR)
        made.attrs.update({"_name": name, "_fn": fn, "_fake": None})
        _by_name(world)
        world.journal.touch(world.library)
        world.library[_key(name)] = made
        return made

    if fn is not None:
        return make(world, fn)
    return Builtin("custom_op", takes("fn")(make))


@function("torch.library.register_fake", "torch.library.impl_abstract")
@takes("op, func=None, /, *, lib=None, _stacklevel=1, allow_override=False")
def register_fake(world: World, op: Any, func: Any, **options: Any) -> Any:
    """`register_fake(op)(function)`: the function is given back."""
    _by_name(world)
    known = op if isinstance(op, Instance) else world.library.get(_key(op)) if isinstance(op, str) else None
    if known is None or known.cls is not OPERATOR:
        return IDENTITY if func is None else func
    return _fake(world, known, func)


def _fake(world: World, self: Instance, fn: Any) -> Any:
    def take(world: World, fn: Any) -> Any:
        world.journal.touch(self.attrs)
        self.attrs["_fake"] = fn
        return fn

    return Builtin("register_fake", takes("fn")(take)) if fn is None else take(world, fn)


def _run(world: World, self: Instance, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    fake = self.attrs["_fake"]
    record = world.calls[-1] if world.calls else None
    before = record.macs if record is not None else 0
    result = calls.call(world, fake if fake is not None else self.attrs["_fn"], args, keywords)
    if fake is not None or (record is not None and record.macs is not before):
        world.gap(f"what the operator {self.attrs['_name']} computes is not counted")
    return result


def _registered(world: World, self: Instance, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    last = args[-1] if args else None
    return last if last is not None and is_function(last) else IDENTITY


method(OPERATOR, "__call__", "*args, **keywords", _run)
method(OPERATOR, "register_fake", "fn=None", _fake)
for (
    _name
) in "register_autograd register_kernel register_vmap register_autocast register_torch_dispatch".split():
    method(OPERATOR, _name, "*args, **keywords", _registered)


def found(world: World, name: External) -> Instance | None:
    """The operator behind `torch.ops.space.name`, also with an overload named."""
    if not name.qualname.startswith(_PREFIX):
        return None
    _by_name(world)
    parts = name.qualname[len(_PREFIX) :].split(".")
    held = world.library.get(_key("::".join(parts[:2]))) if len(parts) > 1 else None
    return held if isinstance(held, Instance) else None
