"""heapq and bisect: what puts things in order. The order of what cannot be compared is not known."""

from __future__ import annotations

import bisect
import heapq
from collections.abc import Callable
from typing import Any

from shapelint.interp import calls, compare, iterate
from shapelint.interp.host import methods_list
from shapelint.interp.host.host_calls import attempt, integer, takes
from shapelint.interp.library import function
from shapelint.interp.truth import truth
from shapelint.interp.world import World
from shapelint.values import List, Undetermined, Unknown


class _Entry:
    """A program value that host code can compare."""

    __slots__ = ("key", "value", "world")

    def __init__(self, world: World, value: Any, key: Any = None) -> None:
        self.world = world
        self.value = value
        self.key = value if key is None else calls.call(world, key, (value,), {})

    def __lt__(self, other: _Entry) -> bool:
        known = truth(self.world, compare.compare(self.world, "<", self.key, other.key))
        if isinstance(known, Unknown):
            raise Undetermined(known.why, known)
        return known


def _changing(run: Callable[..., Any]) -> Callable[..., Any]:
    """A function that reorders a list in place."""

    def law(world: World, heap: Any, **item: Any) -> Any:
        if not isinstance(heap, List) or heap.open is not None:
            raise Undetermined("a heap that is not known")
        entries = [_Entry(world, v) for v in heap.items]
        try:
            found = run(entries, *(_Entry(world, v) for v in item.values()))
        except Undetermined as problem:
            methods_list.widen(world, heap, problem.why)
            raise
        except IndexError:
            raise Undetermined("an empty heap") from None
        calls.touch(world, heap)
        heap.items[:] = [e.value for e in entries]
        return found.value if isinstance(found, _Entry) else None

    return law


for _name in ("heappush", "heapreplace", "heappushpop"):
    function(f"heapq.{_name}")(takes("heap, item")(_changing(getattr(heapq, _name))))
for _name in ("heappop", "heapify"):
    function(f"heapq.{_name}")(takes("heap")(_changing(getattr(heapq, _name))))
for _name in ("insort", "insort_left", "insort_right"):
    function(f"bisect.{_name}")(takes("heap, item")(_changing(getattr(bisect, _name))))


def _chosen(name: str) -> None:
    @function(f"heapq.{name}")
    @takes("n, iterable, key=None")
    def law(world: World, n: Any, iterable: Any, key: Any) -> Any:
        entries = [_Entry(world, v, key) for v in iterate.known_items(world, iterable)]
        return List([e.value for e in getattr(heapq, name)(integer(world, n), entries)])


for _name in ("nlargest", "nsmallest"):
    _chosen(_name)


def _place(name: str) -> None:
    @function(f"bisect.{name}")
    @takes("a, x, lo=0, hi=None, *, key=None", plain=True)
    def law(world: World, a: Any, x: Any, lo: Any, hi: Any, key: Any) -> Any:
        entries = [_Entry(world, v, key) for v in iterate.known_items(world, a)]
        end = len(entries) if hi is None else min(integer(world, hi), len(entries))
        return attempt(getattr(bisect, name), entries, _Entry(world, x), integer(world, lo), end)


for _name in ("bisect", "bisect_left", "bisect_right"):
    _place(_name)
