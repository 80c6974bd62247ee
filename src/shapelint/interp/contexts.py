"""`with`: what entering a context manager gives, and what leaving it does."""

from __future__ import annotations

from typing import Any

from shapelint import ir
from shapelint.interp import calls, classes, generator_managers
from shapelint.interp.control import ProgramRaises, library_refuses
from shapelint.interp.tensors import placement
from shapelint.interp.world import World
from shapelint.values import Class, Device, External, Function, Instance, Unknown


class Ended:
    """How to leave: the manager's __exit__, or nothing."""

    __slots__ = ("before", "manager", "method")

    def __init__(self, manager: Any, method: Any = None) -> None:
        self.manager = manager
        self.method = method
        self.before: tuple[
            bool | None, ...
        ] = ()  # whether gradients were on, where it may have switched them


def enter(world: World, manager: Any) -> tuple[Any, Ended]:
    """(the value for `as`, how to leave)."""
    if isinstance(manager, Instance):
        method = calls.special(manager, "__enter__")
        if method is not None:
            value = calls.call(world, method, (manager,), {})
            return value, Ended(manager, calls.special(manager, "__exit__"))
        return manager, Ended(manager)
    if isinstance(manager, Class) and manager.kind == "context":
        name = manager.qualname
        raise library_refuses("TypeError", f"the class itself is no context manager, {name}() is")
    if isinstance(manager, Device):
        placement.given(world, (manager,))
    if isinstance(manager, External):
        plain = manager.qualname.partition(".")[0] in (*calls.PLAIN_LIBRARIES, "torch")
        return manager, Ended(manager) if plain else _switches(world, Ended(manager))
    if isinstance(manager, Unknown):
        found = Unknown(manager.why, manager.site)
        return found, Ended(manager) if manager.plain else _switches(world, Ended(manager))
    return manager, Ended(manager)


def _switches(world: World, ended: Ended) -> Ended:
    """What is not known may switch gradients off."""
    if world.grad_enabled is not False:
        ended.before = (world.grad_enabled,)
        world.journal.touch_slot(world, "grad_enabled")
        world.grad_enabled = None
    return ended


def leave(world: World, ended: Ended, problem: ProgramRaises | None = None) -> Any:
    """Leave, because of an exception if there is one: what __exit__ gives, which tells whether it is swallowed."""
    if problem is not None and _suppresses(ended):
        kinds = ended.manager.attrs.get("args", ())
        return classes.catches(world, kinds, problem)
    if ended.before:
        world.journal.touch_slot(world, "grad_enabled")
        (world.grad_enabled,) = ended.before
    if ended.method is None:
        return False
    told: tuple[Any, ...] = (None, None, None)
    if problem is not None:
        raised = (
            problem.value if problem.value is not None else classes.exception(problem.kind, problem.message)
        )
        kind = (
            raised.cls if isinstance(raised, Instance) else Unknown("which exception is raised is not known")
        )
        told = (kind, raised, Unknown("a traceback", plain=True))
    return calls.call(world, ended.method, (ended.manager, *told), {})


def has_say(ended: Ended) -> bool:
    """Whether leaving does something of the program's own, or swallows exceptions."""
    return (
        isinstance(ended.method, Function)
        or _suppresses(ended)
        or _is_of_generator(ended)
        or _is_stack(ended)
    )


def may_swallow(ended: Ended) -> bool:
    """Whether leaving may swallow an exception: contextlib.suppress, or an __exit__ that returns something."""
    method = ended.method
    if _is_of_generator(ended):
        return generator_managers.may_swallow(ended.manager)
    if _is_stack(ended):
        entered = ended.manager.attrs.get("entered")
        return not isinstance(entered, list) or any(may_swallow(inner) for inner in entered)
    if not isinstance(method, Function) or not isinstance(method.node, ir.FunctionDef):
        return _suppresses(ended)
    return _returns_something(method.node.body.statements)


def _is_of_generator(ended: Ended) -> bool:
    return isinstance(ended.manager, Instance) and ended.manager.cls is generator_managers.MANAGER


def _is_stack(ended: Ended) -> bool:
    return isinstance(ended.manager, Instance) and ended.manager.cls.kind == "stack"


def _suppresses(ended: Ended) -> bool:
    return isinstance(ended.manager, Instance) and ended.manager.cls.qualname == "contextlib.suppress"


def _returns_something(node: Any) -> bool:
    if isinstance(node, (tuple, list)):
        return any(_returns_something(part) for part in node)
    if isinstance(node, ir.Return):
        return node.value is not None and not (isinstance(node.value, ir.Const) and not node.value.value)
    if not isinstance(node, ir.Stmt) or isinstance(node, (ir.FunctionDef, ir.ClassDef)):
        return isinstance(node, ir.Handler) and _returns_something(node.body)
    return any(
        _returns_something(getattr(node, slot))
        for cls in type(node).__mro__
        for slot in getattr(cls, "__slots__", ())
    )
