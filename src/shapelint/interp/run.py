"""Entry points: evaluating a file, and the few things its callers need to set up a World."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from shapelint import ir
from shapelint.interp import imports
from shapelint.interp.world import World
from shapelint.records import dataclass
from shapelint.source.locate import module_name_of
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


def main_module(world: World, file: SourceFile) -> Namespace:
    """The module `__main__` for a file, as `python -m` makes it: relative imports start from the package it lies in."""
    package, _, name = module_name_of(file.path).rpartition(".")
    is_package = os.path.basename(file.path) == "__init__.py"
    space = Namespace("__main__", file, is_package=is_package)
    if package or is_package:
        space.place = f"{package}.{name}" if package else name
        space.vars["__package__"] = space.place if is_package else package
        world.namespaces[space.place] = space  # what imports it gets this one
    world.namespaces["__main__"] = space
    return space


def evaluate(world: World, file: SourceFile, program: ir.Program) -> Namespace:
    """Evaluate a whole file. Raises ProgramRaises and OutOfBudget; facts are in the world."""
    space = main_module(world, file)
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
