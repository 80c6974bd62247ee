"""random: numbers that are drawn are not known; what is drawn from known values is one of them."""

from __future__ import annotations

from typing import Any

from shapelint.interp import iterate
from shapelint.interp.control import ProgramRaises
from shapelint.interp.host import methods_list
from shapelint.interp.host.builtin_iteration import joined, open_list
from shapelint.interp.host.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.library.outside import fresh, nothing, numbers
from shapelint.interp.world import World
from shapelint.values import List, Stream, Unknown, some_number

numbers(
    "float", *(f"random.{_name}" for _name in ("random", "uniform", "gauss", "normalvariate", "betavariate"))
)
numbers("float", "random.expovariate", "random.triangular")
numbers("int", "random.getrandbits")
fresh("random.getstate", "random.randbytes")
nothing("random.seed", "random.setstate")

_WHY = "it is drawn at random"


def _any(values: list[Any]) -> Any:
    """One of several, drawn: lists and dicts among them are not followed."""
    drawn = joined(values, _WHY) if values else Unknown(_WHY)
    return drawn


@function("random.randrange")
@takes("start, stop=None, step=1")
def randrange(world: World, start: Any, stop: Any, step: Any) -> Any:
    return _of_range(world, 0 if stop is None else start, start if stop is None else stop, step)


@function("random.randint")
@takes("a, b")
def randint(world: World, a: Any, b: Any) -> Any:
    return _of_range(world, a, b + 1 if isinstance(b, int) else None, 1)


def _of_range(world: World, start: Any, stop: Any, step: Any) -> Any:
    """A number that is drawn from a range: known where the range holds only one."""
    if all(isinstance(bound, int) for bound in (start, stop, step)) and step != 0:
        drawn_from = range(start, stop, step)
        if not drawn_from:
            raise ProgramRaises("ValueError", f"empty range in randrange({start}, {stop})")
        if not drawn_from[1:]:  # (len() of a range has a limit)
            return drawn_from[0]
    return some_number("int", _WHY, world.site())


@function("random.choice")
@takes("seq")
def choice(world: World, seq: Any) -> Any:
    found = iterate.items(world, seq)
    return Unknown(_WHY, world.site()) if isinstance(found, Stream) else _any(found)


@function("random.choices")
@takes("population, weights=None, *, cum_weights=None, k=1")
def choices(world: World, population: Any, weights: Any, cum_weights: Any, k: Any) -> Any:
    return _drawn(world, population, k)


@function("random.sample")
@takes("population, k, *, counts=None")
def sample(world: World, population: Any, k: Any, counts: Any) -> Any:
    return _drawn(world, population, k)


def _drawn(world: World, population: Any, k: Any) -> List:
    found = iterate.items(world, population)
    example = Unknown(_WHY) if isinstance(found, Stream) else _any(found)
    if isinstance(k, int) and k <= 1_000:
        return List([example] * max(k, 0))
    return open_list(_WHY, example)


@function("random.shuffle")
@takes("x")
def shuffle(world: World, x: Any) -> None:
    if isinstance(x, List) and len(x.items) > 1:
        methods_list.widen(world, x, _WHY, _any(list(x.items)))
