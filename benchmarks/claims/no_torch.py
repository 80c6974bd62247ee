"""A file that does not mention torch: CPU over a bare Python."""

from __future__ import annotations

from benchmarks.context import Context
from benchmarks.measure import compared
from benchmarks.programs import plain_file
from benchmarks.table import Table, costs


def measured(context: Context) -> Table:
    path = context.folder("no-torch") / "plain.py"
    path.write_text(plain_file(1000))
    found = compared(
        (
            context.python("pass", "bare Python"),
            context.shapelint("check", "--isolated", str(path)),
        ),
        context.at_least(15),
    )
    table = costs(found, "bare Python")
    over = (found["shapelint"].cpu - found["bare Python"].cpu) * 1000
    table.verdict("CPU over bare Python", over, 60, unit="ms")
    return table
