"""`python -m tests.differential [--cases N] [--seed S] [--only SUBSTRING] [--jobs J]`: compare specs with torch."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor

from tests.differential.cases import generators
from tests.differential.running import Outcome, load, report, run


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
    outcomes: list[Outcome] = []
    with ProcessPoolExecutor(args.jobs) as pool:
        for done in pool.map(run, names, [args.seed] * len(names), [each] * len(names)):
            outcomes.append(done)
            if done.wrong or done.unexplained:
                print(
                    f"{done.name}: {len(done.wrong)} disagree, {sum(done.unexplained.values())} unknown, of {done.cases}"
                )
                for line in [*done.wrong[: args.show], *done.unexplained]:
                    print("  " + line)
    print(report(outcomes, args.seed))
    return 1 if any(o.wrong for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
