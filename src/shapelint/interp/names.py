"""The names of scopes: looking one up, binding it, forgetting it."""

from __future__ import annotations

from typing import Any

from shapelint.interp.world import Frame
from shapelint.values import Environment

MISSING: Any = object()


def look_up(identifier: str, env: Environment) -> Any:
    """The value of a name in an environment and those around it, or MISSING."""
    scope: Environment | None = env
    while scope is not None:
        if scope.redirect and identifier in scope.redirect:
            found = scope.redirect[identifier].get(identifier, MISSING)
            if found is not MISSING:
                return found
        elif identifier in scope.vars:
            return scope.vars[identifier]
        scope = scope.parent
    return env.globals.vars.get(identifier, MISSING)


def assign_name(frame: Frame, identifier: str, value: Any, env: Environment | None = None) -> None:
    scope = env or frame.env
    target = scope.vars
    if scope.redirect and identifier in scope.redirect:
        target = scope.redirect[identifier]
        if frame.world.recording is not None:
            frame.world.recording.spoilt = True
    frame.world.journal.touch(target)
    target[identifier] = value


def forget_name(frame: Frame, identifier: str) -> None:
    scope = frame.env.vars
    frame.world.journal.touch(scope)
    scope.pop(identifier, None)
    if scope is frame.namespace.vars:
        frame.namespace.awaited.pop(identifier, None)
