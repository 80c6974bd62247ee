"""flake8 on a file without torch: with the plugin installed, against an equal environment without it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.context import Context
from benchmarks.measure import Contender, compared
from benchmarks.peers import peer
from benchmarks.programs import plain_file
from benchmarks.table import Table, costs


def measured(context: Context) -> Table:
    alone = peer(context.cache, "flake8")
    source = str(Path(__file__).parents[2])
    both = peer(context.cache, "flake8", source)
    context.took_part("flake8", alone / "python")
    context.took_part("shapelint", both / "python")
    table = Table(("file", "", "CPU s", "wall s", "memory", "x flake8"))
    for lines in (10, 1000):
        path = context.folder("flake8-plugin") / f"plain{lines}.py"
        path.write_text(plain_file(lines))
        found = compared(
            [
                Contender(
                    name,
                    (str(tools / "flake8"), "--isolated", "-j", "1", "--exit-zero", str(path)),
                    ours=False,
                )
                for name, tools in (("flake8", alone), ("flake8 with shapelint", both))
            ],
            context.at_least(21),
        )
        for row in costs(found, "flake8").rows:
            table.rows.append((f"{lines:,} lines", *row))
        over = found["flake8 with shapelint"].cpu / found["flake8"].cpu
        table.verdict(f"{lines:,} lines: with the plugin over without it", over, 1.05)
    return table
