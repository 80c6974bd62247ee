"""Executing statements in order: one handler a node type, which gives None, a completion, or a Split."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from shapelint import ir
from shapelint.interp import branch
from shapelint.interp.branch import Split
from shapelint.interp.control import Completion
from shapelint.interp.world import Frame

Handler = Callable[[Any, Frame], Any]

HANDLERS: dict[type, Handler] = {}  # each file of statements adds its own


def block(statements: tuple[ir.Stmt, ...], frame: Frame, start: int = 0) -> Completion | Split:
    """Execute statements in order."""
    world = frame.world
    for i in range(start, len(statements)):
        statement = statements[i]
        frame.node = statement
        world.steps -= 1
        if world.steps < 0:
            world.step()
        if world.uncertain and world.patience is not None:
            world.lose_patience()
        done: Completion | Split = HANDLERS[statement.__class__](statement, frame)
        if done is None:
            continue
        if isinstance(done, Split):
            return branch.after_split(world, done, functools.partial(block, statements, frame, i + 1))
        return done
    return None
