"""Whether mended programs work: they are run with torch beside what they were and beside what a person made of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fixes.account import Account


@dataclass(frozen=True)
class Verdict:
    """`what` is "raised before", "ran before", "not run" or "fails"; `twin` what the program that a person mended gives beside
    it: "same values", "same shapes", "other shapes", or "" where that cannot be compared."""

    account: Account
    what: str
    why: str = ""
    twin: str = ""


def run(accounts: Sequence[Account], folder: Path, seconds: float = 1800) -> list[Verdict]:
    """A verdict for each program that is clean when it is mended."""
    ready = [a for a in accounts if a.mended is not None and a.clean]
    jobs: list[dict[str, Any]] = []
    for number, found in enumerate(ready):
        for side, text in (
            ("buggy", found.program.text),
            ("mended", found.mended),
            ("twin", found.program.twin or ""),
        ):
            path = folder / f"{number}_{side}" / found.program.name
            path.parent.mkdir()
            path.write_text(text or "", encoding="utf-8")
            jobs.append({"path": str(path), "probe": found.program.probe if text else None})
    told = _told(jobs, folder, seconds)
    return [_verdict(found, *told[3 * i : 3 * i + 3]) for i, found in enumerate(ready)]


def _told(jobs: list[dict[str, Any]], folder: Path, seconds: float) -> list[dict[str, Any]]:
    (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    child = Path(__file__).with_name("child.py")
    done = subprocess.run(
        [sys.executable, str(child), str(folder / "jobs.json")],
        capture_output=True,
        text=True,
        timeout=seconds,
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == len(jobs), done.stderr[-2000:]
    return rows


def _verdict(found: Account, buggy: dict[str, Any], mended: dict[str, Any], twin: dict[str, Any]) -> Verdict:
    if mended["how"] == "not run":
        return Verdict(found, "not run", mended["why"])
    if mended["how"] == "raised":
        return Verdict(found, "fails", mended["why"])
    like = _like(mended["calls"], twin["calls"]) if found.program.twin and twin["how"] == "ran" else ""
    if buggy["how"] == "raised":
        return Verdict(found, "raised before", buggy["why"], like)
    return Verdict(found, "ran before", "", like)


def _like(ours: list[Any], theirs: list[Any]) -> str:
    """How the calls of networks compare: the losses among them are plain numbers."""
    if not ours and not theirs:
        return ""
    if [c[1] for c in ours] != [c[1] for c in theirs]:
        return "other shapes"
    return "same values" if [c[2] for c in ours] == [c[2] for c in theirs] else "same shapes"
