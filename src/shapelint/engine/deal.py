"""Which files are checked together: neighbours, and ever fewer of them at a time, so that all lanes end at once.

Every lane has a stretch of the files, and takes from its front. So one worker meets the files of a package one after the other,
and what it has read for one serves the next. A lane whose stretch is done takes over half of what is left of the longest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice

MOST = 32  # files at a time
_FRACTION = 4  # of what is left of a stretch is dealt at a time


class Deal:
    """Files by what they weigh, dealt to lanes."""

    def __init__(self, files: Sequence[tuple[str, int]], lanes: int) -> None:
        self._stretches: list[deque[tuple[str, int]]] = []
        rest = deque(files)
        total = sum(weight for _, weight in files)
        for left in range(lanes, 0, -1):
            stretch = _taken(rest, total / left if left > 1 else float("inf"), len(rest))
            total -= sum(weight for _, weight in stretch)
            self._stretches.append(deque(stretch))
        self._again: deque[str] = deque()

    def next(self, lane: int) -> tuple[str, ...]:
        """What a lane does next; nothing when all is dealt."""
        stretch = self._stretches[lane]
        if not stretch:
            self._take_over(lane)
            stretch = self._stretches[lane]
        if stretch:
            weight = sum(weight for _, weight in stretch)
            return tuple(path for path, _ in _taken(stretch, weight / _FRACTION, MOST))
        return (self._again.popleft(),) if self._again else ()

    def again(self, paths: Sequence[str]) -> None:
        """Deal these once more, one by one, when all else is done."""
        self._again.extend(paths)

    def _take_over(self, lane: int) -> None:
        longest = max(self._stretches, key=lambda s: sum(weight for _, weight in s))
        half = sum(weight for _, weight in longest) / 2
        kept = deque(_taken(longest, half, len(longest)))
        other = deque(islice(longest, None))
        longest.clear()
        if not other:
            kept, other = other, kept
        longest.extend(kept)
        self._stretches[lane] = other


def _taken(files: deque[tuple[str, int]], weight: float, most: int) -> list[tuple[str, int]]:
    """The first of these, up to a weight; at least one, where there is one."""
    found: list[tuple[str, int]] = []
    held = 0.0
    while files and len(found) < most and (not found or held + files[0][1] <= weight):
        found.append(files.popleft())
        held += found[-1][1]
    return found
