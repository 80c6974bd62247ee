"""Many files by many workers: the same findings as by one, whatever happens to the workers."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shapelint.engine.check import check_paths
from shapelint.engine.config import Settings
from shapelint.engine.deal import MOST, Deal
from shapelint.engine.pool import Pool, WorkerDied
from shapelint.engine.work import Answer, Chunk, Refused, check_chunk, chunk_of
from shapelint.report import CheckReport

SRC = str(Path(__file__).parents[2] / "src")

NET = """import torch
from torch import nn
from net.sizes import WIDTH

class Net{i}(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear({i}, WIDTH)
        self.b = nn.Linear({i} % 9, 2)

    def forward(self, x):
        return self.b(self.a(x))

Net{i}()(torch.zeros(3, {i}))
"""
FILES = 24


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of small networks, most of them wrong, one file that is no Python and one that is not about torch."""
    root = tmp_path_factory.mktemp("tree")
    (root / "pyproject.toml").touch()
    for number in range(1, FILES + 1):
        folder = root / "net" / ("even", "odd")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / f"net{number:02}.py").write_text(NET.format(i=number))
    (root / "net" / "__init__.py").touch()
    (root / "net" / "sizes.py").write_text("WIDTH = 7\n")
    (root / "net" / "broken.py").write_text("import torch\nclass (:\n")
    return root


def command(tree: Path, *arguments: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "shapelint", "check", "--output-format", "json", *arguments, "."],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": SRC, **more},
        capture_output=True,
        timeout=300,
    )


def test_two_processes_find_what_one_finds(tree: Path, tmp_path: Path) -> None:
    alone = command(tree, "-j", "1", "--no-cache")
    assert alone.stdout.count(b'"code":') > FILES / 2 and alone.returncode == 2
    both = command(tree, "-j", "2", "--no-cache")
    assert (both.stdout, both.stderr, both.returncode) == (alone.stdout, alone.stderr, 2)
    cold = command(tree, "-j", "2", "--cache-dir", str(tmp_path))
    warm = command(tree, "-j", "2", "--cache-dir", str(tmp_path))
    assert alone.stdout == cold.stdout == warm.stdout


def test_what_workers_have_kept_is_found_by_the_run(tree: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """A warm run starts no worker: it knows every file."""
    monkeypatch.chdir(tree)
    settings = Settings(cache_dir=str(tmp_path), project_root=str(tree))
    with Pool(1) as pool:
        cold = check_paths(["."], settings, executor=pool, jobs=1)
    warm = check_paths(["."], settings, executor=Asked(), jobs=1)
    assert warm.diagnostics == cold.diagnostics != () and warm.notes == ()


class Here(Executor):
    """Does everything at once, here; `wrong` may raise in its stead."""

    def __init__(self, wrong: Callable[[Chunk], None] = lambda chunk: None) -> None:
        self.wrong = wrong
        self.chunks: list[tuple[str, ...]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.chunks.append(args[0].paths)
        try:
            self.wrong(args[0])
            future.set_result(fn(*args, **kwargs))
        except Exception as problem:
            future.set_exception(problem)
        return future


class Asked(Here):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if b"broken" in "".join(args[0].paths).encode():  # what cannot be parsed is not kept
            return super().submit(fn, *args, **kwargs)
        raise AssertionError(args[0].paths)


def checked(tree: Path, executor: Executor | None, jobs: int = 2) -> CheckReport:
    return check_paths(
        [str(tree)], Settings(cache=False, project_root=str(tree)), executor=executor, jobs=jobs
    )


@pytest.fixture(scope="module")
def alone(tree: Path) -> CheckReport:
    return checked(tree, None, jobs=1)


def test_any_executor_will_do(tree: Path, alone: CheckReport) -> None:
    assert checked(tree, Here()) == alone
    with ThreadPoolExecutor(3) as threads:  # threads take turns
        assert checked(tree, threads, jobs=3) == alone


def test_a_worker_that_dies_costs_what_it_died_of(tree: Path, alone: CheckReport) -> None:
    def wrong(chunk: Chunk) -> None:
        if any(path.endswith("net07.py") for path in chunk.paths):
            raise WorkerDied("killed by SIGKILL")

    executor = Here(wrong)
    report = checked(tree, executor)
    lost = [f for f in report.failures if "not analysed" in f.message]
    assert [os.path.basename(f.path) for f in lost] == ["net07.py"] and "SIGKILL" in lost[0].message
    assert report.diagnostics == tuple(d for d in alone.diagnostics if not d.path.endswith("net07.py"))
    assert [chunk for chunk in executor.chunks if len(chunk) == 1 and chunk[0].endswith("net07.py")]


def test_what_the_executor_cannot_do_is_done_here(tree: Path, alone: CheckReport) -> None:
    def wrong(chunk: Chunk) -> None:
        if any(path.endswith("net07.py") for path in chunk.paths):
            raise ModuleNotFoundError("No module named 'shapelint'")

    report = checked(tree, Here(wrong))
    assert replace(report, notes=()) == alone
    assert "No module named 'shapelint'" in report.notes[0]


def test_what_workers_could_not_keep_is_told_once(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **keywords: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    settings = Settings(cache_dir=str(tmp_path / "cache"), project_root=str(tree))
    executor = Here()
    report = check_paths([str(tree)], settings, executor=executor, jobs=2)
    assert len(executor.chunks) > 2
    assert ["No space left" in note for note in report.notes] == [True]


def test_a_worker_of_another_edition_refuses(tree: Path) -> None:
    chunk = chunk_of((str(tree / "net" / "sizes.py"),), Settings(cache=False))
    assert check_chunk(chunk) == Answer((([], [], []),))
    assert isinstance(check_chunk(replace(chunk, edition="shapelint 0.0")), Refused)
    assert isinstance(check_chunk(replace(chunk, folder=str(tree / "nowhere"))), Refused)


@pytest.mark.parametrize("seed", range(60))
def test_every_file_is_dealt_once(seed: int) -> None:
    order = random.Random(seed)
    lanes = order.randint(1, 8)
    files = [(f"f{n}", order.choice((1, 40, order.randint(1, 10_000)))) for n in range(order.randint(0, 200))]
    deal = Deal(files, lanes)
    dealt: list[str] = []
    while paths := deal.next(order.randrange(lanes)):
        assert len(paths) <= MOST
        first = int(paths[0][1:])
        assert [path for path, _ in files[first : first + len(paths)]] == list(paths)  # neighbours
        dealt += paths
    assert sorted(dealt) == sorted(path for path, _ in files)


def _squared(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 4:
        raise KeyError(number)
    return number * number


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_pool_replaces_a_worker_that_died() -> None:
    with Pool(2) as pool:
        futures = [pool.submit(_squared, number) for number in range(6)]
        errors = [future.exception() for future in futures]
        assert [type(e) for e in errors if e is not None] == [WorkerDied, KeyError]
        assert str(errors[3]) == "killed by SIGKILL"
        assert [f.result() for f, e in zip(futures, errors, strict=True) if e is None] == [0, 1, 4, 25]


# ---- ended from outside


def _group(leader: int) -> list[int]:
    """The processes of a group that are alive."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                fields = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == leader and fields[0] != "Z":
                found.append(int(name))
    return found


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A tree that two processes are at for minutes."""
    (tmp_path / "pyproject.toml").touch()
    layers = "".join(f"        x = self.a(x) + {number}\n" for number in range(2000))
    text = NET.replace("from net.sizes import WIDTH\n", "WIDTH = 7\n").replace(
        "        return", layers + "        return"
    )
    for number in range(200):
        (tmp_path / f"net{number}.py").write_text(text.format(i=7))
    return tmp_path


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for processes in /proc")
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_no_worker_is_left_behind(slow: Path, how: str) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "shapelint", "check", "--no-cache", "-j", "2", "."],
        cwd=slow,
        env={**os.environ, "PYTHONPATH": SRC},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 120
    while len(_group(running.pid)) < 5:  # itself, the server, multiprocessing's tracker, two workers
        assert running.poll() is None and time.monotonic() < until
        time.sleep(0.05)
    if how == "SIGINT":  # as the terminal does: to everybody
        os.killpg(running.pid, signal.SIGINT)
    else:
        os.kill(running.pid, getattr(signal, how))
    out, err = running.communicate(timeout=60)
    if how == "SIGINT":
        assert (running.returncode, out, err) == (130, "", "shapelint: interrupted\n")
    while left := _group(running.pid):
        assert time.monotonic() < until, left
        time.sleep(0.05)


# ---- dask


def test_a_dask_cluster_of_two_workers(tree: Path) -> None:
    pytest.importorskip("distributed")
    alone = command(tree, "-j", "1", "--no-cache")
    cluster = command(tree, "--executor", "dask", "-j", "2", "--no-cache")
    assert (cluster.stdout, cluster.stderr, cluster.returncode) == (alone.stdout, alone.stderr, 2)


def test_executors_that_are_not_there(tree: Path) -> None:
    done = command(tree, "--executor", "ray")
    assert done.returncode == 2 and b"there is no executor `ray`" in done.stderr
    (tree / "gone").mkdir(exist_ok=True)
    (tree / "gone" / "distributed.py").write_text("raise ImportError('No module named distributed')\n")
    path = os.pathsep.join([str(tree / "gone"), SRC])
    done = command(tree, "--executor", "dask", PYTHONPATH=path)
    assert done.returncode == 2 and b'pip install "shapelint[dask]"' in done.stderr


def test_a_scheduler_that_cannot_be_reached(tree: Path) -> None:
    pytest.importorskip("distributed")
    done = command(tree, "--executor", "dask:tcp://127.0.0.1:9")
    assert done.returncode == 2 and done.stdout == b""
    assert b"cannot use the dask scheduler at tcp://127.0.0.1:9" in done.stderr
