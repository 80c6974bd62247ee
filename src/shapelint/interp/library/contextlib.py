"""contextlib: a generator under @contextmanager is its own manager; ExitStack enters what it is given."""

from __future__ import annotations

from typing import Any

from shapelint.interp import contexts, host_constructors
from shapelint.interp.host_calls import method
from shapelint.interp.library import function
from shapelint.interp.library.functools import IDENTITY
from shapelint.interp.world import World
from shapelint.values import Class, Instance

function("contextlib.contextmanager", "contextlib.asynccontextmanager")(IDENTITY.call)


def _holding(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    made = Instance(cls)
    made.attrs["entered"] = args[0] if args else next(iter(keywords.values()), None)
    return made


def _stack(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    return Instance(cls)


def _leave(world: World, self: Any, args: tuple[Any, ...]) -> None:
    """What leaving does to files and locks is of no interest."""


for _name in ("nullcontext", "closing", "aclosing"):
    _cls = host_constructors.supply(_name, f"contextlib.{_name}", _holding)
    method(_cls, "__enter__", "", lambda world, self: self.attrs["entered"])
    method(_cls, "__exit__", "*args", _leave)

for _name in ("ExitStack", "AsyncExitStack"):
    _cls = host_constructors.supply(_name, f"contextlib.{_name}", _stack)
    method(_cls, "__enter__", "", lambda world, self: self)
    method(_cls, "__exit__", "*args", _leave)
    method(_cls, "enter_context", "cm", lambda world, self, cm: contexts.enter(world, cm)[0])
    method(_cls, "push", "exit", lambda world, self, exit: exit)
    method(
        _cls,
        "callback",
        "callback, *args, **keywords",
        lambda world, self, callback, args, keywords: callback,
    )
    method(_cls, "pop_all", "", lambda world, self: self)
    method(_cls, "close", "", lambda world, self: None)

for _name in ("AbstractContextManager", "ContextDecorator"):
    host_constructors.supply(_name, f"contextlib.{_name}", _stack)
