"""The programs whose fixes are judged: a folder of real bugs, the twins of the rules, their bad examples, the seeds.

A folder of real bugs holds `*/buggy/*.py`, mended by hand in `*/fixed/*.py`, and may say in `*/cases.json` how a program is
brought to run that does nothing by itself (`{"id": …, "probe": EXPRESSION}`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from shapelint.fixes.registry import makers
from shapelint.rules.registry import find
from tests.rules.test_twins import PROGRAMS

SEEDS = Path(__file__).parents[2] / "fixtures" / "seeds"


@dataclass(frozen=True)
class Program:
    """`twin` is the text that a person has mended, None where there is none; `probe` is evaluated when it has run."""

    group: str
    name: str
    text: str
    twin: str | None = None
    probe: str | None = None


def bench(folder: Path) -> Iterator[Program]:
    for path in sorted(folder.glob("*/buggy/*.py")):
        kind = path.parents[1]
        twin = kind / "fixed" / path.name
        probe = _probes(kind / "cases.json").get(path.stem, "main")
        yield Program(
            f"bench: {kind.name}",
            path.name,
            path.read_text(encoding="utf-8"),
            twin.read_text(encoding="utf-8") if twin.exists() else None,
            None if probe == "main" else probe,
        )


def _probes(path: Path) -> dict[str, str]:
    cases = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return {case["id"]: case["probe"] for case in cases if "probe" in case}


def twins() -> Iterator[Program]:
    for given in PROGRAMS:
        twin = given.values[0]  # type: ignore[attr-defined]
        name = twin.name.replace(" ", "_").replace("/", "_")
        yield Program("twins", f"{name}.py", twin.text("-"), twin.text("+"))


def examples() -> Iterator[Program]:
    """The bad examples of the rules that have a maker of fixes."""
    for name in makers():
        rule = find(name)
        assert rule is not None
        bad = rule.doc.split("Bad\n", 1)[1].split("Good\n", 1)[0]
        yield Program("examples", f"{name.replace('-', '_')}.py", dedent(bad).strip("\n") + "\n")


def seeds() -> Iterator[Program]:
    for path in sorted(SEEDS.glob("*.py")):
        yield Program("seeds", path.name, path.read_text(encoding="utf-8"))


def own() -> Iterator[Program]:
    yield from twins()
    yield from examples()
    yield from seeds()
