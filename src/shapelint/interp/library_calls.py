"""Calls of a program into libraries whose source is followed: what goes wrong with the following there does not end the program.

A library that was published works. Where it seems to miss an attribute of its own, or a package that is not installed where the
program is read, it was read too coarsely; where it takes most of the program's budget, what the program goes on to do would not be
read at all. In both cases nobody knows what the call gives, and what it was given may have been changed.

What a library raises by a `raise` of its own, and what torch refuses, does end the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from shapelint import facts
from shapelint.interp.control import OutOfBudget, ProgramRaises
from shapelint.interp.world import Frame, World
from shapelint.values import BoundMethod, Class, Function, Instance, Module, Namespace, Unknown, Valued

_LEAST = 20_000  # steps: with fewer left there is nothing to share
_SURROUNDINGS = ("ImportError", "ModuleNotFoundError", "NameError")  # also by a `raise`
_COARSE = frozenset(
    ("AttributeError", "IndexError", "KeyError", "TypeError", "UnboundLocalError", "ValueError")
)


def leads_out(world: World, frame: Frame, function: Any) -> bool:
    """Whether a call leads from the program into a library that is followed (asked at every call where the world `goes_on`)."""
    home = _home(function)
    if home is None or home.file is None or world.importing or world.lent or world.checked(home.file.path):
        return False
    caller = frame.namespace
    return caller.name == "__main__" or (caller.file is not None and world.checked(caller.file.path))


_OBJECTS = frozenset((Instance, Module, Valued))


def _home(function: Any) -> Namespace | None:
    """The module that a function or class is written in."""
    kind = function.__class__
    if kind in _OBJECTS:
        found: Namespace | None = function.cls.namespace
        return found
    if kind is BoundMethod:
        function = function.function
        kind = function.__class__
    if kind is Function:
        return function.globals  # type: ignore[no-any-return]
    return function.namespace if kind is Class else None


def follow(world: World, node: Any, function: Any, call: Callable[[], Any], given: Iterable[Any]) -> Any:
    """What `call()` gives, or an Unknown where it cannot be followed. `given` are its arguments."""
    from shapelint.interp import origins
    from shapelint.interp.patience import Start

    if world.records is not None or world.steps < _LEAST:
        return call()
    caught = bool(world.tries)  # the program may count on what is raised
    start = Start(world)
    kept = world.steps // 4  # for what the program does after it
    world.steps -= kept
    world.lent = True
    try:
        result = call()
    except ProgramRaises as problem:
        start.keep()
        if caught or not _is_coarse(world, problem):
            raise
        why = f"what {_name(function)} does is not followed to its end: {problem.kind}: {problem.message}"
    except OutOfBudget as problem:
        start.undo()
        why = f"what {_name(function)} does is not followed to its end: {problem}"
    except BaseException:
        start.keep()
        raise
    else:
        start.keep()
        return result
    finally:
        world.lent = False
        world.steps = max(world.steps, 0) + kept
    if world.recording is not None:
        world.recording.spoilt = True
    origins.handed_over(world, [*given, *([function.receiver] if isinstance(function, BoundMethod) else [])])
    return Unknown(why, world.site(node))


def _is_coarse(world: World, problem: ProgramRaises) -> bool:
    """Whether an exception comes of reading a library coarsely."""
    inner = problem.where[2] if problem.where is not None else None
    if inner is None or world.checked(inner.path) or problem.refused:
        return False
    if problem.kind in _SURROUNDINGS:
        return True
    by_python = problem.cause is None or isinstance(problem.cause, (facts.AttributeAsked, facts.NotCallable))
    return problem.kind in _COARSE and problem.value is None and by_python


def _name(function: Any) -> str:
    if isinstance(function, BoundMethod):
        function = function.function
    return getattr(function, "qualname", "") or getattr(function, "name", "") or "a library"
