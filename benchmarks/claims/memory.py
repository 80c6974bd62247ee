"""The memory of one long run stays flat: many files that have nothing to do with one another, in one process."""

from __future__ import annotations

from benchmarks.context import Context
from benchmarks.measure import compared
from benchmarks.programs import model_file
from benchmarks.table import Table, mebibytes

SIZES = (25, 50, 100, 200)


def measured(context: Context) -> Table:
    contenders = []
    for count in SIZES:
        folder = context.folder(f"memory/{count}")
        for number in range(count):
            project = folder / f"project{number // 10}"
            project.mkdir(exist_ok=True)
            (project / "pyproject.toml").touch()
            (project / f"model{number}.py").write_text(model_file(250, seed=number))
            (project / f"layers{number}.py").write_text(model_file(100, seed=number + 1))
            with (project / f"model{number}.py").open("a") as stream:
                stream.write(f"\nimport layers{number}\n")
        contenders.append(
            context.shapelint(
                "check",
                "--isolated",
                "--no-cache",
                "--exit-zero",
                "-j",
                "1",
                str(folder),
                name=f"{2 * count} files",
            )
        )
    found = compared(contenders, 1, warm_up=False)  # memory does not vary
    table = Table(("", "most memory"))
    table.rows += [(name, mebibytes(cost.memory)) for name, cost in found.items()]
    first, *_, last = found.values()
    table.verdict(f"{2 * SIZES[-1]} files over {2 * SIZES[0]}", last.memory / first.memory, 1.25)
    return table
