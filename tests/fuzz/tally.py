"""What a run has seen: programs by source and state, what did not hold, the slowest, the most memory."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from typing import Any

_SLOWEST = 10


class Tally:
    def __init__(self) -> None:
        self.states: dict[str, Counter[str]] = {}
        self.seconds: Counter[str] = Counter()
        self.problems: Counter[tuple[str, str]] = Counter()
        self.slowest: list[tuple[float, str]] = []
        self.memory = 0
        self.biggest_step = (0, "")
        self.programs = 0

    def take(self, name: str, source: str, found: dict[str, Any]) -> None:
        self.programs += found["state"] != "none"
        self.states.setdefault(source, Counter())[found["state"]] += 1
        self.seconds[source] += found["seconds"]
        for problem in found["problems"]:
            self.problems[problem["kind"], problem["key"]] += 1
        row = (found["seconds"], f"{name} ({found.get('bytes', 0):,} bytes)")
        if len(self.slowest) < _SLOWEST:
            heapq.heappush(self.slowest, row)
        else:
            heapq.heappushpop(self.slowest, row)
        step = found["memory"] - self.memory
        if self.memory and step > self.biggest_step[0]:
            self.biggest_step = (step, name)
        self.memory = max(self.memory, found["memory"])

    def lines(self) -> Iterator[str]:
        yield f"{self.programs:,} programs, {sum(self.seconds.values()) / 60:.1f} CPU minutes"
        for source, states in sorted(self.states.items()):
            count = sum(states.values()) - states["none"]
            each = 1000 * self.seconds[source] / max(count, 1)
            yield (
                f"  {source:<9} {count:>7,}: read {states['read']:,}, refused with a reason {states['refused']:,}, "
                f"without torch {states['closed']:,}; {each:.1f} ms each"
            )
        kinds = Counter(kind for kind, _ in self.problems.elements())
        for kind in (
            "internal",
            "exception",
            "timeout",
            "died",
            "memory",
            "place",
            "unsteady",
            "fix",
            "message",
        ):
            yield f"  {kind:<9} {kinds[kind]:>7,}"
        for (kind, key), count in self.problems.most_common(40):
            yield f"    {count:>5} x {kind}: {key}"
        yield f"  most memory: {self.memory:,} MiB; the largest step {self.biggest_step[0]:,} MiB, at {self.biggest_step[1]}"
        yield "  slowest, CPU seconds:"
        for seconds, name in sorted(self.slowest, reverse=True):
            yield f"    {seconds:6.2f}  {name}"
