"""Programs that were written by people, with one to six things in them changed."""

from __future__ import annotations

from random import Random

from tests.fuzz import mutate_bytes, mutate_lines, mutate_tokens, mutate_trees
from tests.fuzz.corpus import draw
from tests.fuzz.program import OPENING, Program

# Those that keep a program readable stand first and come up most: what cannot be parsed says little.
_KINDS = (
    *mutate_trees.MUTATIONS, *mutate_trees.MUTATIONS, *mutate_trees.MUTATIONS, *mutate_tokens.MUTATIONS,
    *mutate_tokens.MUTATIONS, *mutate_lines.MUTATIONS,
)  # fmt: skip


def mutated(number: int, rng: Random) -> Program:
    path, text = draw(rng)
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 6))):
        text = rng.choice(_KINDS)(text, rng)
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.06:
        data = rng.choice(mutate_bytes.MUTATIONS)(data, rng)
    return Program(path, data if b"torch" in data else data + OPENING)
