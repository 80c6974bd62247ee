"""Fixes on real bugs: what has a fix becomes clean, and runs with torch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shapelint.engine.analyse import analyse
from shapelint.engine.config import Settings
from shapelint.engine.fix import fix_file
from shapelint.report import Diagnostic
from shapelint.source.text import SourceFile, read

ROOT = Path(__file__).parents[2]
BENCH = (
    Path(os.environ["SHAPELINT_BENCH"]) if "SHAPELINT_BENCH" in os.environ else None
)  # folders of real bugs
SEEDS = sorted((ROOT / "fixtures" / "seeds").glob("*.py"))
BUGGY = sorted(BENCH.glob("*/buggy/*.py")) if BENCH is not None else []

FLOOR = 30
"""So many files of the bench were mended when this was written."""

SUMMARY = """
import torch

def summary(model, input_size, *rest, **more):
    sizes = input_size if isinstance(input_size[0], (tuple, list)) else [input_size]
    batched = __name__ == "torchinfo"
    model(*(torch.rand(*size) if batched else torch.rand(2, *size) for size in sizes))
"""
"""Stands for torchsummary and torchinfo, which the tests do not install: what matters of them is that they call the model."""


def problems(file: SourceFile) -> list[Diagnostic]:
    return [d for d in analyse(file).diagnostics if d.severity != "info"]


def mended(path: Path) -> str | None:
    """The text after every fix; None where there is none. What was fixed is clean."""
    done = fix_file(read(str(path)), Settings(), unsafe=True)
    if not done.changed:
        return None
    left = problems(SourceFile(str(path), done.text))
    assert not [d for d in left if (d.code, d.message) in {(a.code, a.message) for a in done.applied}]
    assert len(left) < len(problems(done.file))
    return done.text


@pytest.mark.skipif(not BUGGY, reason="the bench is not here")
@pytest.mark.slow
def test_mended_files_of_the_bench_are_clean_and_run(tmp_path: Path) -> None:
    clean, failed = [], []
    for path in BUGGY:
        text = mended(path)
        if text is None:
            continue
        if not problems(SourceFile(str(path), text)):
            clean.append(path.name)
            (tmp_path / path.name).write_text(text, encoding="utf-8")
    assert len(clean) >= FLOOR
    for name in ("torchsummary", "torchinfo"):
        (tmp_path / f"{name}.py").write_text(SUMMARY)
    runner = (
        "import json, runpy, sys, io, contextlib, warnings\n"
        "warnings.simplefilter('ignore')\n"
        "import torch\n"
        "for path in sys.argv[1:]:\n"
        "    sys.argv = [path]\n"
        "    try:\n"
        "        with contextlib.redirect_stdout(io.StringIO()):\n"
        "            torch.manual_seed(0)\n"
        "            runpy.run_path(path, run_name='__main__')\n"
        "        print(json.dumps([path, None]))\n"
        "    except (ImportError, FileNotFoundError):\n"
        "        pass  # what it needs is not here\n"
        "    except BaseException as problem:\n"
        "        if not any(w in str(problem) for w in ('download', 'not found', 'torchvision::')):\n"
        "            print(json.dumps([path, repr(problem)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", runner, *(str(tmp_path / name) for name in clean)],
        capture_output=True,
        text=True,
        timeout=500,
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    failed = [(Path(p).name, why) for p, why in rows if why is not None]
    assert not failed
    assert len(rows) >= FLOOR - 3


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.stem)
def test_what_is_fixed_in_the_seeds_is_clean(path: Path) -> None:
    if not [d for d in problems(read(str(path))) if d.fix is not None]:
        return
    text = mended(path)
    assert text is not None and not problems(SourceFile(str(path), text))
