"""Run the cases of a spec, and say what came of it."""

from __future__ import annotations

import collections
import importlib
import pkgutil
import random
import re
from dataclasses import dataclass, field

import tests.differential as package
from tests.differential.cases import Case, make
from tests.differential.compare import Answer, ask_spec, disagreement, laid_out
from tests.differential.exceptions import ASSUMES, DISAGREES, MAY_NOT_KNOW, NOT_COMPARED
from tests.differential.symbolic import SILENT, WAYS, symbolic_disagreement


def load() -> None:
    for found in pkgutil.iter_modules(package.__path__):
        if found.name.startswith("cases_"):
            importlib.import_module(f"tests.differential.{found.name}")


@dataclass
class Outcome:
    """What came of the comparisons of one spec. `unknown`: how often the spec gave a reason for not knowing, by reason;
    `excepted` counts disagreements that exceptions.py explains; `on_symbols` counts what it said of symbols (symbolic.py)."""

    name: str
    cases: int
    excepted: int = 0
    unknown: collections.Counter[str] = field(default_factory=collections.Counter)
    wrong: list[str] = field(default_factory=list)
    on_symbols: collections.Counter[str] = field(default_factory=collections.Counter)

    @property
    def unexplained(self) -> dict[str, int]:
        """The reasons for not knowing that exceptions.py does not list."""
        return {why: count for why, count in self.unknown.items() if not may_not_know(why)}


def may_not_know(why: str) -> bool:
    return any(re.fullmatch(pattern, why) for pattern in MAY_NOT_KNOW)


def run(name: str, first: int, count: int) -> Outcome:
    """Compare `count` cases of one spec, the seeds from `first` on."""
    load()
    found = Outcome(name, count)
    for seed in range(first, first + count):
        case = make(name, seed)
        if seed % 4 == 3:
            case = laid_out(case, random.Random(seed))
        try:
            ours = ask_spec(case)
            said = disagreement(case, ours)
            if ours.unknown is None:
                said = compare_symbols(found, case, ours) or said
        except Exception as problem:
            said = f"crash: {type(problem).__name__}: {problem}"
        if said is None:
            continue
        if said.startswith("unknown: "):
            found.unknown[said.removeprefix("unknown: ")] += 1
        elif name in DISAGREES and DISAGREES[name].holds(case):
            found.excepted += 1
        else:
            found.wrong.append(f"seed {seed}: {case}\n    {said}")
    return found


def compare_symbols(found: Outcome, case: Case, ours: Answer) -> str | None:
    """How what the spec says of symbols differs from what it says of the numbers (`ours`)."""
    for way in WAYS:
        said = symbolic_disagreement(case, ours, way)
        kind = "agree" if said is None else said.partition(":")[0]
        if kind in ("agree", "unknown", SILENT):
            found.on_symbols[kind] += 1
        elif said is not None and assumed(found.name, said):
            found.on_symbols["assumed"] += 1
        elif said is not None:
            return said
    return None


def assumed(name: str, said: str) -> bool:
    return any(re.fullmatch(who, name) and re.match(what, said) for who, (what, _) in ASSUMES.items())


def report(outcomes: list[Outcome], seed: int) -> str:
    """The exceptions by name with their reasons, and the counts."""
    lines = ["", "exceptions, by name:"]
    for o in outcomes:
        if o.name in DISAGREES:
            lines.append(f"  {o.name}: {o.excepted} of {o.cases} cases: {DISAGREES[o.name].why}")
    unknown: collections.Counter[str] = collections.Counter()
    who: dict[str, list[str]] = collections.defaultdict(list)
    for o in outcomes:
        unknown.update(o.unknown)
        for why in o.unknown:
            who[why].append(o.name)
    lines += ["", "answers that are not known, by reason:"]
    for why, count in unknown.most_common():
        lines.append(f"  {count} times: {why} ({', '.join(who[why])})")
        lines.append(f"    {reason(why)}")
    lines += ["", "on symbols, assumed where torch decides on the number:"]
    lines += [f"  {who}: {why}" for who, (_, why) in ASSUMES.items()]
    lines += ["", "not compared, by name:"]
    lines += [f"  {pattern}: {why}" for pattern, why in NOT_COMPARED.items()]
    cases, wrong = sum(o.cases for o in outcomes), sum(len(o.wrong) for o in outcomes)
    symbols: collections.Counter[str] = collections.Counter()
    for o in outcomes:
        symbols.update(o.on_symbols)
    lines.append(
        f"\n{symbols.total()} times on symbols: {symbols['agree']} as on the numbers, {symbols['unknown']} not known, "
        f"{symbols[SILENT]} silent where the numbers are refused or a broadcast stretches, {symbols['assumed']} assumed (above)"
    )
    lines.append(
        f"{len(outcomes)} specs, {cases} cases from seed {seed}: {wrong} disagreements, "
        f"{sum(o.excepted for o in outcomes)} excepted, {unknown.total()} unknown"
    )
    return "\n".join(lines)


def reason(why: str) -> str:
    return next(
        (told for pattern, told in MAY_NOT_KNOW.items() if re.fullmatch(pattern, why)),
        "not listed as an exception",
    )
