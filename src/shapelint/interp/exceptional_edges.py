"""Exceptions that may be raised inside a try: from where, and in which state, its handlers may run."""

from __future__ import annotations

from shapelint.interp.control import ProgramRaises
from shapelint.interp.layers import compose, joined, pay
from shapelint.interp.world import World
from shapelint.values import Unknown
from shapelint.values.journal import Layer

ANYTHING = "*"  # the kind of an exception of which it is not known which it is


def anything() -> ProgramRaises:
    """What something unknown raises."""
    return ProgramRaises(ANYTHING, "", Unknown("which exception is raised is not known"))


class Try:
    """A try statement in progress: `depth` is where its body's layers begin, `deaths` are the exceptions that may end the
    body and the states in which they do; `anywhere` the state in which something unknown may raise anything."""

    __slots__ = ("anywhere", "deaths", "depth", "noted")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.deaths: list[tuple[ProgramRaises, Layer]] = []
        self.anywhere: Layer | None = None
        self.noted = 0


def note_death(world: World, problem: ProgramRaises, layer: Layer) -> None:
    """One side of something undecided raises: a handler around it may run, from the state in which it did."""
    if world.tries:
        held: Try = world.tries[-1]
        problem.noted = held
        outer = world.journal.since(held.depth)
        pay(world, outer)
        end = compose(outer, layer)
        if problem.kind == ANYTHING:
            before = held.anywhere
            held.anywhere = end if before is None else _either(world, held, before, end, problem)
            return
        for i, (other, before) in enumerate(held.deaths):
            if other.kind == problem.kind:
                held.deaths[i] = (other, _either(world, held, before, end, problem))
                return
        held.deaths.append((problem, end))


def _either(world: World, held: Try, earlier: Layer, now: Layer, key: object) -> Layer:
    """A state inside a try, or a later one. What was first written between the two held what it held before the try."""
    return joined(world, [compose(world.journal.before(held.depth), earlier), now], key)


_LARGE = 2_500  # containers and slots that were written since the try began: to put that often together costs the budget
# Places in a try body where something unknown is done; those that come later change little more.
MAX_NOTED = 24


def may_raise(world: World, inner: Try | None = None) -> None:
    """Something that is not known is called, indexed or asked for an attribute (in an `inner` try that may let it through):
    a handler around it may run."""
    if world.recording is not None:
        world.recording.spoilt = True
    held: Try = world.tries[-1]
    held.noted += 1
    if held.noted <= MAX_NOTED:
        state = world.journal.since(held.depth, None if inner is None else inner.depth)
        pay(world, state)
        if inner is not None and inner.anywhere is not None:
            state = compose(state, inner.anywhere)
        held.anywhere = state if held.anywhere is None else _either(world, held, held.anywhere, state, held)
        held.noted += (len(state.containers) + len(state.slots)) // _LARGE  # of a large state only a few
