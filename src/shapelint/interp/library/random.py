"""random: numbers that are drawn are not known; what is drawn from known values is one of them."""

from __future__ import annotations

from typing import Any

from shapelint.interp import iterate, methods_list
from shapelint.interp.builtin_iteration import joined, open_list
from shapelint.interp.host_calls import takes
from shapelint.interp.library import function
from shapelint.interp.library.outside import fresh, nothing
from shapelint.interp.world import World
from shapelint.values import List, Stream, Unknown

fresh(
    *(
        f"random.{_name}"
        for _name in ("random", "randint", "randrange", "uniform", "gauss", "normalvariate", "betavariate")
    )
)
fresh(*(f"random.{_name}" for _name in ("expovariate", "triangular", "getrandbits", "getstate", "randbytes")))
nothing("random.seed", "random.setstate")

_WHY = "it is drawn at random"


def _any(values: list[Any]) -> Any:
    """One of several, drawn: lists and dicts among them are not followed."""
    drawn = joined(values, _WHY) if values else Unknown(_WHY)
    return drawn


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
        return List([example] * k)
    return open_list(_WHY, example)


@function("random.shuffle")
@takes("x")
def shuffle(world: World, x: Any) -> None:
    if isinstance(x, List) and len(x.items) > 1:
        methods_list.widen(world, x, _WHY, _any(list(x.items)))
