"""Every spec is asked what torch is asked: same shapes, dtypes, parameters and FLOPs, raises or not, over random arguments."""

from __future__ import annotations

import re
import warnings
from functools import cache

import pytest

from shapelint.specs import registry
from tests.differential.cases import generators
from tests.differential.exceptions import DISAGREES, NOT_COMPARED
from tests.differential.running import load, run

CASES = 10  # for every spec, from seed 0; `python -m tests.differential --cases 100000 --seed 7` asks more

load()
registry.load()


@pytest.mark.parametrize("name", sorted(generators))
def test_the_spec_and_torch_agree(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, about what random arguments do
        found = run(name, 0, CASES)
    assert not found.wrong, "\n".join(found.wrong[:3])
    assert not found.unexplained, f"{name}: the spec does not know, and torch does: {found.unexplained}"


@pytest.mark.parametrize("name", DISAGREES)
def test_a_disagreement_is_still_there(name: str) -> None:
    found = run(name, DISAGREES[name].seen, 1)
    assert found.excepted, f"{name} agrees now: take it out of DISAGREES"


@cache
def without_generator() -> list[str]:
    """Specs that are compared under none of their names."""
    entries = {**registry.ops, **registry.layers}
    return sorted(
        name for name, entry in entries.items() if not any(n in generators for n in (name, *entry.names))
    )


def test_every_spec_is_compared_or_says_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    missing = without_generator()
    excused = {name for name in missing if any(re.fullmatch(p, name) for p in NOT_COMPARED)}
    with capsys.disabled():
        total = len(registry.ops) + len(registry.layers)
        print(
            f"\n{total} names of specs ({len(registry.layers)} layers): {total - len(missing)} compared with torch "
            f"in {len(generators) * CASES} cases, {len(excused)} excused, {len(missing) - len(excused)} neither"
        )
    assert sorted(set(missing) - excused) == []


@pytest.mark.parametrize("pattern", NOT_COMPARED)
def test_an_excuse_is_still_needed(pattern: str) -> None:
    assert any(re.fullmatch(pattern, name) for name in without_generator())


def test_a_generator_has_a_spec() -> None:
    assert sorted(set(generators) - {*registry.ops, *registry.layers}) == []
