"""Other tools, each installed from the package index into an environment of its own, under the cache folder.

Not into the environment that shapelint is developed in: TorchFix pins a version of libcst.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import BenchmarkProblem, environment


def peer(cache: Path, *requirements: str) -> Path:
    """The `bin` folder of an environment with these packages. Raises BenchmarkProblem where they cannot be installed."""
    name = "-".join("shapelint" if "/" in r else r for r in requirements)
    folder = cache / "peers" / name
    done = folder / "installed"
    if not done.exists() or any("/" in r for r in requirements):  # our own source is installed anew
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        _run(str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *requirements)
        done.touch()
    return folder / "bin"


def library(cache: Path, requirement: str) -> Path:
    """A folder with one package alone, for PYTHONPATH."""
    folder = cache / "peers" / f"only-{requirement}"
    if not folder.exists():
        _run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder), requirement)
    return folder


def version(python: Path | str, distribution: str, path: Path | None = None) -> str:
    """The version of an installed distribution, as that interpreter sees it; "?" where there is none."""
    code = (
        "import importlib.metadata as m, sys\n"
        "try: print(m.version(sys.argv[1]))\n"
        "except m.PackageNotFoundError: print('?')"
    )
    env = {**environment(str(python) == sys.executable), **({"PYTHONPATH": str(path)} if path else {})}
    done = subprocess.run(
        [str(python), "-c", code, distribution], capture_output=True, text=True, env=env, timeout=60
    )
    return done.stdout.strip() or "?"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=environment(False), timeout=1200)
    if done.returncode:
        raise BenchmarkProblem(f"{' '.join(command[-2:])}: {done.stderr.strip()[-500:]}")
