"""Running something and, behind each way in which it may end, something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp import branch
from shapelint.interp.branch import Split
from shapelint.interp.control import Completion, ProgramRaises
from shapelint.interp.exceptional_edges import Try, anything
from shapelint.interp.world import Frame
from shapelint.values.journal import Layer


def reraise(problem: ProgramRaises) -> Completion:
    raise problem


def behind_all(
    frame: Frame, held: Try, done: Any, behind: Callable[[Any], Completion | Split]
) -> Completion | Split:
    """Do something behind what ran inside `held`, once for each way in which that may have ended: a completion or an exception."""
    world = frame.world
    if isinstance(done, ProgramRaises) and done.noted is not held:
        held.deaths.append((done, world.journal.since(held.depth)))
    if held.anywhere is not None and world.tries:
        held.deaths.insert(0, (anything(), held.anywhere))
    if not isinstance(done, Split) and len(held.deaths) == (
        isinstance(done, ProgramRaises) and done.noted is not held
    ):
        world.journal.keep()
        return behind(done)
    layer = world.journal.end()
    ways = [*branch.ways(done, layer)] if not isinstance(done, ProgramRaises) else []
    return branch.combine(
        world,
        [begun_from(frame, state, lambda how=how: behind(how)) for how, state in [*ways, *held.deaths]],  # type: ignore[misc]
        object(),
    )


def inside(frame: Frame, held: Try, thunk: Callable[[], Any]) -> Any:
    """Run something in a layer of its own, which stays open: its completion, or the exception that certainly ends it. What may
    end it is noted in `held`."""
    world = frame.world
    world.tries.append(held)
    world.journal.begin()
    ended = True
    try:
        return thunk()
    except ProgramRaises as problem:
        return problem.with_traceback(
            None
        )  # whose frames would hold what they hold until the collector came by
    except BaseException:
        ended = False
        raise
    finally:
        world.tries.pop()
        while len(world.journal.layers) > held.depth + ended:
            world.journal.keep()


def begun_from(frame: Frame, state: Layer, thunk: Callable[[], Any]) -> tuple[Any, Layer]:
    """What something that may be reached gives, begun in `state`."""

    def side() -> Any:
        frame.world.journal.replay(state)
        return thunk()

    return branch.run_side(frame.world, side)
