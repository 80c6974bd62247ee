"""How a cost grows: measured at sizes that double, with the exponent that fits them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log

from benchmarks.context import Context
from benchmarks.measure import Contender, compared, cost_of
from benchmarks.table import Table, mebibytes, seconds

LINEAR = 1.1
"""An exponent up to which growth is held for linear."""


def grown(context: Context, sizes: Sequence[int], contender: Callable[[int], Contender], unit: str) -> Table:
    """Time at each size, over that of no size at all, which is what every run pays for its start."""
    empty = context.folder("growth-empty") / "empty.py"
    empty.write_text("import torch\n")
    start = context.shapelint("check", "--isolated", "--no-cache", str(empty), name="start")
    cost_of(start)  # compiled modules are written
    found = compared([start, *map(contender, sizes)], context.repeat, warm_up=False)
    costs = list(found.values())
    over = [cost.cpu - costs[0].cpu for cost in costs[1:]]
    table = Table((unit, "CPU s", "over the start", "ms each", "memory"))
    table.rows.append(("start alone", seconds(costs[0].cpu), "", "", mebibytes(costs[0].memory)))
    for size, cost, more in zip(sizes, costs[1:], over, strict=True):
        row = (
            f"{size:,}",
            seconds(cost.cpu),
            seconds(more),
            f"{more / size * 1000:.3g}",
            mebibytes(cost.memory),
        )
        table.rows.append(row)
    table.verdict("fitted exponent", exponent(sizes, over), LINEAR, unit="")
    return table


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """The slope of the straight line through the logarithms (least squares)."""
    points = [(log(size), log(max(value, 1e-9))) for size, value in zip(sizes, values, strict=True)]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
