"""The sizes of an entry point's input: every attempt at an entry takes the same symbols, in the order in which it asks for axes.

An attempt is undone as a whole before the next begins, so no two axes that are there at the same time have one symbol; and what
follows from the sizes (the windows of a convolution, the products of a view) is worked out once for all attempts.
"""

from __future__ import annotations

from shapelint import dims
from shapelint.dims import Dim


class EntryAxes:
    """Symbols by name and number. The numbers that an attempt has taken are not given back when a side of a branch is undone."""

    __slots__ = ("_made", "_taken")

    def __init__(self) -> None:
        self._made: dict[tuple[str, int], Dim] = {}
        self._taken: dict[str, int] = {}

    def begin(self) -> None:
        """Another attempt begins, and nothing is left of the one before."""
        self._taken.clear()

    def forget(self) -> None:
        """What the attempt in progress has taken outlasts it."""
        self._made.clear()

    def symbol(self, name: str) -> Dim:
        """A symbol that no other axis of this attempt has."""
        key = name, self._taken.get(name, 0)
        self._taken[name] = key[1] + 1
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = dims.symbol(name)
        return found
