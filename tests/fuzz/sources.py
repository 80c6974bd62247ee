"""Who makes programs: a table by name. A program is made from a source, a seed and a number, and from nothing else."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from tests.fuzz import grammar, installed
from tests.fuzz.bombs import bomb
from tests.fuzz.mutated import mutated
from tests.fuzz.odd import odd
from tests.fuzz.program import Program

Maker = Callable[[int, Random], "Program | None"]


class Source(NamedTuple):
    make: Maker
    share: float  # of the programs that are asked for: the dearer they are, the fewer
    limit: Callable[[], int] | None = None  # how many there are, where they have an end


SOURCES = {
    "mutated": Source(mutated, 0.4414),
    "odd": Source(odd, 0.4414),
    "plain": Source(installed.of_plain, 0.110, lambda: len(installed.plain())),
    "opened": Source(installed.of_opened, 0.004, lambda: len(installed.plain())),
    "torch": Source(installed.of_torch, 0.001, lambda: len(installed.about_torch())),
    "bombs": Source(bomb, 0.002),
    "grammar": Source(grammar.drawn, 0.0002),
}


def make(source: str, seed: int, number: int) -> Program | None:
    """The program of that number; None where there is none."""
    return SOURCES[source].make(number, Random(f"{source} {seed} {number}"))


def plan(count: int, only: tuple[str, ...], seed: int) -> list[tuple[str, int]]:
    """(source, number) of so many programs, the sources mixed. Where a source has fewer than its share, the rest goes to those
    that have no end."""
    names = [n for n in SOURCES if (not only or n in only) and (n != "grammar" or grammar.available())]
    whole = sum(SOURCES[n].share for n in names)
    wanted = {n: round(count * SOURCES[n].share / whole) for n in names}
    rng = Random(seed)
    chosen: dict[str, list[int]] = {}
    for name in names:
        limit = SOURCES[name].limit
        if limit is not None:
            there = limit()
            chosen[name] = rng.sample(range(there), min(wanted[name], there))
    endless = [n for n in names if n not in chosen]
    missing = count - sum(map(len, chosen.values())) - sum(wanted[n] for n in endless)
    for name in endless:
        chosen[name] = list(range(wanted[name] + (missing if name == endless[0] else 0)))
    mixed = [(name, number) for name in names for number in chosen[name]]
    rng.shuffle(mixed)
    return mixed
