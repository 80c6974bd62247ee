"""One recipe for constructions that differ in numbers that are only stored (only_stored.py): two that were recorded are gone through
side by side, and where one holds its number and the other its own, the number stands that is given.

A number that is neither in both the same nor the argument of both is nothing that was only stored: then there is none.
"""

from __future__ import annotations

from typing import Any

from shapelint.interp.again.only_stored import NUMBERS
from shapelint.interp.again.recipes import STANDING, Contents, Given, NoRecipe, Part, Recipe, Step, is_bare
from shapelint.values import Device, Site

Numbers = tuple[int | float, ...]


def is_same(first: Any, second: Any) -> bool:
    """Whether two numbers are one, to the sign of a zero."""
    return first.__class__ is second.__class__ and repr(first) == repr(second)


class Both:
    """Two recordings of a construction that was given these numbers; `at`: where these stand among what is given."""

    def __init__(self, first: Numbers, second: Numbers, at: int) -> None:
        self.pairs = list(zip(first, second, strict=True))
        self.at = at

    def recipe(self, first: Recipe, second: Recipe) -> Recipe:
        """Raises NoRecipe."""
        if len(first.parts) != len(second.parts):
            raise NoRecipe
        made = Recipe()
        made.parts = [self._part(one, other) for one, other in zip(first.parts, second.parts, strict=True)]
        return made

    def _part(self, one: Part, other: Part) -> Part:
        for name in ("kind", "cls", "slots", "standing", "slots_before", "rest"):
            self.same(getattr(one, name), getattr(other, name))
        return one._replace(
            containers=self._containers(one.containers, other.containers),
            told=self._containers(one.told, other.told),
        )

    def _containers(self, first: tuple[Contents, ...], second: tuple[Contents, ...]) -> tuple[Contents, ...]:
        if len(first) != len(second):
            raise NoRecipe
        return tuple([self._contents(one, other) for one, other in zip(first, second, strict=True)])

    def _contents(self, one: Contents, other: Contents) -> Contents:
        if not isinstance(one.held, dict):
            self.same(one, other)
            return one
        if one.name != other.name or list(one.held) != list(other.held):
            raise NoRecipe
        held = {key: self._held(value, other.held[key]) for key, value in one.held.items()}
        standing = tuple([key for key, value in held.items() if value.__class__ in STANDING])
        return Contents(one.name, held, standing)

    def _held(self, one: Any, other: Any) -> Any:
        if one.__class__ in NUMBERS and not is_same(one, other):
            for at, (first, second) in enumerate(self.pairs):
                if is_same(one, first) and is_same(other, second):
                    return Given(self.at + at)
            raise NoRecipe
        self.same(one, other)
        return one

    def same(self, one: Any, other: Any) -> None:
        """Raises NoRecipe where two values are not one."""
        kind = one.__class__
        if one is other:
            return
        if kind is not other.__class__:
            raise NoRecipe
        if kind is Step:
            self.same(one.made[:2] + one.made[5:], other.made[:2] + other.made[5:])
            self.same(one[1:], other[1:])
        elif kind in NUMBERS:
            if not is_same(one, other):
                raise NoRecipe
        elif isinstance(one, (tuple, list)):
            if len(one) != len(other):
                raise NoRecipe
            for part, like in zip(one, other, strict=True):
                self.same(part, like)
        elif kind is dict:
            if list(one) != list(other):
                raise NoRecipe
            for key, part in one.items():
                self.same(part, other[key])
        elif kind is Device or is_bare(one):
            if not is_bare(other) and one != other:
                raise NoRecipe
        elif kind in (str, Site, set, frozenset, bytes, complex):
            if one != other:
                raise NoRecipe
        else:
            raise NoRecipe
