"""`with`: what entering a context manager gives, and what leaving it does."""

from __future__ import annotations

from typing import Any

from shapelint.interp import calls
from shapelint.interp.control import ProgramRaises
from shapelint.interp.world import World
from shapelint.values import External, Instance, Iterator, Unknown

# What the `as` name is bound to for library context managers: the manager itself, or nothing of use.
_NO_GRAD = ("torch.no_grad", "torch.inference_mode")


class Ended:
    """How to leave: the manager's __exit__, or nothing."""

    __slots__ = ("grad", "manager", "method")

    def __init__(self, manager: Any, method: Any = None, grad: bool | None = None) -> None:
        self.manager = manager
        self.method = method
        self.grad = grad


def enter(world: World, manager: Any) -> tuple[Any, Ended]:
    """(the value for `as`, how to leave)."""
    if isinstance(manager, Instance):
        method = calls.special(manager, "__enter__")
        if method is not None:
            value = calls.call(world, method, (manager,), {})
            return value, Ended(manager, calls.special(manager, "__exit__"))
        return manager, Ended(manager)
    if isinstance(manager, Iterator):  # a generator function under @contextmanager: what it yields first
        return (manager.items[0] if manager.items else None), Ended(manager)
    if isinstance(manager, External):
        return manager, Ended(manager)
    if isinstance(manager, Unknown):
        return Unknown(manager.why, manager.site), Ended(manager)
    return manager, Ended(manager)


def leave(world: World, ended: Ended) -> None:
    if ended.method is not None:
        calls.call(world, ended.method, (ended.manager, None, None, None), {})


def swallows(ended: Ended, problem: ProgramRaises) -> bool:
    """Whether leaving swallows an exception: contextlib.suppress."""
    manager = ended.manager
    return isinstance(manager, Instance) and manager.cls.qualname == "contextlib.suppress"
