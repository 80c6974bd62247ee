"""`python -m benchmarks CLAIM...`: measures claims, and prints each as a Markdown table."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from benchmarks import claims
from benchmarks.context import TREES, Context
from benchmarks.measure import BenchmarkProblem
from benchmarks.table import circumstances


def main(arguments: list[str] | None = None) -> int:
    known = sorted(found.name.replace("_", "-") for found in pkgutil.iter_modules(claims.__path__))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "claims", nargs="+", metavar="CLAIM", choices=[*known, "all"], help=", ".join([*known, "all"])
    )
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "shapelint-benchmarks", metavar="FOLDER",
                        help="where peers are installed and programs are written (default: %(default)s)")  # fmt: skip
    parser.add_argument(
        "--repeat", type=int, default=5, metavar="N", help="runs of each contender (default: 5)"
    )
    parser.add_argument("--files", type=int, default=150, metavar="N",
                        help="of a tree at most so many files, evenly spaced (default: 150)")  # fmt: skip
    parser.add_argument("--trees", type=lambda text: tuple(text.split(",")), default=TREES, metavar="PACKAGE/FOLDER,...",
                        help="of installed packages (default: %(default)s)")  # fmt: skip
    options = parser.parse_args(arguments)
    status = 0
    for name in known if "all" in options.claims else options.claims:
        claim = importlib.import_module(f"benchmarks.claims.{name.replace('-', '_')}")
        context = Context(options.cache.resolve(), options.repeat, options.files, options.trees)
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            table = claim.measured(context)
        except BenchmarkProblem as problem:
            print(f"{name}: {problem}", file=sys.stderr)
            status = 1
            continue
        what = " ".join((claim.__doc__ or "").split())
        print(
            f"## {name}\n\n{what}\n\n{table.text()}\n\n{circumstances(context.versions, context.repeat)}\n",
            flush=True,
        )
    return status


if __name__ == "__main__":
    sys.exit(main())
