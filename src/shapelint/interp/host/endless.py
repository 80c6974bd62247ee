"""Iterators without an end whose every item is known: itertools.count, repeat, cycle.

To whatever only knows streams they are a stream of unknown length; zip, islice, next and their like take items off them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.interp.world import World
from shapelint.values import Stream, Unknown


class Endless(Stream):
    """`item(i)` is the i-th item; `at` is how many were taken (journalled as a slot)."""

    __slots__ = ("at", "item")

    def __init__(self, item: Callable[[int], Any], element: Any = None) -> None:
        super().__init__(
            Unknown("an item of an endless iterator", plain=True) if element is None else element,
            "it has no end",
        )
        self.item = item
        self.at = 0

    def take(self, world: World, count: int) -> list[Any]:
        if self.at < 0:  # how many were taken is not known
            return [Unknown("an item of an endless iterator", plain=True) for _ in range(count)]
        world.spend(16 * count)
        taken = [self.item(self.at + i) for i in range(count)]
        world.journal.touch_slot(self, "at")
        self.at += count
        return taken
