"""Fixes judged as `python -m tests.fixes` judges them: nothing may be wrong with one, and what is mended runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from shapelint.report import Edit
from tests.fixes.account import Account, account, spliced
from tests.fixes.running import run
from tests.fixes.sources import Program, bench, examples, own, seeds

BENCH = Path(os.environ["SHAPELINT_BENCH"]) if "SHAPELINT_BENCH" in os.environ else None

FLOOR = 35
"""So many files of the bench were mended when this was written."""


def judged(programs: Sequence[Program], folder: Path) -> list[Account]:
    """Nothing is wrong with any fix of theirs."""
    accounts = [account(p) for p in programs]
    assert [(a.program.name, a.wrong) for a in accounts if a.wrong] == []
    verdicts = run(accounts, folder)
    assert [(v.account.program.name, v.why) for v in verdicts if v.what == "fails"] == []
    assert [v.what for v in verdicts].count("not run") < len(verdicts) / 4
    return accounts


@pytest.mark.parametrize("program", [*examples(), *seeds()], ids=lambda p: p.name)
def test_a_fix_mends_its_finding_and_nothing_else(program: Program) -> None:
    found = account(program)
    assert found.wrong == []
    assert found.clean or found.mended is None


@pytest.mark.slow
def test_mended_programs_of_our_own_run(tmp_path: Path) -> None:
    judged(list(own()), tmp_path)


@pytest.mark.skipif(BENCH is None, reason="the bench is not here")
@pytest.mark.slow
def test_mended_files_of_the_bench_are_clean_and_run(tmp_path: Path) -> None:
    assert BENCH is not None
    accounts = judged(list(bench(BENCH)), tmp_path)
    assert sum(a.clean for a in accounts) >= FLOOR


BROKEN = """import torch
from torch import nn

nn.Linear(4, 2)(torch.zeros(1, 8))
"""


def test_a_wrong_fix_is_seen(tmp_path: Path) -> None:
    """What judges the fixes tells one that mends nothing, one that brings an error, and a program that does not run."""
    import dataclasses

    from shapelint.report import Fix
    from tests.fixes.account import loud, single

    program = Program("", "broken.py", BROKEN)
    (finding,) = loud(BROKEN)

    def wrong(*edit: object) -> list[str]:
        fix = Fix(True, (Edit("program.py", *edit),))  # type: ignore[arg-type]
        given = dataclasses.replace(finding, fix=fix)
        return single(program, given, [given])

    assert "leaves it there" in wrong(1, 1, 1, 1, "\n")[0]
    assert "no Python" in wrong(4, 1, 4, 3, "(")[0]
    assert "brings SHP" in wrong(4, 17, 4, 34, "torch.zeros(1, 1, 9)")[0]
    mended = Account(program, [finding], mended=BROKEN, clean=True)
    (verdict,) = run([mended], tmp_path)
    assert (verdict.what, verdict.why[:13]) == ("fails", "RuntimeError:")


def test_bytes_outside_of_an_edit_stay() -> None:
    data = "é = 1\r\nb = 'ü'; c = 2\n".encode()
    assert spliced(data, [Edit("p", 2, 14, 2, 15, "3")]) == "é = 1\r\nb = 'ü'; c = 3\n".encode()
