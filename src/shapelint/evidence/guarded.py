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
        world.record(facts.Raised, exception=problem.kind, message=problem.message)
        world.facts[-1:] = [_placed(world.facts[-1], problem)] if world.facts and not world.muted else []
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


def _placed(fact: facts.Fact, problem: ProgramRaises) -> facts.Fact:
    if problem.site is not None:
        fact.site = problem.site
    return fact
