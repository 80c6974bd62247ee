"""A table of costs as Markdown, and the machine and versions that it was measured with."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.measure import Cost


@dataclass
class Table:
    """Rows under a header; `verdicts` are the claims, each with what was measured and whether it holds."""

    header: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def verdict(
        self, claim: str, measured: float, limit: float, *, at_least: bool = False, unit: str = "x"
    ) -> None:
        """A claim `at most limit` (or at least), and what was measured."""
        holds = measured >= limit if at_least else measured <= limit
        word = "at least" if at_least else "at most"
        unit = f" {unit}" if unit else ""
        self.verdicts.append(
            f"{claim}: {word} {limit:g}{unit}, measured **{measured:.3g}{unit}**: {'holds' if holds else '**missed**'}"
        )

    def text(self) -> str:
        lines = [
            "| " + " | ".join(row) + " |" for row in (self.header, ("---",) * len(self.header), *self.rows)
        ]
        for said in (self.verdicts, self.notes):
            if said:
                lines += ["", *(f"- {line}" for line in said)]
        return "\n".join(lines)


def costs(found: Mapping[str, Cost], base: str, names: Sequence[str] = ()) -> Table:
    """One row a contender: its medians, and its CPU seconds as a multiple of the base's."""
    table = Table(("", "CPU s", "wall s", "memory", f"x {base}"))
    for name in names or found:
        cost = found[name]
        ratio = cost.cpu / found[base].cpu
        table.rows.append(
            (name, seconds(cost.cpu), seconds(cost.wall), mebibytes(cost.memory), f"{ratio:.3g}")
        )
    return table


def seconds(value: float) -> str:
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def mebibytes(value: int) -> str:
    return f"{value / 2**20:.0f} MiB"


def circumstances(versions: Mapping[str, str], repeat: int) -> str:
    """When, on what, with which versions."""
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    return (
        f"{datetime.datetime.now(datetime.timezone.utc).date()}, {platform.system()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, {listed}; medians of {repeat} interleaved runs."
    )
