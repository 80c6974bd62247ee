"""Judging every fix: `python -m tests.fixes [BENCH] [--show] [--only WORDS]`.

BENCH is a folder of real bugs (see tests/fixes/sources.py); the twins of the rules, their bad examples and the seeds are always
judged. Each fix is made by itself and the text checked again; then all are made, and the result is run with torch. Exit 1 where
a fix leaves its finding, brings a new one, touches what it does not say, or gives a program that does not run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.fixes.account import Account, account
from tests.fixes.running import Verdict, run
from tests.fixes.sources import bench, own


def table(accounts: Sequence[Account], verdicts: Sequence[Verdict]) -> str:
    rows = [
        "| programs | findings | with a fix | safe | files mended | clean after | raised, now run | ran, still run | not run | wrong |"
    ]
    rows.append("|---" * 10 + "|")
    for group in dict.fromkeys(a.program.group for a in accounts):
        mine = [a for a in accounts if a.program.group == group]
        ran = Counter(v.what for v in verdicts if v.account.program.group == group)
        fixable = [d for a in mine for d in a.fixable]
        wrong = sum(bool(a.wrong) for a in mine) + ran["fails"]
        cells = (
            f"{group} ({len(mine)})",
            sum(len(a.findings) for a in mine),
            len(fixable),
            sum(d.fix is not None and d.fix.safe for d in fixable),
            sum(a.mended is not None for a in mine),
            sum(a.clean for a in mine),
            ran["raised before"],
            ran["ran before"],
            ran["not run"],
            wrong,
        )
        rows.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(rows)


def remarks(accounts: Sequence[Account], verdicts: Sequence[Verdict], show: bool) -> list[str]:
    told = [f"wrong    {a.program.name}: {text}" for a in accounts for text in a.wrong]
    told += [f"fails    {v.account.program.name}: {v.why}" for v in verdicts if v.what == "fails"]
    told += [f"not run  {v.account.program.name}: {v.why}" for v in verdicts if v.what == "not run"]
    told += [f"refused  {a.program.name}: {text}" for a in accounts for text in a.refused]
    told += [
        f"other shapes than the twin's  {v.account.program.name}"
        for v in verdicts
        if v.twin == "other shapes"
    ]
    if show:
        for a in accounts:
            told += [
                f"no fix   {a.program.group} {a.program.name}:{d.line} {d.code} {d.message}"
                for d in a.findings
                if d.fix is None
            ]
            if a.mended is not None and not a.clean:
                told.append(f"left     {a.program.name}: something is found still")
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", nargs="?", type=Path, help="a folder of real bugs")
    parser.add_argument("--show", action="store_true", help="name too what has no fix")
    parser.add_argument("--only", default="", help="programs whose group or name has these letters")
    given = parser.parse_args()
    programs = [*(bench(given.bench) if given.bench else ()), *own()]
    accounts = [account(p) for p in programs if given.only in f"{p.group} {p.name}"]
    with tempfile.TemporaryDirectory(prefix="shapelint-fixes-") as folder:
        verdicts = run(accounts, Path(folder))
    print(*remarks(accounts, verdicts, given.show), sep="\n")
    print(table(accounts, verdicts))
    like = Counter(v.twin for v in verdicts if v.twin)
    print(
        "beside the twin that a person mended: " + ", ".join(f"{n} {what}" for what, n in like.most_common())
    )
    return 1 if any(a.wrong for a in accounts) or any(v.what == "fails" for v in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
