"""contextlib: generators as managers, ExitStack, and managers that do nothing."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls, contexts, generator_managers
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import host_constructors
from shapelint.interp.host.host_calls import method, takes
from shapelint.interp.library import function
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import Builtin, Class, Instance


@function("contextlib.contextmanager", "contextlib.asynccontextmanager")
@takes("func")
def contextmanager(world: World, func: Any) -> Any:
    return generator_managers.mark(world, func)


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


def _new_stack(world: World, cls: Class, args: tuple[Any, ...], keywords: dict[str, Any]) -> Instance:
    made = Instance(cls)
    made.attrs["entered"] = []
    return made


def _push(world: World, self: Any, ended: contexts.Ended) -> None:
    world.journal.touch(self.attrs)
    self.attrs["entered"] = [*self.attrs["entered"], ended]


def _enter_context(world: World, self: Any, cm: Any) -> Any:
    value, ended = contexts.enter(world, cm)
    _push(world, self, ended)
    return value


def _push_exit(world: World, self: Any, exit: Any) -> Any:
    _push(world, self, contexts.Ended(exit, calls.special(exit, "__exit__")))
    return exit


def _callback(world: World, self: Any, callback: Any, args: Any, keywords: Any) -> Any:
    def run(w: World, given: tuple[Any, ...], named: dict[str, Any]) -> bool:
        calls.call(w, callback, args, keywords)
        return False

    _push(world, self, contexts.Ended(None, Builtin("callback", run)))
    return callback


def _unwind(world: World, self: Any, args: tuple[Any, ...] = ()) -> Any:
    """Leave what was entered, the last first; whether an exception was swallowed."""
    held = self.attrs["entered"]
    world.journal.touch(self.attrs)
    self.attrs["entered"] = []
    raised = args[1] if len(args) > 1 else None
    problem = ProgramRaises(raised.cls.name, "", raised) if isinstance(raised, Instance) else None
    for ended in reversed(held):
        try:
            said = truth(world, contexts.leave(world, ended, problem))
        except ProgramRaises as other:
            problem = other
            continue
        if said is True:
            problem = None
        elif said is not False:
            return said
    if problem is not None and problem.value is not raised:
        raise problem
    return raised is not None and problem is None


def _pop_all(world: World, self: Any) -> Instance:
    made = Instance(self.cls)
    made.attrs["entered"] = self.attrs["entered"]
    world.journal.touch(self.attrs)
    self.attrs["entered"] = []
    return made


for _name in ("ExitStack", "AsyncExitStack"):
    _cls = host_constructors.supply(_name, f"contextlib.{_name}", _new_stack, kind="stack")
    method(_cls, "__enter__", "", lambda world, self: self)
    method(_cls, "__exit__", "*args", _unwind)
    method(_cls, "enter_context", "cm", _enter_context)
    method(_cls, "push", "exit", _push_exit)
    method(_cls, "callback", "callback, *args, **keywords", _callback)
    method(_cls, "pop_all", "", _pop_all)
    method(_cls, "close", "", lambda world, self: _unwind(world, self) and None)

for _name in ("AbstractContextManager", "ContextDecorator"):
    host_constructors.supply(_name, f"contextlib.{_name}", _stack)
