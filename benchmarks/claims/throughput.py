"""Whole trees, cold, one process, everything included: against `libcst.parse_module` alone on the same files, and against
TorchFix, Pyrefly, TorchShapeFlow and flake8 with its defaults."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.context import FLOOR, Context, files_of, tree_of
from benchmarks.measure import BenchmarkProblem, Contender, Cost, compared
from benchmarks.peers import peer
from benchmarks.table import Table, mebibytes, seconds


def measured(context: Context) -> Table:
    table = Table(("tree", "", "CPU s", "wall s", "memory", f"x {FLOOR}"))
    for package in context.trees:
        try:
            tree = tree_of(package)
        except BenchmarkProblem as problem:
            table.notes.append(str(problem))
            continue
        found, missing = of_tree(context, tree, package)
        table.notes += [note for note in missing if note not in table.notes]
        files = files_of(tree, context.files)
        whole = sum(1 for _ in tree.rglob("*.py"))
        lines = sum(f.read_bytes().count(b"\n") for f in files)
        what = f"{package}: {len(files)} of {whole} files, {lines:,} lines"
        for name, cost in found.items():
            ratio = cost.cpu / found[FLOOR].cpu
            row = (name, seconds(cost.cpu), seconds(cost.wall), mebibytes(cost.memory), f"{ratio:.3g}")
            table.rows.append((what, *row))
            what = ""
        own = found["shapelint"].cpu
        table.verdict(f"{package}: shapelint over the floor", own / found[FLOOR].cpu, 2)
        if "TorchFix" in found:
            table.verdict(
                f"{package}: TorchFix over shapelint", found["TorchFix"].cpu / own, 10, at_least=True
            )
    return table


def of_tree(context: Context, tree: Path, name: str) -> tuple[dict[str, Cost], list[str]]:
    """What each contender costs on a tree, and what could not take part."""
    files = files_of(tree, context.files)
    names = [str(f) for f in files]
    options = ("check", "--isolated", "--exit-zero", "--no-cache", "-j", "1")
    contenders = [context.floor(files), context.shapelint(*options, *names)]
    missing = []
    for contender in (_torchfix, _pyrefly, _torchshapeflow, _flake8):
        try:
            contenders.append(contender(context, files, name))
        except BenchmarkProblem as problem:
            missing.append(f"left out: {problem}")
    return compared(contenders, context.repeat, warm_up=False), missing


def _torchfix(context: Context, files: list[Path], _: str) -> Contender:
    tools = peer(context.cache, "torchfix")
    context.took_part("torchfix", tools / "python")
    return Contender(
        "TorchFix", (str(tools / "torchfix"), "-j", "1", "--select", "ALL", *map(str, files)), ours=False
    )


def _pyrefly(context: Context, files: list[Path], _: str) -> Contender:
    tools = peer(context.cache, "pyrefly")
    context.took_part("pyrefly", tools / "python")
    command = (str(tools / "pyrefly"), "check", "-j", "1", "--output-format", "min-text", *map(str, files))
    return Contender("Pyrefly", command, good=(0, 1), ours=False)


def _torchshapeflow(context: Context, files: list[Path], name: str) -> Contender:
    """It takes one folder, and follows no imports: the files are copied into one."""
    tools = peer(context.cache, "torchshapeflow")
    context.took_part("torchshapeflow", tools / "python")
    folder = context.folder("torchshapeflow") / name.replace("/", "-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, file in enumerate(files):
        shutil.copyfile(file, folder / f"f{number}_{file.name}")
    return Contender("TorchShapeFlow", (str(tools / "tsf"), "check", str(folder)), good=(0, 1), ours=False)


def _flake8(context: Context, files: list[Path], _: str) -> Contender:
    tools = peer(context.cache, "flake8")
    context.took_part("flake8", tools / "python")
    command = (str(tools / "flake8"), "--isolated", "-j", "1", "--exit-zero", *map(str, files))
    return Contender("flake8, its defaults", command, ours=False)
