"""Two worker processes against one, cold: by the clock, and, since a busy machine's clock says little, by the CPU seconds along
the longest chain of processes, which is what a machine with free processors takes."""

from __future__ import annotations

import os
from statistics import median

from benchmarks.chain import chain_of
from benchmarks.context import Context, files_of, tree_of
from benchmarks.measure import compared
from benchmarks.table import Table, costs, seconds


def measured(context: Context) -> Table:
    files = [str(f) for f in files_of(tree_of("torchvision/models"), context.files)]
    options = ("check", "--isolated", "--exit-zero", "--no-cache")
    contenders = [context.shapelint(*options, "-j", jobs, *files, name=jobs) for jobs in ("1", "2")]
    found = compared(contenders, context.repeat, warm_up=False)
    chains = [median(chain_of(contender) for _ in range(context.repeat)) for contender in contenders]
    table = costs(found, "1")
    table.header = ("processes", *table.header[1:-1], "longest chain, CPU s")
    table.rows = [(*row[:-1], seconds(chain)) for row, chain in zip(table.rows, chains, strict=True)]
    table.verdict("1 over 2, longest chain", chains[0] / chains[1], 1.7, at_least=True)
    table.verdict("1 over 2, by the clock", found["1"].wall / found["2"].wall, 1.7, at_least=True)
    if (load := os.getloadavg()[0]) > 2.5:
        table.notes.append(f"The machine was busy with other work (load {load:.1f}).")
    return table
