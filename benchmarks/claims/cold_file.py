"""One model file of 1,000 lines, checked from a cold start, whole process: against a process that only imports libcst and parses
that file, and against `import torch`."""

from __future__ import annotations

from benchmarks.context import FLOOR, Context
from benchmarks.measure import compared
from benchmarks.programs import model_file
from benchmarks.table import Table, costs


def measured(context: Context) -> Table:
    path = context.folder("cold-file") / "model.py"
    path.write_text(model_file(1000))
    context.took_part("torch")
    found = compared(
        (
            context.python("pass", "bare Python"),
            context.floor([path]),
            context.shapelint("check", "--no-cache", "--isolated", "--exit-zero", str(path)),
            context.python("import torch", "import torch"),
        ),
        context.repeat,
    )
    table = costs(found, FLOOR)
    table.verdict("shapelint over the floor", found["shapelint"].cpu / found[FLOOR].cpu, 1.5)
    table.verdict("shapelint over `import torch`", found["shapelint"].cpu / found["import torch"].cpu, 0.25)
    return table
