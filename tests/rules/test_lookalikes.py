"""Right code that resembles a bug: every line of the list of look-alikes, and what was met since. All of it runs with torch."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rules.test_twins import run, told

FOLDER = Path(__file__).parent / "lookalikes"


def programs() -> list[object]:
    found: list[object] = []
    for path in sorted(FOLDER.glob("*.txt")):
        for part in re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))[1:]:
            name, _, text = part.partition("\n")
            found.append(pytest.param(text, id=f"{path.stem}: {name}"))
    return found


PROGRAMS = programs()


@pytest.mark.parametrize("text", PROGRAMS)
def test_nothing_is_said_of_it(text: str) -> None:
    assert told(text, "error", "warning") == []


@pytest.mark.parametrize("text", PROGRAMS)
def test_torch_runs_it(text: str) -> None:
    run(text)
