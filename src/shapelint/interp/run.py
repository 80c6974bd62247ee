"""Entry points: evaluating a file, and the few things its callers need to set up a World."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shapelint import ir
from shapelint.interp import imports
from shapelint.interp.world import World
from shapelint.source.text import SourceFile, from_text
from shapelint.values import Namespace

# The interpreter recurses a dozen host frames for a call of the program; MAX_DEPTH bounds those.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 12_000))


@dataclass(slots=True)
class Loaded:
    """A module that was found: its text and its lowered program (None for a namespace package)."""

    file: SourceFile | None
    program: ir.Program | None
    is_package: bool = False


def evaluate(
    world: World, file: SourceFile, program: ir.Program, name: str = "__main__", *, is_package: bool = False
) -> Namespace:
    """Evaluate a whole file as module `name`. Raises ProgramRaises and OutOfBudget; facts are in the world."""
    space = Namespace(name, file, is_package=is_package)
    world.namespaces[name] = space
    imports.run(world, space, program)
    return space


def nothing_else(name: str) -> str:
    return f"{name} is not looked for here"


def evaluate_text(
    text: str, *, load: Callable[[str], Any] = nothing_else, world: World | None = None
) -> Namespace:
    """Evaluate a program given as text (for tests)."""
    from shapelint.lower import lower

    file = from_text("program.py", text)
    return evaluate(world or World(load=load), file, lower(file))
