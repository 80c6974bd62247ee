"""Confirming many things at once: `python -m tests.confirm findings PATH…` and `python -m tests.confirm models TRUTH.json… [--count N]`.

`findings` prints every finding of `shapelint check` with its verdict; `models` measures a sample of the models that a file of
`{"models": [{"name", "target", "params", "input": {"args", "kwargs"}}]}` lists, beside their summaries. Exit 1 when a finding is
refuted or a summary differs.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from pathlib import Path
from typing import Any

from shapelint.confirm.compare import Comparison
from shapelint.confirm.process import Limits
from shapelint.engine import TargetProblem, confirm
from shapelint.engine.check import check_paths
from shapelint.engine.config import Settings

SETTINGS = Settings()


def findings(paths: list[str], options: confirm.Options) -> int:
    counts: collections.Counter[str] = collections.Counter()
    by_path: dict[str, list[Any]] = {}
    for d in check_paths(paths, SETTINGS).diagnostics:
        by_path.setdefault(d.path, []).append(d)
    for path, mine in by_path.items():
        for d in confirm.of_file(path, mine, SETTINGS, options):
            counts[d.verdict or ""] += 1
            print(f"{d.verdict:9}  {d.code}  {Path(d.path).name}:{d.line}  {d.verdict_note}", flush=True)
    print(", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))
    return 1 if counts["refuted"] else 0


def models(files: list[str], count: int, largest: int, options: confirm.Options) -> int:
    counts: collections.Counter[str] = collections.Counter()
    rows = [(Path(f).parent, row) for f in files for row in json.loads(Path(f).read_text())["models"]]
    rows = [r for r in rows if r[1]["params"] <= largest]
    for folder, row in rows[:: max(1, len(rows) // count)][:count]:
        started = time.perf_counter()
        what, text = judged(folder, row, options)
        counts[what] += 1
        print(f"{what:8}  {row['name']}  {text}  ({time.perf_counter() - started:.0f} s)", flush=True)
    print(", ".join(f"{n} {what}" for what, n in counts.most_common()))
    return 1 if counts["differs"] else 0


def judged(folder: Path, row: dict[str, Any], options: confirm.Options) -> tuple[str, str]:
    own = row["target"].endswith(".py")
    target = str(folder / row["target"]) if own else row["target"]
    try:
        found = confirm.target(target, [] if own else inputs(row), SETTINGS, options)
    except TargetProblem as problem:
        return "problem", str(problem)
    return verdict(found)


def verdict(found: list[Comparison]) -> tuple[str, str]:
    differences = [d for m in found for d in m.differences]
    if differences:
        return "differs", "; ".join(differences[:3]) + (
            f" … ({len(differences)})" if len(differences) > 3 else ""
        )
    ran = [m for m in found if m.why is None]
    if not ran:
        return "not-run", "; ".join(m.why or "" for m in found)
    return "agrees", "; ".join(", ".join(m.agreed) for m in ran)


def inputs(row: dict[str, Any]) -> list[str]:
    given = row.get("input") or {}

    def text(a: dict[str, Any]) -> str:
        return ",".join(map(str, a["shape"])) + ":" + a["dtype"]

    args = [text(a) for a in given.get("args", ()) if a and "shape" in a]
    return args + [f"{n}={text(a)}" for n, a in given.get("kwargs", {}).items() if a and "shape" in a]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("findings", "models"))
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--count", type=int, default=40, help="how many models, spread evenly")
    parser.add_argument("--largest", type=int, default=60_000_000, help="leave out models of more parameters")
    parser.add_argument("--device", choices=("auto", "cuda", "cpu", "meta"), default="auto")
    parser.add_argument("--seconds", type=float, default=90.0)
    parser.add_argument("--python", help="the interpreter that has torch and the models' packages")
    given = parser.parse_args()
    options = confirm.Options(python=given.python, device=given.device, limits=Limits(given.seconds, 6 << 30))
    if given.what == "findings":
        return findings(given.paths, options)
    return models(given.paths, given.count, given.largest, options)


if __name__ == "__main__":
    sys.exit(main())
