"""What a generator function under @contextmanager gives: entering goes on to its yield, leaving goes on behind it."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import calls, generators
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import lazy, open_lists
from shapelint.interp.host.lazy import END
from shapelint.interp.world import World
from shapelint.values import BoundMethod, Builtin, Class, Function, Instance, Stream

MARK = "__contextmanager__"  # an attribute of functions that are decorated
MANAGER = Class("_GeneratorContextManager", "contextlib._GeneratorContextManager")


def made_of(generator: generators.Generator) -> Instance:
    made = Instance(MANAGER)
    made.payload = None
    made.attrs["gen"] = generator
    return made


def mark(world: World, function: Any) -> Any:
    """`contextlib.contextmanager(function)`."""
    if isinstance(function, Function):
        world.journal.touch(function.attrs)
        function.attrs[MARK] = True
    return function


def may_swallow(manager: Any) -> bool:
    """Whether the generator catches what is raised in the body of the `with`."""
    generator = manager.attrs.get("gen")
    node = generator.frame.function.node if isinstance(generator, generators.Generator) else None
    return isinstance(node, ir.FunctionDef) and _catches(node.body.statements)


def _catches(node: Any) -> bool:
    pending = [node]
    while pending:
        at = pending.pop()
        if isinstance(at, ir.Try) and at.handlers:
            return True
        if isinstance(at, (tuple, list)):
            pending.extend(at)
        elif isinstance(at, ir.Stmt) and not isinstance(at, (ir.FunctionDef, ir.ClassDef)):
            pending.extend(ir.parts(at))
    return False


def _enter(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    found = lazy.take(world, args[0].attrs["gen"])
    if found is END:
        raise ProgramRaises("RuntimeError", "generator didn't yield")
    return open_lists.another(found.element) if isinstance(found, Stream) else found


def _exit(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """True where the generator catches what was raised."""
    generator = args[0].attrs["gen"]
    raised = args[2] if len(args) > 2 else None
    if raised is None and (len(args) < 2 or args[1] is None):
        if isinstance(found := lazy.take(world, generator), Stream) or found is END:
            return False
        raise ProgramRaises("RuntimeError", "generator didn't stop")
    kind = raised.cls.name if isinstance(raised, Instance) else ""
    problem = ProgramRaises(kind, "", raised)
    try:
        found = generator.resume(world, None, problem)
    except ProgramRaises as again:
        if again is problem or (isinstance(raised, Instance) and again.value is raised):
            return False
        raise
    if generator.rest is not None:  # it was executed to its end before
        return False
    if found is not END:
        raise ProgramRaises("RuntimeError", "generator didn't stop after throw()")
    return True


def _decorate(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """`@manager(…)` on a function: each call is made inside a new manager of the same arguments."""
    manager, function = args
    made = Instance(_DECORATED)
    frame = manager.attrs["gen"].frame
    made.attrs.update(
        {"function": function, "frame": frame, "names": dict(frame.env.vars), "__wrapped__": function}
    )
    return made


def _call_decorated(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    from shapelint.interp import contexts

    held = args[0].attrs
    _, leave = contexts.enter(world, made_of(generators.again(world, held["frame"], held["names"])))
    try:
        value = calls.call(world, held["function"], args[1:], keywords)
    except ProgramRaises as problem:
        if contexts.leave(world, leave, problem) is True:
            return None
        raise
    contexts.leave(world, leave)
    return value


def _bind(world: World, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    return args[0] if args[1] is None else BoundMethod(args[0], args[1])


_DECORATED = Class("function", "contextlib.ContextDecorator.inner")
_DECORATED.attrs["__call__"] = Builtin("method __call__", _call_decorated)
_DECORATED.attrs["__get__"] = Builtin("method __get__", _bind)
MANAGER.attrs["__enter__"] = Builtin("method __enter__", _enter)
MANAGER.attrs["__exit__"] = Builtin("method __exit__", _exit)
MANAGER.attrs["__call__"] = Builtin("method __call__", _decorate)
