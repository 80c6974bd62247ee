"""Compares what the two front ends make of every Python file of the standard library and of the installed packages.

`python -m tests.lower [PART …] [--every N]`: only files whose path holds one of the parts, only each n-th of them.
"""

from __future__ import annotations

import argparse
import sys
import sysconfig
import time
from collections import Counter
from pathlib import Path

from shapelint.source import SourceProblem, read
from tests.lower.same import NotRead, difference


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lower", description=__doc__)
    parser.add_argument("part", nargs="*")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    roots = {Path(sysconfig.get_paths()[name]) for name in ("stdlib", "purelib", "platlib")}
    paths = sorted({path for root in roots for path in root.rglob("*.py")})
    if options.part:
        paths = [path for path in paths if any(part in str(path) for part in options.part)]
    found: Counter[str] = Counter()
    start = time.monotonic()
    for path in paths[:: options.every]:
        try:
            differs = difference(read(str(path)))
        except SourceProblem:
            found["not source"] += 1
        except NotRead as problem:
            found["not read by both"] += 1
            print(f"{path}: {problem}")
        else:
            found["different" if differs else "equal"] += 1
            if differs:
                print(f"{path}: DIFFERENT {differs}", flush=True)
    print(", ".join(f"{count:,} {name}" for name, count in sorted(found.items())))
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    return 1 if found["different"] or not found["equal"] else 0


if __name__ == "__main__":
    sys.exit(main())
