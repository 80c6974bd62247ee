"""Accepted calls with one argument that is not known (unknowns.py), for every spec that is compared with torch."""

from __future__ import annotations

import pytest

from tests.differential import running
from tests.differential.cases import generators, make
from tests.differential.compare import ask_spec
from tests.differential.unknowns import unknown_disagreement

running.load()

_CASES = 6
_READ_BEFORE = {"einops.layers.torch.EinMix"}  # the interpreter gives its law no pattern that is not known


@pytest.mark.parametrize("name", sorted(set(generators) - _READ_BEFORE))
def test_what_is_not_known_is_not_refused(name: str) -> None:
    for seed in range(_CASES):
        case = make(name, seed)
        said = unknown_disagreement(case, ask_spec(case), partly=True)
        assert said is None, f"seed {seed}: {case}\n    {said}"
