"""Running something of the program to its end, whatever ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint import facts
from shapelint.interp.control import OutOfBudget, ProgramRaises
from shapelint.interp.world import World


def guarded(world: World, thunk: Callable[[], Any]) -> Any:
    """Run something to its end, whatever ends it: what the program raises and where we gave up become facts."""
    frames = len(world.frames)
    try:
        return thunk()
    except ProgramRaises as problem:
        del world.frames[frames:]
        if problem.kind == "SystemExit":  # nothing is wrong with that
            world.record(facts.GaveUp, why="the program ends here", what="what follows")
            return None
        if not world.muted:
            world.record(facts.Raised, exception=problem.kind, message=problem.message, cause=problem.cause)
            _place(world.facts[-1], problem)
    except OutOfBudget as problem:
        del world.frames[frames:]
        world.record(facts.GaveUp, why=str(problem), what="the rest of this entry point")
    except RecursionError:
        del world.frames[frames:]
        world.record(facts.GaveUp, why="the code is nested too deeply", what="the rest of this entry point")
    finally:
        world.calls.clear()
        world.guarded = world.import_guards = world.uncertain = world.muted = world.repeating = 0
        world.decided.clear()
    return None


def _place(fact: facts.Fact, problem: ProgramRaises) -> None:
    if problem.where is not None:
        fact.site, fact.stack, _ = problem.where
    if problem.site is not None:
        fact.site = problem.site
