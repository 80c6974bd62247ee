"""Random cases, one generator a spec. A family's file in this folder adds its own with `@cases`."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.differential.compare import Layer, Op

Case = Op | Layer
Generator = Callable[[random.Random], Case]

generators: dict[str, Generator] = {}


def cases(*names: str) -> Callable[[Generator], Generator]:
    """Register a generator of random cases (valid and invalid) for the specs of these names. Called with a seeded Random;
    with several names it is called for each, and must build the case for `generator.name`-free use: it receives the name
    through `rng.name`."""

    def register(generator: Generator) -> Generator:
        for name in names:
            if name in generators:
                raise ValueError(f"{name} has two generators")
            generators[name] = generator
        return generator

    return register


class Rng(random.Random):
    """A Random that knows the name of the spec it makes a case for."""

    name = ""

    def shape(self, rank: int, low: int = 0, high: int = 6) -> tuple[int, ...]:
        return tuple(self.randint(low, high) for _ in range(rank))

    def often(self, p: float = 0.8) -> bool:
        return self.random() < p


def make(name: str, seed: int) -> Case:
    rng = Rng(f"{name}:{seed}")
    rng.name = name
    return generators[name](rng)
