"""The time a check takes grows as the number of files does."""

from __future__ import annotations

from benchmarks.context import Context
from benchmarks.growth import grown
from benchmarks.measure import Contender
from benchmarks.programs import model_file
from benchmarks.table import Table

SIZES = (10, 20, 40, 80, 160, 320)


def measured(context: Context) -> Table:
    def contender(count: int) -> Contender:
        folder = context.folder(f"growth-files/{count}")
        for number in range(count):
            (folder / f"model{number}.py").write_text(model_file(250, seed=number))
        return context.shapelint(
            "check", "--isolated", "--no-cache", "--exit-zero", "-j", "1", str(folder), name=f"{count} files"
        )

    return grown(context, SIZES, contender, "files of 250 lines")
