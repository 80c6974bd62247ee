"""The time a check takes grows as the length of the file does."""

from __future__ import annotations

from benchmarks.context import Context
from benchmarks.growth import grown
from benchmarks.measure import Contender
from benchmarks.programs import model_file
from benchmarks.table import Table

SIZES = (250, 500, 1000, 2000, 4000, 8000, 16000)


def measured(context: Context) -> Table:
    def contender(lines: int) -> Contender:
        path = context.folder("growth-lines") / f"model{lines}.py"
        path.write_text(model_file(lines))
        return context.shapelint(
            "check", "--isolated", "--no-cache", "--exit-zero", str(path), name=f"{lines} lines"
        )

    return grown(context, SIZES, contender, "lines")
