"""`python -m tests.differential [--cases N] [--seed S] [--only SUBSTRING] [--jobs J]`: compare specs with torch."""

from __future__ import annotations

import argparse
import collections
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import tests.differential as package
from tests.differential.cases import generators, make
from tests.differential.compare import disagreement


def load() -> None:
    for found in pkgutil.iter_modules(package.__path__):
        if found.name.startswith("cases_"):
            importlib.import_module(f"tests.differential.{found.name}")


def run(name: str, first: int, count: int, allowed: Sequence[str] = ()) -> tuple[str, int, int, list[str]]:
    """Compare `count` cases of one spec: (name, compared, unknown, disagreements). Not to know is no unknown for a reason that
    is `allowed`."""
    load()
    unknown, wrong = 0, []
    for seed in range(first, first + count):
        case = make(name, seed)
        try:
            said = disagreement(case)
        except Exception as problem:
            said = f"crash: {type(problem).__name__}: {problem}"
        if said is None:
            continue
        if said.startswith("unknown"):
            unknown += said.removeprefix("unknown: ") not in allowed
        else:
            wrong.append(f"seed {seed}: {case}\n    {said}")
    return name, count, unknown, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=4000, help="in all, spread over the specs")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--only", default="", help="specs whose name holds this")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", type=int, default=3, help="disagreements shown for a spec")
    args = parser.parse_args()
    load()
    names = sorted(n for n in generators if args.only in n)
    each = max(1, args.cases // max(1, len(names)))
    total: collections.Counter[str] = collections.Counter()
    with ProcessPoolExecutor(args.jobs) as pool:
        for name, count, unknown, wrong in pool.map(
            run, names, [args.seed] * len(names), [each] * len(names)
        ):
            total.update(cases=count, unknown=unknown, wrong=len(wrong))
            if wrong or unknown:
                print(f"{name}: {len(wrong)} disagree, {unknown} unknown, of {count}")
                for line in wrong[: args.show]:
                    print("  " + line)
    print(
        f"{len(names)} specs, {total['cases']} cases from seed {args.seed}: {total['wrong']} disagreements, {total['unknown']} unknown"
    )
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
