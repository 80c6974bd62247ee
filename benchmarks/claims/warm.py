"""The second run: a tree whose results are in the cache, against the first run."""

from __future__ import annotations

import shutil

from benchmarks.context import Context, tree_of
from benchmarks.measure import compared, cost_of, median_of
from benchmarks.table import Table, costs


def measured(context: Context) -> Table:
    tree = str(tree_of("torchvision/models"))
    cache = context.folder("warm-cache")
    colds, warms = [], []
    for _ in range(context.repeat):
        shutil.rmtree(cache, ignore_errors=True)
        command = ("check", "--isolated", "--exit-zero", "-j", "1", "--cache-dir", str(cache), tree)
        colds.append(cost_of(context.shapelint(*command)))
        warms.append(cost_of(context.shapelint(*command)))
    bare = compared((context.python("pass", "bare Python"),), context.repeat)
    found = {"cold": median_of(colds), "warm": median_of(warms), **bare}
    table = costs(found, "warm")
    table.verdict("cold over warm", found["cold"].cpu / found["warm"].cpu, 20, at_least=True)
    return table
